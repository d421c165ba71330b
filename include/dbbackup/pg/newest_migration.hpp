#pragma once

#include <dbbackup/pg/database_state.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// The newest of the applied migrations, for people and to choose a map by: the last by name,
/// numbers in names compared as numbers. Empty if there is none, if several tools record some, or
/// if their names do not tell an order (Django numbers them for each app).
[[nodiscard]] std::string newest_migration(const std::vector<MigrationState>& migrations);

/// A migration that was applied `before` and is not any more, if the database seems to have gone
/// back: a tool's newest one is an earlier one now, or (Django, whose names tell no order) some are
/// gone and none is new. Else empty. Alembic records only the current one, as a hash: it tells
/// nothing, and neither does a table that only one of the two has.
[[nodiscard]] std::string find_lost_migration(const std::vector<MigrationState>& before,
                                              const std::vector<MigrationState>& now);

} // namespace dbbackup::pg
