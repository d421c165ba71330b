#pragma once

#include <dbbackup/pg/globals.hpp>
#include <dbbackup/pg/server_databases.hpp>

#include <set>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Whether what gives a role power over the server is restored: SUPERUSER, REPLICATION, BYPASSRLS,
/// memberships in roles that exist, and settings that load libraries.
enum class RoleAttributes { leave_out, restore };

/// A server that roles are restored to, as the session's role sees it.
struct RoleTarget {
    int major = 0;
    std::set<std::string> roles;
    std::set<std::string> tablespaces;
    // Of the session's role:
    std::string name;
    bool superuser = false;
    bool create_db = false;
    bool replication = false;
    bool bypass_rls = false;
};

[[nodiscard]] RoleTarget read_role_target(Session& session);

struct RoleStatement {
    std::string sql;  ///< ours, with quoted names and values
    std::string what; ///< for people: "membership of app in readers"
    /// Without it the restore cannot go on.
    bool is_needed = false;
};

struct RolePlan {
    std::vector<std::string> created;
    std::vector<std::string> existing; ///< they stay as they are
    std::vector<RoleStatement> statements;
    std::vector<std::string> left_out; ///< for people
};

/// What makes the roles of `globals` that the target lacks, and the memberships of these. Never
/// changes a role that exists. Pure.
[[nodiscard]] RolePlan plan_roles(const Globals& globals, const RoleTarget& target,
                                  RoleAttributes attributes);

/// What gives a new database the settings, the privileges, the limit and the comment of `database`;
/// what is left out of it is added to `left_out`. Pure.
[[nodiscard]] std::vector<RoleStatement>
plan_database_properties(const ServerDatabase& database, const RoleTarget& target,
                         const std::vector<std::string>& new_roles, RoleAttributes attributes,
                         std::vector<std::string>& left_out);

/// ALTER DATABASE … OWNER TO.
[[nodiscard]] std::string owner_statement(const std::string& database, const std::string& owner);
/// ALTER DATABASE … SET TABLESPACE.
[[nodiscard]] std::string tablespace_statement(const std::string& database,
                                               const std::string& tablespace);

} // namespace dbbackup::pg
