#include "pg/target/changed_traits.hpp"

#include "pg/target/same_default_privileges.hpp"
#include "pg/target/target_summary.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace dbbackup::pg {

namespace {

const std::string k_public = "public";

// A row for each trait: kind, schema, and the owner's name if it is an owner. For `public` only
// what differs from what initdb of the server's version sets, and would be missed: superusers and,
// since 15, the database's owner have all rights without grants. nspacl is null for a schema that
// was made again and never granted on.
constexpr const char* k_traits_of_schemas = R"(
with expected as (
  select v.modern, d.datdba, case
      when v.modern then (select r.oid from pg_catalog.pg_roles r
        where r.rolname = 'pg_database_owner')
      when pg_catalog.current_setting('is_superuser') = 'on' then 10
      else (select u.oid from pg_catalog.pg_roles u where u.rolname = current_user) end as owner
  from pg_catalog.pg_database d,
    lateral (select pg_catalog.current_setting('server_version_num')::int >= 150000) v (modern)
  where d.datname = pg_catalog.current_database()),
granted as (
  select n.oid, a.grantee, a.privilege_type, coalesce(r.rolsuper, false) as to_superuser
  from pg_catalog.pg_namespace n, lateral pg_catalog.aclexplode(n.nspacl) a
  left join pg_catalog.pg_roles r on r.oid = a.grantee),
schema as (
  select n.oid, n.nspname, n.nspname = 'public' as is_public, o.rolname as owner,
    n.nspowner = e.owner or o.rolsuper or e.modern and n.nspowner = e.datdba as owner_is_usual,
    n.nspacl is null or not exists (select from granted g
        where g.oid = n.oid and not g.to_superuser and g.grantee not in (n.nspowner, e.owner)
          and not (e.modern and g.grantee = e.datdba)
          and not (g.grantee = 0 and (g.privilege_type = 'USAGE' or not e.modern)))
      and (select pg_catalog.count(*) from granted g where g.oid = n.oid and g.grantee = 0)
        >= case when e.modern then 1 else 2 end as grants_are_usual,
    n.nspacl is null as has_no_grants,
    pg_catalog.obj_description(n.oid, 'pg_namespace') as comment
  from pg_catalog.pg_namespace n
  join pg_catalog.pg_roles o on o.oid = n.nspowner, expected e
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
select 'owner', s.nspname, s.owner from schema s
where not (s.is_public and s.owner_is_usual)
union all
select 'privileges', s.nspname, '' from schema s
where not case when s.is_public then s.grants_are_usual else s.has_no_grants end
union all
select 'comment', s.nspname, '' from schema s
where s.comment is not null and not (s.is_public and s.comment = 'standard public schema')
union all
select 'security label', s.nspname, '' from schema s
where exists (select from pg_catalog.pg_seclabel l where l.objoid = s.oid
  and l.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass)
order by 2, 1)";

// Role, schema, and whether the restore may take them away: see suspend_default_privileges().
constexpr const char* k_default_privileges = R"(
select distinct r.rolname, coalesce(n.nspname, ''),
  pg_catalog.pg_has_role(a.defaclrole, 'usage')
from pg_catalog.pg_default_acl a
join pg_catalog.pg_roles r on r.oid = a.defaclrole
left join pg_catalog.pg_namespace n on n.oid = a.defaclnamespace
order by 1, 2)";

constexpr const char* k_languages = R"(
select l.lanname from pg_catalog.pg_language l where l.lanacl is not null order by 1)";

/// What was set in the target.
struct TargetTrait {
    DumpedTrait id;
    std::string text; ///< for people
    bool can_go = true;
};

std::vector<TargetTrait> read_traits(Session& session) {
    std::vector<TargetTrait> traits;
    for (const Session::Row& row : session.query(k_traits_of_schemas)) {
        traits.push_back({{row[0], "schema", row[1], ""},
                          fmt::format("{} of schema {}{}", row[0], row[1],
                                      row[2].empty() ? "" : " (" + row[2] + ")")});
    }
    for (const Session::Row& row : session.query(k_languages)) {
        traits.push_back(
            {{"privileges", "language", row[0], ""}, "privileges of language " + row[0]});
    }
    for (const Session::Row& row : session.query(k_default_privileges)) {
        traits.push_back({{"default privileges", row[1].empty() ? "" : "schema", row[1], row[0]},
                          fmt::format("default privileges of role {}{}", row[0],
                                      row[1].empty() ? "" : " in schema " + row[1]),
                          row[2] == "t"});
    }
    return traits;
}

class Changes {
public:
    Changes(const TargetFates& fates, const DumpInventory& inventory, DropScope scope)
        : scope_(scope), set_(inventory.traits.begin(), inventory.traits.end()),
          target_is_empty_(holds_nothing(fates.target)), keeps_public_(fates.target.keeps_public) {
        for (const TargetObject& object : fates.target.objects) {
            if (object.id.kind == "schema" && object.goes()) {
                going_schemas_.insert(object.id.name);
            } else if (object.id.kind == "sequence") {
                sequence_tables_[{object.id.schema, object.id.name}] = object.table_oid;
            } else if (object.gets_loose_rows) {
                filled_tables_.insert(object.oid);
            }
        }
    }

    [[nodiscard]] bool changes(const TargetTrait& trait) const {
        if (keeps_public_ && trait.id.of == "schema" && trait.id.name == k_public) {
            return trait.id.kind == "default privileges" &&
                   (set_.contains(trait.id) || (scope_ == DropScope::everything && trait.can_go));
        }
        if (trait.id.of == "schema" && going_schemas_.contains(trait.id.name)) {
            // If the target holds anything, the fates say that the schema goes.
            return target_is_empty_ && trait.id.name == k_public;
        }
        return set_.contains(trait.id) ||
               (scope_ == DropScope::everything && trait.id.of.empty() && trait.can_go);
    }

    /// If the table gets rows from the dump anyway, the sequence's value comes with them.
    [[nodiscard]] bool is_worth_a_word(const RelationName& sequence) const {
        const auto table = sequence_tables_.find(sequence);
        return table != sequence_tables_.end() && !filled_tables_.contains(table->second);
    }

private:
    DropScope scope_;
    std::set<DumpedTrait> set_;
    bool target_is_empty_;
    bool keeps_public_;
    std::set<std::string> going_schemas_;
    std::map<RelationName, std::string> sequence_tables_; ///< OIDs; empty for one without a table
    std::set<std::string> filled_tables_;                 ///< OIDs
};

/// Of tables that are dropped and made again: those that have `secured` now, and not in the dump.
void add_lost_row_security(const TargetObjects& target, const DumpInventory& inventory,
                           const std::set<std::string>& secured,
                           const std::vector<RelationName>& in_dump, std::string_view what,
                           std::vector<std::string>& texts) {
    const std::set<DumpObject> made(inventory.objects.begin(), inventory.objects.end());
    for (const TargetObject& object : target.objects) {
        if (object.goes() && secured.contains(object.oid) && made.contains(object.id) &&
            !std::ranges::binary_search(in_dump, RelationName{object.id.schema, object.id.name})) {
            texts.push_back(
                fmt::format("{} of table {}.{}", what, object.id.schema, object.id.name));
        }
    }
}

/// Everyone who may read such a table sees all rows then, or its owner does.
std::vector<std::string> list_lost_row_security(const TargetObjects& target,
                                                const DumpInventory& inventory) {
    std::vector<std::string> texts;
    add_lost_row_security(target, inventory, target.secured_tables, inventory.secured_tables,
                          "row-level security", texts);
    add_lost_row_security(target, inventory, target.forced_tables, inventory.forced_tables,
                          "row-level security for the owner (FORCE)", texts);
    return texts;
}

} // namespace

bool may_change_traits(const DumpInventory& inventory) {
    return !inventory.traits.empty() || !find_loose_sequences(inventory).empty();
}

std::vector<std::string> find_changes(Session& session, const TargetFates& fates,
                                      const DumpInventory& inventory, DropScope scope) {
    const Changes found{fates, inventory, scope};
    std::vector<std::string> texts;
    for (const RelationName& sequence : find_loose_sequences(inventory)) {
        if (found.is_worth_a_word(sequence)) {
            texts.push_back(fmt::format("value of sequence {}.{}", sequence.schema, sequence.name));
        }
    }
    const auto same = find_same_default_privileges(session, inventory, scope);
    for (TargetTrait& trait : read_traits(session)) {
        if (found.changes(trait) && !same.contains(trait.id)) {
            texts.push_back(std::move(trait.text));
        }
    }
    std::ranges::move(list_lost_row_security(fates.target, inventory), std::back_inserter(texts));
    return texts;
}

} // namespace dbbackup::pg
