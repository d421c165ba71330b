#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::store {

/// The parts of the name of a file about a whole server, documented in docs/files.md:
/// "@globals_db1_2026-11-20T03-15-00-123Z.sql.gz", "@set_db1_2026-11-20T03-15-00-123Z.set".
struct ServerFile {
    enum class Kind { globals, set };

    Kind kind = Kind::globals;
    std::string host; ///< decoded
    base::UtcTime time;
    std::string suffix;

    bool operator==(const ServerFile&) const = default;
};

/// Begins the names of files that are about a whole server, which are never dumps of a database. In
/// a database's name it is encoded.
inline constexpr char k_server_mark = '@';
/// In place of a database's name: what is about a whole server. It also names the lock.
inline constexpr const char* k_no_database = "";

inline constexpr std::string_view k_set_suffix = ".set";

/// `host` as in these names: "localhost" for a unix socket.
[[nodiscard]] std::string host_in_name(const std::string& host);

[[nodiscard]] std::string format_server_file(const ServerFile& file);

/// The reverse; nothing for a name that is not in dbbackup's format.
[[nodiscard]] std::optional<ServerFile> parse_server_file(std::string_view file_name);

/// Of a dump of a server's roles and tablespaces. Such manifests are of format 3.
[[nodiscard]] bool is_of_globals(const Manifest& manifest);

/// These dumps with their manifests, newest first.
[[nodiscard]] std::vector<DumpEntry> list_globals(const DumpDirectory& directory);

} // namespace dbbackup::store
