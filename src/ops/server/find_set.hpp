#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_set.hpp>

#include <filesystem>
#include <string>

namespace dbbackup::ops {

struct FoundSet {
    store::DumpDirectory directory;
    store::SetEntry entry; ///< with its set
};

/// `reference`: a path, a name, the beginning of a name, or "latest": the newest whole set. Throws
/// base::Error, {damaged} if it cannot be read or is not whole, {refused} if it is an untrusted
/// user's.
[[nodiscard]] FoundSet find_set(const std::filesystem::path& directory,
                                const std::string& reference,
                                const base::CommandLine& command_line);

} // namespace dbbackup::ops
