#pragma once

#include <dbbackup/sys/directory.hpp>

#include <string>

namespace dbbackup::sys {

/// Tells other runs that this one reads the file open as `fd`, until all duplicates of it are
/// closed. To tell is a courtesy: where the file system has no locks, nobody is told.
void announce_use(int fd) noexcept;

/// True if a run has announced that it reads the regular file `name`. Throws base::SystemError if
/// it cannot be found out.
[[nodiscard]] bool is_in_use(const Directory& directory, const std::string& name);

} // namespace dbbackup::sys
