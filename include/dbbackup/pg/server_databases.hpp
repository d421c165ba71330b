#pragma once

#include <dbbackup/pg/globals.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// A database of a server, with what pg_dump does not write into a dump of it.
struct ServerDatabase {
    struct Setting {
        std::optional<std::string> role; ///< of ALTER ROLE … IN DATABASE … SET
        RoleSetting setting;
    };

    struct Grant {
        std::optional<std::string> role; ///< nothing for PUBLIC
        std::string privilege;           ///< "CONNECT", "CREATE" or "TEMPORARY"
        bool grantable = false;
    };

    std::string name;
    bool allows_connections = true;
    std::string owner;
    std::string tablespace;
    std::int64_t connection_limit = -1;
    std::optional<std::string> comment;
    std::vector<Setting> settings;
    std::optional<std::vector<Grant>> grants; ///< nothing for PostgreSQL's defaults
};

/// All that are no templates, by name.
[[nodiscard]] std::vector<ServerDatabase> list_server_databases(Session& session);

/// A setting as in pg_db_role_setting, "name=value": the lists of names that SET takes apart are
/// taken apart.
[[nodiscard]] RoleSetting parse_setting(const std::string& text);

} // namespace dbbackup::pg
