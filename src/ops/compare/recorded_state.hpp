#pragma once

#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>

namespace dbbackup::ops {

/// `contents` with the columns and the rest of `state`, as a manifest records them.
[[nodiscard]] store::Manifest::Contents with_state(store::Manifest::Contents contents,
                                                   const pg::DatabaseState& state);

/// The reverse, without keys; nothing if the manifest does not have it.
[[nodiscard]] std::optional<pg::DatabaseState>
find_recorded_state(const store::Manifest::Contents& contents);

} // namespace dbbackup::ops
