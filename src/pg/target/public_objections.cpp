#include "pg/target/public_objections.hpp"

#include "pg/sql/sql_text.hpp"
#include "pg/target/privilege_changes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>

namespace dbbackup::pg {

namespace {

const std::string k_public = "public";
constexpr int k_version_with_closed_public = 150000;

constexpr const char* k_public_sql = R"(
select o.rolname, coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), ''), current_user
from pg_catalog.pg_namespace n join pg_catalog.pg_roles o on o.oid = n.nspowner
where n.nspname = 'public')";

constexpr const char* k_privileges_sql = R"(
select coalesce(r.rolname, ''), a.privilege_type, pg_catalog.bool_or(a.is_grantable)
from pg_catalog.pg_namespace n,
  lateral pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
left join pg_catalog.pg_roles r on r.oid = a.grantee
where n.nspname = 'public' and (a.grantee = 0 or r.oid is not null)
group by 1, 2)";

constexpr const char* k_superusers_sql =
    "select r.rolname from pg_catalog.pg_roles r where r.rolsuper";

// A role can be named that does not exist; that is another objection's matter.
constexpr const char* k_foreign_owner_sql = R"(
select r.rolname from pg_catalog.pg_roles r
where r.rolname = $1 and not pg_catalog.pg_has_role(r.oid, 'member'))";

constexpr const char* k_no_creators_sql = R"(
select r.rolname from pg_catalog.pg_roles r
where r.rolname = any ($1::pg_catalog.text[])
  and not pg_catalog.has_schema_privilege(r.oid, 'public', 'create')
order by 1)";

class Objections {
public:
    Objections(Session& session, const TargetFates& fates, const DumpInventory& inventory)
        : session_(session), fates_(fates), inventory_(inventory) {}

    std::vector<Objection> find() {
        const auto there = session_.query(k_public_sql);
        if (there.empty()) {
            return {};
        }
        owner_ = there[0][0];
        comment_ = there[0][1];
        role_ = there[0][2];
        if (fates_.target.keeps_public) {
            find_changed_owner();
            find_changed_comment();
            find_changed_privileges();
            find_missing_create();
        } else {
            find_unreachable_owner();
        }
        return std::move(found_);
    }

private:
    void find_changed_owner() {
        const auto& wanted = inventory_.of_public.owner;
        if (wanted && *wanted != owner_) {
            found_.push_back(
                {fmt::format("schema public belongs to {}, and the dump makes {} its owner", owner_,
                             *wanted),
                 fmt::format("ALTER SCHEMA public OWNER TO {};", quote_identifier(*wanted)),
                 "--no-owner"});
        }
    }

    /// One that it can make, but not give away. To let a superuser do that first is no remedy: our
    /// role would lose its rights in `public`.
    void find_unreachable_owner() {
        const auto& wanted = inventory_.of_public.owner;
        if (wanted && !session_.query(k_foreign_owner_sql, {*wanted}).empty()) {
            found_.push_back({fmt::format("the dump makes {0} the owner of schema public, and {1} "
                                          "is not a member of {0}",
                                          *wanted, role_),
                              {},
                              "--no-owner"});
        }
    }

    void find_changed_comment() {
        const auto& wanted = inventory_.of_public.comment;
        if (wanted && *wanted != comment_) {
            found_.push_back(
                {fmt::format("schema public belongs to {}, and the dump changes its comment",
                             owner_),
                 fmt::format("COMMENT ON SCHEMA public IS {};", quote_literal(*wanted)),
                 {}});
        }
    }

    void find_changed_privileges() {
        SchemaPrivileges granted;
        for (const Session::Row& row : session_.query(k_privileges_sql)) {
            granted[{row[0], row[1]}] = row[2] == "t";
        }
        std::set<std::string> superusers;
        for (const Session::Row& row : session_.query(k_superusers_sql)) {
            superusers.insert(row[0]);
        }
        std::vector<PrivilegeChange> changes = inventory_.of_public.privileges;
        if (inventory_.of_public.starts_closed &&
            fates_.target.version_number < k_version_with_closed_public) {
            changes.insert(changes.begin(),
                           {.act = PrivilegeChange::Act::revoke, .privilege = {"", "CREATE"}});
        }
        const auto effect = effect_of_changes(granted, changes, superusers);
        if (!effect.empty()) {
            found_.push_back(
                {fmt::format("schema public belongs to {}, and the dump changes its privileges",
                             owner_),
                 fmt::format("{}", fmt::join(effect, " ")), "--no-privileges"});
        }
    }

    /// An object's new owner must be allowed to create it, too.
    void find_missing_create() {
        const bool creates =
            std::any_of(inventory_.objects.begin(), inventory_.objects.end(),
                        [](const DumpObject& object) { return object.schema == k_public; });
        if (!creates) {
            return;
        }
        std::vector<std::string> roles = inventory_.of_public.object_owners;
        roles.push_back(role_);
        for (const Session::Row& row :
             session_.query(k_no_creators_sql, {array_parameter(roles)})) {
            found_.push_back(
                {fmt::format("{} may not create objects in schema public", row[0]),
                 fmt::format("GRANT CREATE ON SCHEMA public TO {};", quote_identifier(row[0])),
                 row[0] == role_ ? "" : "--no-owner"});
        }
    }

    Session& session_;
    const TargetFates& fates_;
    const DumpInventory& inventory_;
    std::string owner_;
    std::string comment_;
    std::string role_;
    std::vector<Objection> found_;
};

} // namespace

std::vector<Objection> find_public_objections(Session& session, const TargetFates& fates,
                                              const DumpInventory& inventory) {
    return Objections{session, fates, inventory}.find();
}

} // namespace dbbackup::pg
