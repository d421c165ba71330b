#pragma once

#include <sys/types.h>

namespace dbbackup::sys {

/// The id of a group that no account and no running process has, and that this process may take on.
/// A process that runs with it shares its files, its memory and its environment with no other one,
/// whoever else runs as the same user. Throws base::Error{failed} if there is none.
[[nodiscard]] gid_t find_unused_group();

/// Kills every process that runs with `gid`, until none is left, and removes the shared memory that
/// they leave. Only for what find_unused_group() gave: a process without privileges cannot leave
/// such a group, so that all of them are ours. Only root may.
void end_all_of_group(gid_t gid) noexcept;

} // namespace dbbackup::sys
