#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <filesystem>

namespace dbbackup::store {

/// DumpDirectory::open for whoever looks for dumps. If the directory does not exist, its name may
/// be a slip, or the first dump is still to be taken: the hint says what to do in both cases.
[[nodiscard]] DumpDirectory open_existing(const std::filesystem::path& path,
                                          const base::CommandLine& command_line);

} // namespace dbbackup::store
