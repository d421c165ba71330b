#pragma once

#include <dbbackup/pg/database_state.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// The newest of the applied migrations, for people and to choose a map by: the last by name,
/// numbers in names compared as numbers. Empty if there is none, if several tools record some, or
/// if their names do not tell an order (Django numbers them for each app).
[[nodiscard]] std::string newest_migration(const std::vector<MigrationState>& migrations);

} // namespace dbbackup::pg
