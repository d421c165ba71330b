#include "pg/connect/bare_search_path.hpp"
#include "pg/target/first_column.hpp"
#include "pg/target/foreign_extensions.hpp"
#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/target_limits.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace dbbackup::pg {

namespace {

std::vector<std::string> ask(Session& session, const std::string& sql) {
    const BareSearchPath bare{session};
    return first_column(session.query(sql));
}

// 'O' and 'A': as session_replication_role is `origin` in a restore.
constexpr const char* k_event_triggers = R"(
select e.evtname from pg_catalog.pg_event_trigger e where e.evtenabled in ('O', 'A') order by 1)";

// Objects that users made have OIDs from 16384 on (FirstNormalObjectId in access/transam.h). A
// schema's owner can drop what is in it; but to make an object again for its owner, a role must be
// a member of that owner. What is made with something else belongs to its owner: indexes, and
// internal parts, such as the array of a type, which may be an extension's. Only superusers, such
// as the first (10), make text search parsers and templates, and casts without a function.
constexpr const char* k_unreachable_owners = R"(
with owned (classid, objid, owner) as (
  select 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, n.nspowner
  from pg_catalog.pg_namespace n where n.oid >= 16384 and n.nspname !~ '^pg_'
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, c.relowner
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid >= 16384 and n.nspname !~ '^pg_' and c.relkind not in ('i', 'I')
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, p.proowner
  from pg_catalog.pg_proc p where p.oid >= 16384
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typowner
  from pg_catalog.pg_type t where t.oid >= 16384
  union all
  select 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid, o.oprowner
  from pg_catalog.pg_operator o where o.oid >= 16384
  union all
  select 'pg_catalog.pg_opclass'::pg_catalog.regclass, o.oid, o.opcowner
  from pg_catalog.pg_opclass o where o.oid >= 16384
  union all
  select 'pg_catalog.pg_opfamily'::pg_catalog.regclass, o.oid, o.opfowner
  from pg_catalog.pg_opfamily o where o.oid >= 16384
  union all
  select 'pg_catalog.pg_collation'::pg_catalog.regclass, c.oid, c.collowner
  from pg_catalog.pg_collation c where c.oid >= 16384
  union all
  select 'pg_catalog.pg_conversion'::pg_catalog.regclass, c.oid, c.conowner
  from pg_catalog.pg_conversion c where c.oid >= 16384
  union all
  select 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, d.oid, d.dictowner
  from pg_catalog.pg_ts_dict d where d.oid >= 16384
  union all
  select 'pg_catalog.pg_ts_config'::pg_catalog.regclass, c.oid, c.cfgowner
  from pg_catalog.pg_ts_config c where c.oid >= 16384
  union all
  select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid, s.stxowner
  from pg_catalog.pg_statistic_ext s
  union all
  select 'pg_catalog.pg_largeobject_metadata'::pg_catalog.regclass, l.oid, l.lomowner
  from pg_catalog.pg_largeobject_metadata l
  union all
  select 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, p.oid, 10
  from pg_catalog.pg_ts_parser p where p.oid >= 16384
  union all
  select 'pg_catalog.pg_ts_template'::pg_catalog.regclass, t.oid, 10
  from pg_catalog.pg_ts_template t where t.oid >= 16384
  union all
  select 'pg_catalog.pg_cast'::pg_catalog.regclass, c.oid, 10
  from pg_catalog.pg_cast c where c.oid >= 16384 and c.castmethod = 'b'
    and exists (select from pg_catalog.pg_type t where t.oid in (c.castsource, c.casttarget)
      and pg_catalog.pg_has_role(t.typowner, 'usage'))
  union all
  select 'pg_catalog.pg_default_acl'::pg_catalog.regclass, a.oid, a.defaclrole
  from pg_catalog.pg_default_acl a)
select distinct r.rolname from owned o join pg_catalog.pg_roles r on r.oid = o.owner
where not pg_catalog.pg_has_role(o.owner, 'member')
  and not exists (select from pg_catalog.pg_depend d
    where d.classid = o.classid and d.objid = o.objid and d.deptype in ('e', 'i'))
union
select r.rolname from {} x join pg_catalog.pg_roles r on r.oid = x.owner
join pg_catalog.pg_namespace n on n.oid = x.schema
where n.nspname not in ('public', 'pg_catalog')
  and not exists (select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objid = n.oid
      and d.deptype = 'e')
order by 1)";

constexpr const char* k_extensions_of_others = R"(
select from pg_catalog.pg_extension e
where e.extname <> 'plpgsql' and not pg_catalog.pg_has_role(e.extowner, 'usage'))";

// pg_init_privs has the privileges that initdb and extensions set, but not those in
// information_schema. Schemas of temporary tables stay once there was one.
constexpr const char* k_signs_of_use = R"(
select 'replication slot' where exists (select from pg_catalog.pg_replication_slots s
  where s.database = pg_catalog.current_database())
union all
select 'object' where exists (
  select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid >= 16384 and n.nspname !~ '^pg_(toast_)?temp_')
or exists (select from pg_catalog.pg_proc p where p.oid >= 16384)
or exists (select from pg_catalog.pg_type t where t.oid >= 16384)
or exists (select from pg_catalog.pg_language l where l.oid >= 16384)
or exists (select from pg_catalog.pg_namespace n
  where n.nspname in ('pg_catalog', 'information_schema') and n.nspowner <> 10)
union all
select 'privilege' where exists (
  with allowed (classid, objid, subid, schema, owner, acl) as (
    select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0, c.relnamespace, c.relowner,
      c.relacl from pg_catalog.pg_class c
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass, a.attrelid, a.attnum, c.relnamespace,
      c.relowner, a.attacl
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    union all
    select 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0, p.pronamespace, p.proowner,
      p.proacl from pg_catalog.pg_proc p
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, t.typnamespace, t.typowner,
      t.typacl from pg_catalog.pg_type t
    union all
    select 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 0, 0, l.lanowner, l.lanacl
    from pg_catalog.pg_language l
    union all
    select 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, 0, n.oid, n.nspowner, n.nspacl
    from pg_catalog.pg_namespace n where n.nspname in ('pg_catalog', 'information_schema'))
  select from allowed a left join pg_catalog.pg_init_privs i
    on i.classoid = a.classid and i.objoid = a.objid and i.objsubid = a.subid
  left join pg_catalog.pg_namespace n on n.oid = a.schema
  where a.acl is not null and case when n.nspname = 'information_schema'
    then exists (select from pg_catalog.aclexplode(a.acl) x where x.grantee not in (0, a.owner))
    else a.acl is distinct from i.initprivs end)
union all
select 'comment' where exists (
  select from pg_catalog.pg_description d
  where d.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass
    and d.description <> 'PL/pgSQL procedural language'))";

} // namespace

std::vector<std::string> find_firing_event_triggers(Session& session) {
    return ask(session, k_event_triggers);
}

std::vector<std::string> find_unreachable_owners(Session& session) {
    return ask(session, fmt::format(k_unreachable_owners, k_extensions_not_ours_to_create));
}

bool holds_something_of_others(Session& session) {
    const BareSearchPath bare{session};
    const TargetObjects target = read_target_objects(session);
    return target.keeps_public ||
           std::ranges::any_of(
               target.objects,
               [](const TargetObject& object) { return !object.other_owner.empty(); }) ||
           !session.query(k_extensions_of_others).empty() ||
           !find_unreachable_owners(session).empty();
}

bool was_never_used(Session& session) {
    return ask(session, k_signs_of_use).empty();
}

} // namespace dbbackup::pg
