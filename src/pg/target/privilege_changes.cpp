#include "pg/target/privilege_changes.hpp"

#include "pg/sql/sql_text.hpp"

#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

std::string quoted(const std::string& role) {
    return role.empty() ? "PUBLIC" : quote_identifier(role);
}

} // namespace

void apply_change(SchemaPrivileges& granted, const PrivilegeChange& change) {
    using Act = PrivilegeChange::Act;
    const auto there = granted.find(change.privilege);
    switch (change.act) {
    case Act::grant:
        granted.try_emplace(change.privilege, false);
        break;
    case Act::grant_with_option:
        granted[change.privilege] = true;
        break;
    case Act::revoke:
        granted.erase(change.privilege);
        break;
    case Act::revoke_option:
        if (there != granted.end()) {
            there->second = false;
        }
        break;
    }
}

std::vector<std::string> effect_of_changes(const SchemaPrivileges& granted,
                                           const std::vector<PrivilegeChange>& changes,
                                           const std::set<std::string>& superusers) {
    SchemaPrivileges wanted = granted;
    for (const PrivilegeChange& change : changes) {
        apply_change(wanted, change);
    }
    std::vector<std::string> effect;
    for (const auto& [privilege, grantable] : granted) {
        const auto kept = wanted.find(privilege);
        if (superusers.contains(privilege.role)) {
            continue;
        }
        if (kept == wanted.end() || (grantable && !kept->second)) {
            effect.push_back(fmt::format("REVOKE {}{} ON SCHEMA public FROM {};",
                                         kept == wanted.end() ? "" : "GRANT OPTION FOR ",
                                         privilege.name, quoted(privilege.role)));
        }
    }
    for (const auto& [privilege, grantable] : wanted) {
        const auto there = granted.find(privilege);
        if (!superusers.contains(privilege.role) &&
            (there == granted.end() || (grantable && !there->second))) {
            effect.push_back(fmt::format("GRANT {} ON SCHEMA public TO {}{};", privilege.name,
                                         quoted(privilege.role),
                                         grantable ? " WITH GRANT OPTION" : ""));
        }
    }
    return effect;
}

} // namespace dbbackup::pg
