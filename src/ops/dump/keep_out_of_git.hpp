#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>

namespace dbbackup::ops {

/// Opens the directory that a dump goes to, or makes it, and lets nobody commit the dumps by
/// accident. A directory that is made here gets a .gitignore for all that is in it, if it is
/// `dumps` of the current directory or in a git work tree. For one that was there, without a
/// .gitignore and before its first dump, a notice says how to make git ignore it. No git program is
/// run, and a .gitignore that cannot be made is only a warning.
[[nodiscard]] store::DumpDirectory open_outside_of_git(const std::filesystem::path& path,
                                                       Listener& listener);

} // namespace dbbackup::ops
