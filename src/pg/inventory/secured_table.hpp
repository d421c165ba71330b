#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/chosen_part.hpp>

#include <optional>

namespace dbbackup::pg {

/// ALTER TABLE … ENABLE ROW LEVEL SECURITY: the table.
[[nodiscard]] std::optional<RelationName> find_secured_table(const ScriptStatement& statement);

/// ALTER TABLE … FORCE ROW LEVEL SECURITY, which the table's owner is subject to as well: the
/// table.
[[nodiscard]] std::optional<RelationName> find_forced_table(const ScriptStatement& statement);

} // namespace dbbackup::pg
