#pragma once

namespace dbbackup::sys {

/// Marks every descriptor from 3 on to be closed when this process runs another program, including
/// those that our caller opened: a child must not have access to them. Only async-signal-safe
/// calls, so that it can run between fork and exec.
void close_all_on_exec() noexcept;

/// The same one by one, for kernels before 5.11, which lack CLOSE_RANGE_CLOEXEC.
void close_each_on_exec() noexcept;

} // namespace dbbackup::sys
