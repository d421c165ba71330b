#pragma once

#include <dbbackup/sys/fd.hpp>

#include <filesystem>

namespace dbbackup::sys {

/// Opens the directory `path` for reading. A link as its last component is followed only if it
/// belongs to this user or root, and then to its target when the owner was checked. Nothing, and
/// errno set, if it cannot be opened. Throws base::Error{usage} if it is another user's link.
[[nodiscard]] Fd open_directory(const std::filesystem::path& path);

/// Creates the directory `path` and missing parents, each mode 0700 whatever the umask, and returns
/// it open for reading. No path is walked twice, so that a replacement put there meanwhile is not
/// changed. Nothing if another process has created it first. Throws base::Error.
[[nodiscard]] Fd make_directory(const std::filesystem::path& path);

} // namespace dbbackup::sys
