#include "pg/connect/bare_search_path.hpp"
#include "pg/target/first_column.hpp"

#include <dbbackup/pg/target_limits.hpp>

namespace dbbackup::pg {

namespace {

std::vector<std::string> ask(Session& session, const char* sql) {
    const BareSearchPath bare{session};
    return first_column(session.query(sql));
}

// 'O' and 'A': as session_replication_role is `origin` in a restore.
constexpr const char* k_event_triggers = R"(
select e.evtname from pg_catalog.pg_event_trigger e where e.evtenabled in ('O', 'A') order by 1)";

// Objects that users made have OIDs from 16384 on (FirstNormalObjectId in access/transam.h). A
// schema's owner can drop what is in it; but to make an object again for its owner, a role must be
// a member of that owner. What is made with something else belongs to its owner: indexes, and
// internal parts, such as the array of a type, which may be an extension's.
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
  select 'pg_catalog.pg_default_acl'::pg_catalog.regclass, a.oid, a.defaclrole
  from pg_catalog.pg_default_acl a)
select distinct r.rolname from owned o join pg_catalog.pg_roles r on r.oid = o.owner
where not pg_catalog.pg_has_role(o.owner, 'member')
  and not exists (select from pg_catalog.pg_depend d
    where d.classid = o.classid and d.objid = o.objid and d.deptype in ('e', 'i'))
order by 1)";

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
    return ask(session, k_unreachable_owners);
}

bool was_never_used(Session& session) {
    return ask(session, k_signs_of_use).empty();
}

} // namespace dbbackup::pg
