#pragma once

#include <dbbackup/sys/child_process.hpp>

#include <sys/types.h>

namespace dbbackup::sys {

/// Starts `command` in a process group of its own, with stdin from /dev/null and stdout and stderr
/// on the given descriptors; all else but `inherited_fds` is closed in it by close-on-exec. It gets
/// its end signal when the calling thread dies. Returns its process id. Throws base::Error.
[[nodiscard]] pid_t spawn(const Command& command, int stdout_fd, int stderr_fd);

} // namespace dbbackup::sys
