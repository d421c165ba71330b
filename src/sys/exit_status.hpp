#pragma once

#include <dbbackup/sys/child_process.hpp>

namespace dbbackup::sys {

/// From what waitpid() reports for a child that has ended.
[[nodiscard]] ExitStatus exit_status_of(int wait_status);

} // namespace dbbackup::sys
