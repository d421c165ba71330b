#pragma once

#include <string>

namespace dbbackup::pg {

/// The query for every object that users made, one row each: class, OID, kind, schema, name, SQL,
/// extension, table, relkind, readable; as in TargetObject. Without large objects and extensions.
/// For a bare search_path; works with PostgreSQL 11 and later.
[[nodiscard]] std::string target_objects_sql();

} // namespace dbbackup::pg
