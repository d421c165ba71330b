#pragma once

#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/table_columns.hpp>

#include <optional>

namespace dbbackup::pg {

/// The columns that a CREATE TABLE makes. Nothing for any other statement, or if not all are named:
/// INHERITS, OF, LIKE, or too long to be kept whole.
[[nodiscard]] std::optional<DumpedColumns> find_created_columns(const ScriptStatement& statement,
                                                                Backslashes backslashes);

} // namespace dbbackup::pg
