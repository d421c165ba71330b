#pragma once

#include <dbbackup/pg/live_state.hpp>
#include <dbbackup/pg/session.hpp>

#include <vector>

namespace dbbackup::pg {

/// The user's sequences that are `wanted`, with their values, by name. Throws ServerError.
[[nodiscard]] std::vector<SequenceState> read_sequences(Session& session,
                                                        const RelationFilter& wanted);

/// What those of `tables` say that record migrations. Throws ServerError.
[[nodiscard]] std::vector<MigrationState> read_migrations(Session& session,
                                                          const std::vector<LiveTable>& tables);

} // namespace dbbackup::pg
