#include "pg/sql/sql_text.hpp"

#include <dbbackup/pg/predefined_role.hpp>
#include <dbbackup/pg/role_plan.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <string_view>

namespace dbbackup::pg {

namespace {

constexpr int k_major_with_membership_options = 16;

/// Settings that make the server load a library, or act as another role, when somebody connects.
constexpr std::array<std::string_view, 6> k_powerful_settings{"session_preload_libraries",
                                                              "local_preload_libraries",
                                                              "shared_preload_libraries",
                                                              "dynamic_library_path",
                                                              "role",
                                                              "session_authorization"};

/// As a literal that means the same whatever standard_conforming_strings is.
std::string literal(std::string_view text) {
    std::string quoted = "E'";
    for (const char c : text) {
        quoted.append(c == '\'' || c == '\\' ? 2 : 1, c);
    }
    return quoted + "'";
}

std::string assignment(const RoleSetting& setting) {
    std::vector<std::string> values;
    for (const std::string& value : setting.values) {
        values.push_back(literal(value));
    }
    return fmt::format("set {} to {}", quote_identifier(setting.name), fmt::join(values, ", "));
}

bool is_powerful(const RoleSetting& setting) {
    return std::ranges::count(k_powerful_settings, setting.name) > 0;
}

/// One that gives power over the server, and whether the session's role may give it.
struct Power {
    const char* word;
    bool GlobalRole::*wanted;
    bool may_give;
};

class RolePlanner {
public:
    RolePlanner(const RoleTarget& target, RoleAttributes attributes)
        : target_(target), attributes_(attributes) {}

    void add_role(const GlobalRole& role) {
        if (target_.roles.contains(role.name)) {
            plan.existing.push_back(role.name);
            return;
        }
        if (is_predefined_role(role.name)) {
            leave_out(fmt::format("role {}: this PostgreSQL has none of that name", role.name));
            return;
        }
        plan.created.push_back(role.name);
        add(fmt::format("create role {}{}", quote_identifier(role.name), attributes_of(role)),
            "role " + role.name, true);
        for (const RoleSetting& setting : role.settings) {
            const std::string what = fmt::format("setting {} of {}", setting.name, role.name);
            if (is_powerful(setting) && attributes_ == RoleAttributes::leave_out) {
                leave_out(what);
                continue;
            }
            add(fmt::format("alter role {} {}", quote_identifier(role.name), assignment(setting)),
                what);
        }
        if (role.comment) {
            add(fmt::format("comment on role {} is {}", quote_identifier(role.name),
                            literal(*role.comment)),
                "comment on role " + role.name);
        }
    }

    void add_membership(const GlobalMembership& membership) {
        const std::string what =
            fmt::format("membership of {} in {}", membership.member, membership.role);
        const bool is_new_member = is_created(membership.member);
        const bool role_exists = target_.roles.contains(membership.role);
        if (!is_new_member) {
            if (!target_.roles.contains(membership.member) || is_created(membership.role)) {
                leave_out(what); // an existing role would change
            }
            return;
        }
        if (role_exists && attributes_ == RoleAttributes::leave_out) {
            leave_out(what);
            return;
        }
        add(fmt::format("grant {} to {}{}", quote_identifier(membership.role),
                        quote_identifier(membership.member), options_of(membership)),
            what);
    }

    /// A role that is no superuser must be a member of the owners of what it restores. The
    /// memberships stay: it could give them to itself at any time.
    void join_created() {
        if (target_.superuser) {
            return;
        }
        for (const std::string& role : plan.created) {
            add(fmt::format("grant {} to {}{}", quote_identifier(role),
                            quote_identifier(target_.name),
                            target_.major >= k_major_with_membership_options
                                ? " with inherit true, set true"
                                : ""),
                fmt::format("your membership in {}", role));
        }
    }

    void leave_out(std::string what) { plan.left_out.push_back(std::move(what)); }

    RolePlan plan;

private:
    void add(std::string sql, std::string what, bool is_needed = false) {
        plan.statements.push_back({std::move(sql), std::move(what), is_needed});
    }

    [[nodiscard]] bool is_created(const std::string& role) const {
        return std::ranges::count(plan.created, role) > 0;
    }

    std::string attributes_of(const GlobalRole& role) {
        const std::array powers{
            Power{"superuser", &GlobalRole::superuser, target_.superuser},
            Power{"replication", &GlobalRole::replication,
                  target_.superuser || target_.replication},
            Power{"bypassrls", &GlobalRole::bypass_rls, target_.superuser || target_.bypass_rls}};
        std::string text = fmt::format(" with {} {}", role.inherit ? "inherit" : "noinherit",
                                       role.login ? "login" : "nologin");
        for (const Power& power : powers) {
            if (!(role.*power.wanted)) {
                continue;
            }
            if (attributes_ == RoleAttributes::restore && power.may_give) {
                text += fmt::format(" {}", power.word);
            } else {
                leave_out(fmt::format("{} of role {}", power.word, role.name));
            }
        }
        text += role.create_role ? " createrole" : "";
        const bool may_give_createdb = target_.superuser || target_.create_db ||
                                       target_.major < k_major_with_membership_options;
        if (role.create_db && may_give_createdb) {
            text += " createdb";
        } else if (role.create_db) {
            leave_out("createdb of role " + role.name);
        }
        if (role.connection_limit) {
            text += fmt::format(" connection limit {}", *role.connection_limit);
        }
        if (role.password_hash) {
            text += " password " + literal(*role.password_hash);
        }
        return role.valid_until ? text + " valid until " + literal(*role.valid_until) : text;
    }

    [[nodiscard]] std::string options_of(const GlobalMembership& membership) const {
        if (target_.major < k_major_with_membership_options) {
            return membership.admin ? " with admin option" : "";
        }
        std::string options = fmt::format(" with admin {}", membership.admin ? "true" : "false");
        if (membership.inherit) {
            options += fmt::format(", inherit {}", *membership.inherit ? "true" : "false");
        }
        if (membership.set) {
            options += fmt::format(", set {}", *membership.set ? "true" : "false");
        }
        return options;
    }

    const RoleTarget& target_;
    RoleAttributes attributes_;
};

} // namespace

RoleTarget read_role_target(Session& session) {
    RoleTarget target;
    target.major = major_version(session.server_info().version_number);
    for (const auto& row : session.query("select rolname from pg_catalog.pg_roles")) {
        target.roles.insert(row[0]);
    }
    for (const auto& row : session.query("select spcname from pg_catalog.pg_tablespace")) {
        target.tablespaces.insert(row[0]);
    }
    const auto own = session
                         .query("select rolname, rolsuper, rolcreatedb, rolreplication, "
                                "rolbypassrls from pg_catalog.pg_roles where rolname = "
                                "current_user")
                         .at(0);
    target.name = own[0];
    target.superuser = own[1] == "t";
    target.create_db = own[2] == "t";
    target.replication = own[3] == "t";
    target.bypass_rls = own[4] == "t";
    return target;
}

RolePlan plan_roles(const Globals& globals, const RoleTarget& target, RoleAttributes attributes) {
    RolePlanner planner{target, attributes};
    for (const GlobalRole& role : globals.roles) {
        planner.add_role(role);
    }
    for (const GlobalMembership& membership : globals.memberships) {
        planner.add_membership(membership);
    }
    planner.join_created();
    for (const std::string& what : globals.left_out) {
        planner.leave_out(what);
    }
    return std::move(planner.plan);
}

std::vector<RoleStatement> plan_database_properties(const ServerDatabase& database,
                                                    const RoleTarget& target,
                                                    const std::vector<std::string>& new_roles,
                                                    RoleAttributes attributes,
                                                    std::vector<std::string>& left_out) {
    std::vector<RoleStatement> statements;
    const std::string name = quote_identifier(database.name);
    const auto is_known = [&](const std::string& role) {
        return target.roles.contains(role) || std::ranges::count(new_roles, role) > 0;
    };
    if (database.grants) {
        const bool has_owner = is_known(database.owner);
        statements.push_back({fmt::format("revoke all on database {} from public{}", name,
                                          has_owner ? ", " + quote_identifier(database.owner) : ""),
                              "privileges on database " + database.name});
        for (const auto& [role, privilege, grantable] : *database.grants) {
            const std::string what = fmt::format("privilege {} of {} on database {}", privilege,
                                                 role.value_or("PUBLIC"), database.name);
            if (role && !is_known(*role)) {
                left_out.push_back(what);
                continue;
            }
            statements.push_back({fmt::format("grant {} on database {} to {}{}", privilege, name,
                                              role ? quote_identifier(*role) : "public",
                                              grantable ? " with grant option" : ""),
                                  what});
        }
    }
    for (const auto& [role, setting] : database.settings) {
        const std::string what = fmt::format("setting {} of {}database {}", setting.name,
                                             role ? *role + " in " : "", database.name);
        // What is set for a role that exists changes what that role does.
        const bool is_allowed =
            attributes == RoleAttributes::restore ||
            (!is_powerful(setting) && (!role || std::ranges::count(new_roles, *role) > 0));
        if (!is_allowed || (role && !is_known(*role))) {
            left_out.push_back(what);
            continue;
        }
        statements.push_back({role ? fmt::format("alter role {} in database {} {}",
                                                 quote_identifier(*role), name, assignment(setting))
                                   : fmt::format("alter database {} {}", name, assignment(setting)),
                              what});
    }
    if (database.comment) {
        statements.push_back(
            {fmt::format("comment on database {} is {}", name, literal(*database.comment)),
             "comment on database " + database.name});
    }
    if (database.connection_limit >= 0) {
        statements.push_back(
            {fmt::format("alter database {} connection limit {}", name, database.connection_limit),
             "connection limit of database " + database.name});
    }
    return statements;
}

std::string owner_statement(const std::string& database, const std::string& owner) {
    return fmt::format("alter database {} owner to {}", quote_identifier(database),
                       quote_identifier(owner));
}

std::string tablespace_statement(const std::string& database, const std::string& tablespace) {
    return fmt::format("alter database {} set tablespace {}", quote_identifier(database),
                       quote_identifier(tablespace));
}

} // namespace dbbackup::pg
