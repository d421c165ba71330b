#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>

namespace dbbackup::store {

/// DumpDirectory::open for reading dumps. If the directory does not exist, its name may be a typo,
/// or no dump was taken yet: the hint says what to do in both cases.
[[nodiscard]] DumpDirectory open_existing(const std::filesystem::path& path,
                                          const base::CommandLine& command_line);

} // namespace dbbackup::store
