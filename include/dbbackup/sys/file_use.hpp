#pragma once

#include <dbbackup/sys/directory.hpp>

#include <string>

namespace dbbackup::sys {

/// Tells other runs that this one reads the file open as `fd`, until all duplicates of it are
/// closed. It is a courtesy: on a file system without locks, it has no effect.
void announce_use(int fd) noexcept;

/// True if a run has announced that it reads the regular file `name`. Throws base::SystemError if
/// that cannot be determined.
[[nodiscard]] bool is_in_use(const Directory& directory, const std::string& name);

} // namespace dbbackup::sys
