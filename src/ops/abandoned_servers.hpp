#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/sys/user.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace dbbackup::ops {

/// The data directory of a throwaway server, in its private one.
inline constexpr const char* k_server_data = "data";

/// The postmaster.pid of the server in `data`; empty where there is none. What is no plain file
/// there is not read: others may write to that directory.
[[nodiscard]] std::string read_postmaster_file(const std::filesystem::path& data);

/// Ends the throwaway servers whose process was killed, where they outlived it, and removes their
/// directories: those in `place` as sys::PrivateDirectory::adopt_abandoned() finds them.
void remove_abandoned_servers(const std::filesystem::path& place, const std::string& prefix,
                              const std::optional<sys::User>& user, Listener& listener);

} // namespace dbbackup::ops
