#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>

namespace dbbackup::ops {

/// Opens or creates the directory for a dump, and prevents accidental commits of dumps. A new
/// directory gets a .gitignore for all its files, if it is `dumps` in the current directory or is
/// in a git work tree. If the directory exists, has no .gitignore and no dump yet, a notice says
/// how to make git ignore it. git is not run, and if a .gitignore cannot be created, that is only a
/// warning.
[[nodiscard]] store::DumpDirectory open_outside_of_git(const std::filesystem::path& path,
                                                       Listener& listener);

} // namespace dbbackup::ops
