#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// One installation of PostgreSQL's client programs.
struct ClientTools {
    std::filesystem::path directory;
    std::string version; ///< as pg_dump reports it: "15.20 (Debian 15.20-0+deb12u1)"
    int major = 0;

    [[nodiscard]] std::string program(std::string_view name) const;
    /// Throws base::Error{failed} if `name` is not in pg_dump's directory.
    void require_program(std::string_view name) const;
};

/// "pg_dump (PostgreSQL) 15.20 (Debian …)" → version and major; nothing for other text.
[[nodiscard]] std::optional<ClientTools> parse_version_line(std::string_view line);

/// Every installation on this machine, with its version: looks where Debian, PGDG and Homebrew
/// install, then in `path` (a PATH). With `bin_dir`, only in that directory.
[[nodiscard]] std::vector<ClientTools>
find_client_tools(const std::optional<std::filesystem::path>& bin_dir, const std::string& path);

/// The right one for a server: the lowest major version that is at least `server_major`, the first
/// of equals. Throws base::Error{failed}, which names the package to install.
[[nodiscard]] const ClientTools& choose_client_tools(const std::vector<ClientTools>& installed,
                                                     int server_major);

/// The lowest major version from `lowest` on that has pg_restore, the first of equals. Throws
/// base::Error{failed}, which names the package to install.
[[nodiscard]] const ClientTools& choose_pg_restore(const std::vector<ClientTools>& installed,
                                                   int lowest);

} // namespace dbbackup::pg
