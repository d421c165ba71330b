#pragma once

#include <string>

namespace dbbackup::pg {

/// The query for every object that users made, a row each: class, OID, kind, schema, name, SQL,
/// extension, table, relkind, readable; as TargetObject has them. Without large objects and
/// extensions. For a bare search_path; serves PostgreSQL 11 and later.
[[nodiscard]] std::string target_objects_sql();

} // namespace dbbackup::pg
