#include "pg/target/other_owners.hpp"

#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"

namespace dbbackup::pg {

namespace {

// What the server's first superuser or a predefined role (pg_database_owner) owns is not in
// pg_shdepend, and neither are access methods, casts and transforms, which have no owner; all else
// is. Not every role may read the OIDs of subscriptions.
constexpr const char* k_not_droppable_sql = R"(
with asked as (
  select g.number, g.classid, g.objid, g.schema, g.name
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[]),
    pg_catalog.unnest($3::pg_catalog.text[]), pg_catalog.unnest($4::pg_catalog.text[]))
    with ordinality g (classid, objid, schema, name, number)),
here as (
  select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database()),
owned as (
  select a.number, a.classid, a.objid, a.schema, coalesce(n.nspowner, c.relowner,
    p.proowner, t.typowner, s.subowner, d.refobjid, 10) as owner
  from asked a cross join here
  left join pg_catalog.pg_namespace n on n.oid = a.objid
    and a.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
  left join pg_catalog.pg_class c on c.oid = a.objid
    and a.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
  left join pg_catalog.pg_proc p on p.oid = a.objid
    and a.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
  left join pg_catalog.pg_type t on t.oid = a.objid
    and a.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
  left join pg_catalog.pg_shdepend d on d.classid = a.classid and d.objid = a.objid
    and d.objsubid = 0 and d.deptype = 'o' and d.dbid = here.oid
  left join pg_catalog.pg_subscription s on s.subname = a.name and s.subdbid = here.oid
    and a.classid = 'pg_catalog.pg_subscription'::pg_catalog.regclass)
select o.number - 1, coalesce(r.rolname::pg_catalog.text, '?')
from owned o left join pg_catalog.pg_roles r on r.oid = o.owner
where not pg_catalog.pg_has_role(o.owner, 'usage')
  and not exists (select from pg_catalog.pg_namespace n
    where n.nspname = o.schema and pg_catalog.pg_has_role(n.nspowner, 'usage'))
  and not exists (select from pg_catalog.pg_cast c
    join pg_catalog.pg_type t on t.oid in (c.castsource, c.casttarget)
    where o.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass and c.oid = o.objid
      and pg_catalog.pg_has_role(t.typowner, 'usage'))
  and not exists (select from pg_catalog.pg_transform f
    join pg_catalog.pg_type t on t.oid = f.trftype
    where o.classid = 'pg_catalog.pg_transform'::pg_catalog.regclass and f.oid = o.objid
      and pg_catalog.pg_has_role(t.typowner, 'usage')))";

} // namespace

std::vector<std::string> find_other_owners(Session& session,
                                           const std::vector<const TargetObject*>& objects) {
    std::vector<std::string> classes;
    std::vector<std::string> oids;
    std::vector<std::string> schemas;
    std::vector<std::string> names;
    for (const TargetObject* object : objects) {
        classes.push_back(object->class_oid);
        oids.push_back(object->oid.empty() ? "0" : object->oid);
        schemas.push_back(object->id.schema);
        names.push_back(object->id.name);
    }
    std::vector<std::string> owners(objects.size());
    for (Session::Row& row :
         session.query(k_not_droppable_sql, {array_parameter(classes), array_parameter(oids),
                                             array_parameter(schemas), array_parameter(names)})) {
        owners.at(answered_number(row[0])) = std::move(row[1]);
    }
    return owners;
}

} // namespace dbbackup::pg
