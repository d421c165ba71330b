#pragma once

#include "pg/sql/statement.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <optional>

namespace dbbackup::pg {

/// What the statement sets for a schema, a language, or everything that a role creates from then
/// on; or nothing.
[[nodiscard]] std::optional<DumpedTrait> find_trait(const Statement& statement);

} // namespace dbbackup::pg
