#pragma once

#include <dbbackup/ops/listener.hpp>

#include <filesystem>
#include <string>

namespace dbbackup::ops {

/// The directory of a throwaway server's own files, in the private directory that no other user may
/// enter.
inline constexpr const char* k_server_home = "server";
/// Its data directory, in its home.
inline constexpr const char* k_server_data = "data";

/// The postmaster.pid of the server in `data`; empty if there is none. Reads only a regular file:
/// others may write to that directory.
[[nodiscard]] std::string read_postmaster_file(const std::filesystem::path& data);

/// Ends the throwaway servers that outlived the process that started them, with everything that
/// they started, and removes their directories: those that sys::PrivateDirectory::adopt_abandoned()
/// finds in `place`.
void remove_abandoned_servers(const std::filesystem::path& place, const std::string& prefix,
                              Listener& listener);

} // namespace dbbackup::ops
