#pragma once

#include <sys/types.h>

namespace dbbackup::sys {

/// The id of a group that no account and no running process has, and that this process may take on.
/// A process that runs with it shares its files, memory and environment with no other one, even if
/// others run as the same user. Throws base::Error{failed} if there is none.
[[nodiscard]] gid_t find_unused_group();

/// Kills every process that runs with `gid`, until none is left, and removes their shared memory.
/// Only for a group from find_unused_group(): a process without privileges cannot leave such a
/// group, so all of them are ours. Only root may call it.
void end_all_of_group(gid_t gid) noexcept;

} // namespace dbbackup::sys
