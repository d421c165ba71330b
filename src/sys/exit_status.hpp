#pragma once

#include <dbbackup/sys/child_process.hpp>

namespace dbbackup::sys {

/// What waitpid() says of a child that has ended.
[[nodiscard]] ExitStatus exit_status_of(int wait_status);

} // namespace dbbackup::sys
