#include "pg/target/same_default_privileges.hpp"

#include "pg/sql/sql_text.hpp"
#include "pg/target/privilege_changes.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::pg {

namespace {

/// By pg_default_acl.defaclobjtype.
using ByKind = std::map<char, SchemaPrivileges>;

// A row for each privilege; an entry without any has one without a name.
constexpr const char* k_set_sql = R"(
select r.rolname, coalesce(n.nspname, ''), a.defaclobjtype, coalesce(g.rolname, ''),
  coalesce(x.privilege_type, ''), coalesce(x.is_grantable, false)
from pg_catalog.pg_default_acl a
join pg_catalog.pg_roles r on r.oid = a.defaclrole
left join pg_catalog.pg_namespace n on n.oid = a.defaclnamespace
left join lateral pg_catalog.aclexplode(a.defaclacl) x on true
left join pg_catalog.pg_roles g on g.oid = x.grantee)";

// What PostgreSQL itself gives.
constexpr const char* k_initial_sql = R"(
select r.rolname, k.kind, coalesce(g.rolname, ''), x.privilege_type, x.is_grantable
from pg_catalog.unnest($1::pg_catalog.text[]) k (kind), pg_catalog.pg_roles r,
  lateral pg_catalog.aclexplode(pg_catalog.acldefault(
    (case k.kind when 'S' then 's' else k.kind end)::"char", r.oid)) x
left join pg_catalog.pg_roles g on g.oid = x.grantee
where r.rolname = any ($2::pg_catalog.text[]))";

class Comparison {
public:
    Comparison(Session& session, const DumpInventory& inventory) {
        for (const DefaultPrivilegeChange& one : inventory.default_privileges) {
            changes_[one.trait][one.object_kind].push_back(one.change);
        }
        read_set(session);
        read_initial(session);
    }

    [[nodiscard]] std::set<DumpedTrait> find_same(DropScope scope) const {
        std::set<DumpedTrait> same;
        for (const auto& [trait, by_kind] : changes_) {
            const auto now = set_.find(trait);
            const bool is_same =
                now != set_.end() &&
                std::ranges::all_of(by_kind,
                                    [&, &trait = trait, &now = now->second](const auto& kind) {
                                        return is_same_kind(trait, now, kind.first, kind.second);
                                    }) &&
                (scope != DropScope::everything ||
                 std::ranges::all_of(now->second, [&by_kind = by_kind](const auto& kind) {
                     return by_kind.contains(kind.first);
                 }));
            if (is_same) {
                same.insert(trait);
            }
        }
        return same;
    }

private:
    void read_set(Session& session) {
        for (const Session::Row& row : session.query(k_set_sql)) {
            const DumpedTrait trait{.kind = "default privileges",
                                    .of = row[1].empty() ? "" : "schema",
                                    .name = row[1],
                                    .role = row[0]};
            SchemaPrivileges& privileges = set_[trait][row[2].front()];
            if (!row[4].empty()) {
                privileges[{row[3], row[4]}] = row[5] == "t";
            }
        }
    }

    void read_initial(Session& session) {
        std::vector<std::string> kinds;
        std::vector<std::string> roles;
        for (const auto& [trait, by_kind] : changes_) {
            roles.push_back(trait.role);
            for (const auto& [kind, changes] : by_kind) {
                if (kind != ' ' && std::ranges::count(kinds, std::string{kind}) == 0) {
                    kinds.emplace_back(1, kind);
                }
            }
        }
        for (const Session::Row& row :
             session.query(k_initial_sql, {array_parameter(kinds), array_parameter(roles)})) {
            initial_[{row[0], row[1].front()}][{row[2], row[3]}] = row[4] == "t";
        }
    }

    [[nodiscard]] bool is_same_kind(const DumpedTrait& trait, const ByKind& now, char kind,
                                    const std::vector<PrivilegeChange>& changes) const {
        const auto initial = initial_.find({trait.role, kind});
        if (kind == ' ' || initial == initial_.end()) {
            return false; // not understood, or a role that the server lacks
        }
        // Within a schema PostgreSQL has no defaults.
        const SchemaPrivileges base = trait.of.empty() ? initial->second : SchemaPrivileges{};
        SchemaPrivileges wanted = base;
        for (const PrivilegeChange& change : changes) {
            for (const std::string& name : names_of(change, trait.role, initial->second)) {
                apply_change(wanted, {change.act, {change.privilege.role, name}});
            }
        }
        const auto there = now.find(kind);
        return wanted == (there == now.end() ? base : there->second);
    }

    /// An owner has all privileges by default.
    static std::vector<std::string> names_of(const PrivilegeChange& change,
                                             const std::string& owner,
                                             const SchemaPrivileges& initial) {
        if (change.privilege.name != "ALL") {
            return {change.privilege.name};
        }
        std::vector<std::string> names;
        for (const auto& [privilege, grantable] : initial) {
            if (privilege.role == owner) {
                names.push_back(privilege.name);
            }
        }
        return names;
    }

    std::map<DumpedTrait, std::map<char, std::vector<PrivilegeChange>>> changes_;
    std::map<DumpedTrait, ByKind> set_;
    std::map<std::pair<std::string, char>, SchemaPrivileges> initial_; ///< by role and kind
};

} // namespace

std::set<DumpedTrait> find_same_default_privileges(Session& session, const DumpInventory& inventory,
                                                   DropScope scope) {
    if (inventory.default_privileges.empty()) {
        return {};
    }
    return Comparison{session, inventory}.find_same(scope);
}

} // namespace dbbackup::pg
