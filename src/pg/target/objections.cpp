#include "pg/target/objections.hpp"

#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"
#include "pg/target/dependents.hpp"
#include "pg/target/other_owners.hpp"
#include "pg/target/public_objections.hpp"

#include <dbbackup/base/dotted_name.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <set>
#include <string_view>

namespace dbbackup::pg {

namespace {

constexpr const char* k_extension_owners_sql = R"(
select e.extname, r.rolname
from pg_catalog.pg_extension e join pg_catalog.pg_roles r on r.oid = e.extowner
where e.extname = any ($1::pg_catalog.text[]) and not pg_catalog.pg_has_role(e.extowner, 'usage')
order by 1)";

constexpr const char* k_large_object_owners_sql = R"(
select l.oid, r.rolname
from pg_catalog.pg_largeobject_metadata l join pg_catalog.pg_roles r on r.oid = l.lomowner
where l.oid = any ($1::pg_catalog.oid[]) and not pg_catalog.pg_has_role(l.lomowner, 'usage')
  and not pg_catalog.current_setting('lo_compat_privileges')::boolean
order by 1)";

/// They have no owner: in a schema of others, only superusers can drop them.
constexpr auto k_without_owner =
    std::to_array<std::string_view>({"text search parser", "text search template"});

std::string upper_case(std::string text) {
    for (char& c : text) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

class Objections {
public:
    Objections(Session& session, const TargetFates& fates, const DumpInventory& inventory)
        : session_(session), fates_(fates), inventory_(inventory),
          role_(session.query("select current_user")[0][0]) {}

    std::vector<Objection> find() {
        find_objects_of_others();
        find_extensions_of_others();
        find_large_objects_of_others();
        find_losses_of_others();
        return std::move(found_);
    }

private:
    void add(std::string reason, std::string remedy) {
        found_.push_back({std::move(reason), std::move(remedy), {}});
    }

    void find_objects_of_others() {
        std::vector<const TargetObject*> dropped;
        for (const TargetObject& object : fates_.target.objects) {
            if (object.fate == Fate::dropped) {
                dropped.push_back(&object);
            }
        }
        const auto owners = find_other_owners(session_, dropped);
        for (std::size_t i = 0; i < dropped.size(); ++i) {
            if (!owners[i].empty()) {
                add(fmt::format("{} {} belongs to {}", dropped[i]->id.kind,
                                shown_name(dropped[i]->id), owners[i]),
                    remedy_for(*dropped[i], owners[i]));
            }
        }
    }

    /// In `public`, names are usually written without it.
    static std::string shown_name(const DumpObject& id) {
        return base::dotted_name(id.schema == "public" ? "" : id.schema, id.name);
    }

    [[nodiscard]] std::string remedy_for(const TargetObject& object,
                                         const std::string& owner) const {
        const bool is_made =
            object.id.kind == "schema"
                ? std::ranges::count(inventory_.created_schemas, object.id.name) > 0
                : std::ranges::count(inventory_.objects, object.id) > 0;
        const std::string name = upper_case(object.id.kind) + " " + object.sql;
        if (std::ranges::count(k_without_owner, object.id.kind) == 0) {
            return let_drop(name, owner, is_made);
        }
        return is_made ? "" : fmt::format("DROP {};", name); // only superusers can make it
    }

    /// If the dump makes it, too, it also gives it back to its owner: then only a membership helps.
    /// One that makes our role a superuser is worse than a restore that needs --no-owner.
    [[nodiscard]] std::string let_drop(const std::string& name, const std::string& owner,
                                       bool is_made) const {
        const bool may_grant =
            is_made &&
            session_
                .query("select from pg_catalog.pg_roles r where r.rolname = $1 and r.rolsuper",
                       {owner})
                .empty();
        return may_grant ? fmt::format("GRANT {} TO {};", quote_identifier(owner),
                                       quote_identifier(role_))
                         : fmt::format("ALTER {} OWNER TO {};", name, quote_identifier(role_));
    }

    void find_extensions_of_others() {
        std::vector<std::string> dropped;
        for (const TargetExtension& extension : fates_.target.extensions) {
            if (extension.fate == Fate::dropped) {
                dropped.push_back(extension.id.name);
            }
        }
        for (const Session::Row& row :
             session_.query(k_extension_owners_sql, {array_parameter(dropped)})) {
            add(fmt::format("extension {} belongs to {}", row[0], row[1]),
                fmt::format("DROP EXTENSION {};", quote_identifier(row[0])));
        }
    }

    void find_large_objects_of_others() {
        std::vector<std::string> dropped;
        for (const std::uint32_t oid : fates_.large_objects) {
            dropped.push_back(std::to_string(oid));
        }
        const std::set<std::uint32_t> made{inventory_.large_objects.begin(),
                                           inventory_.large_objects.end()};
        for (const Session::Row& row :
             session_.query(k_large_object_owners_sql, {array_parameter(dropped)})) {
            const auto oid = static_cast<std::uint32_t>(answered_number(row[0]));
            add(fmt::format("large object {} belongs to {}", oid, row[1]),
                let_drop(fmt::format("LARGE OBJECT {}", oid), row[1], made.contains(oid)));
        }
    }

    /// What is left alone may hold, or depend on, what goes: a table in a publication of others.
    void find_losses_of_others() {
        TargetFates without = fates_;
        bool leaves_something = false;
        for (TargetObject& object : without.target.objects) {
            if (object.is_left_alone) {
                object.fate = Fate::dropped;
                leaves_something = true;
            }
        }
        if (!leaves_something) {
            return;
        }
        const auto all = find_dependents(session_, fates_);
        const auto of_others = find_dependents(session_, without);
        std::vector<std::string> lost;
        std::ranges::set_difference(all, of_others, std::back_inserter(lost));
        for (const std::string& one : lost) {
            add(fmt::format("{} is not yours to bring back", one), remedy_for_loss(one));
        }
    }

    /// Only superusers can own the others, or publish whole schemas.
    [[nodiscard]] std::string remedy_for_loss(const std::string& lost) const {
        for (const TargetObject& object : fates_.target.objects) {
            if (object.is_left_alone && object.id.kind == "publication" &&
                lost.starts_with("table ") && lost.ends_with(" in publication " + object.sql)) {
                return remedy_for(object, object.other_owner);
            }
        }
        return {};
    }

    Session& session_;
    const TargetFates& fates_;
    const DumpInventory& inventory_;
    std::string role_;
    std::vector<Objection> found_;
};

} // namespace

std::vector<Objection> find_objections(Session& session, const TargetFates& fates,
                                       const DumpInventory& inventory) {
    std::vector<Objection> found = find_public_objections(session, fates, inventory);
    std::ranges::move(Objections{session, fates, inventory}.find(), std::back_inserter(found));
    return found;
}

} // namespace dbbackup::pg
