#pragma once

#include <dbbackup/ops/listener.hpp>

#include <filesystem>
#include <string>

namespace dbbackup::ops {

/// What belongs to a throwaway server itself, in the private directory that nobody else may enter.
inline constexpr const char* k_server_home = "server";
/// Its data directory, in its home.
inline constexpr const char* k_server_data = "data";

/// The postmaster.pid of the server in `data`; empty if there is none. What is no plain file
/// there is not read: others may write to that directory.
[[nodiscard]] std::string read_postmaster_file(const std::filesystem::path& data);

/// Ends the throwaway servers that outlived the process that started them, with all that they have
/// started, and removes their directories: those in `place` as
/// sys::PrivateDirectory::adopt_abandoned() finds them.
void remove_abandoned_servers(const std::filesystem::path& place, const std::string& prefix,
                              Listener& listener);

} // namespace dbbackup::ops
