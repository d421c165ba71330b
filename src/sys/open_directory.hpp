#pragma once

#include <dbbackup/sys/fd.hpp>

#include <filesystem>

namespace dbbackup::sys {

/// Opens the directory `path` to be read. Its last component is followed only if it is a link of
/// this user's or root's, and then to what the link said when its owner was looked at. Nothing, and
/// errno set, if it cannot be opened. Throws base::Error{usage} if it is a stranger's link.
[[nodiscard]] Fd open_directory(const std::filesystem::path& path);

/// Makes the directory `path` and the parents that are missing, each mode 0700 whatever the umask,
/// and returns it open to be read; no path is walked twice, so that nothing put in its place
/// meanwhile is changed. Nothing if somebody else has made it first. Throws base::Error.
[[nodiscard]] Fd make_directory(const std::filesystem::path& path);

} // namespace dbbackup::sys
