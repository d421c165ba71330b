#pragma once

#include <dbbackup/sys/child_process.hpp>

#include <sys/types.h>

namespace dbbackup::sys {

/// Starts `command` in a new session, so without a controlling terminal, with stdin from /dev/null
/// and stdout and stderr on the given descriptors; of all others, our caller's included, it gets
/// only `inherited_fds`. It gets its end signal when the calling thread dies. Returns its process
/// id, which is greater than 1. Throws base::Error.
[[nodiscard]] pid_t spawn(const Command& command, int stdout_fd, int stderr_fd);

} // namespace dbbackup::sys
