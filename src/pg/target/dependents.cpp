#include "pg/target/dependents.hpp"

#include "pg/sql/sql_text.hpp"
#include "pg/target/object_parts.hpp"

#include <algorithm>

namespace dbbackup::pg {

namespace {

// The walk is that of DROP … CASCADE: from an object to all that depends on it or on one of its
// columns, and from an internal part of another object, or a member of an extension, up to the
// whole. What it reaches outside `going` is reported, without parts of what is reported as a whole.
constexpr const char* k_walk_begin = R"(
with recursive going (classid, objid) as (
  select g.classid, g.objid
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)),
reached (classid, objid, objsubid) as (
  select g.classid, g.objid, 0 from going g
  union
  select step.classid, step.objid, step.objsubid
  from reached r, lateral (
    select d.classid, d.objid, d.objsubid
    from pg_catalog.pg_depend d
    where d.refclassid = r.classid and d.refobjid = r.objid
      and (r.objsubid = 0 or d.refobjsubid = r.objsubid)
    union all
    select d.refclassid, d.refobjid, d.refobjsubid
    from pg_catalog.pg_depend d
    where d.classid = r.classid and d.objid = r.objid and r.objsubid = 0
      and d.deptype in ('i', 'e')) step
  where step.classid <> 0),
)";

constexpr const char* k_walk_end = R"(,
lost as (
  select r.classid, r.objid, r.objsubid, coalesce(p.whole_class, r.classid) as whole_class,
    coalesce(p.whole, r.objid) as whole
  from reached r
  left join part p on p.classid = r.classid and p.objid = r.objid
  left join going self on self.classid = r.classid and self.objid = r.objid
  left join going above on above.classid = p.whole_class and above.objid = p.whole
  where self.objid is null and above.objid is null
    and not (r.objsubid = 0 and exists (select from pg_catalog.pg_depend d
      where d.classid = r.classid and d.objid = r.objid and d.deptype in ('i', 'e'))))
select distinct case
    when o.type = 'publication relation' then 'table'
    when o.type = 'publication namespace' then 'schema'
    when o.type like '%column' then 'column'
    when o.type like '%constraint' then 'constraint'
    else o.type end || ' ' || o.identity
from lost l, lateral pg_catalog.pg_identify_object(l.classid, l.objid, l.objsubid) o
where (l.classid = l.whole_class and l.objid = l.whole and l.objsubid = 0)
  or not exists (select from reached w
    where w.classid = l.whole_class and w.objid = l.whole and w.objsubid = 0))";

// TRUNCATE refuses a table if one that is neither emptied nor dropped references it, even one
// without rows.
constexpr const char* k_references_sql = R"(
with recursive emptied (oid) as (
  select e.oid from pg_catalog.unnest($3::pg_catalog.oid[]) e (oid)
  union
  select i.inhrelid from emptied e
  join pg_catalog.pg_class c on c.oid = e.oid and c.relkind = 'p'
  join pg_catalog.pg_inherits i on i.inhparent = e.oid)
select distinct 'constraint ' || o.identity
from pg_catalog.pg_constraint c,
  lateral pg_catalog.pg_identify_object('pg_catalog.pg_constraint'::pg_catalog.regclass, c.oid, 0) o
where c.contype = 'f' and c.confrelid in (select e.oid from emptied e)
  and c.conrelid not in (select e.oid from emptied e)
  and not exists (
    select from rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)
    where g.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and g.objid = c.conrelid))";

// pg_depend lacks these.
constexpr const char* k_subscribed_sql = R"(
select distinct 'table ' || pg_catalog.quote_ident(n.nspname) || '.'
  || pg_catalog.quote_ident(c.relname) || ' in subscription ' || pg_catalog.quote_ident(s.subname)
from pg_catalog.pg_subscription_rel r
join rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)
  on g.objid = r.srrelid and g.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
join pg_catalog.pg_class c on c.oid = r.srrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_stat_subscription s on s.subid = r.srsubid
where s.subname <> all ($3::pg_catalog.text[]))";

template <typename Wanted>
std::string ids_of(const TargetObjects& target, Wanted wanted) {
    std::vector<std::string> ids;
    for (const TargetObject& object : target.objects) {
        if (wanted(object)) {
            ids.push_back(object.id.kind == "subscription" ? object.id.name : object.oid);
        }
    }
    return array_parameter(ids);
}

} // namespace

std::vector<std::string> find_dependents(Session& session, const TargetFates& fates) {
    const TargetObjects& target = fates.target;
    const std::vector<std::string> going = going_parameters(target);
    const std::string emptied =
        ids_of(target, [](const TargetObject& object) { return object.fate == Fate::emptied; });
    const std::string subscriptions = ids_of(target, [](const TargetObject& object) {
        return object.id.kind == "subscription" && object.goes();
    });
    std::vector<std::string> dependents;
    const auto add = [&](const std::string& sql, const std::vector<std::string>& parameters) {
        for (Session::Row& row : session.query(sql, parameters)) {
            dependents.push_back(std::move(row[0]));
        }
    };
    add(k_walk_begin + part_sql(target.version_number) + k_walk_end, going);
    add(k_references_sql, {going[0], going[1], emptied});
    add(k_subscribed_sql, {going[0], going[1], subscriptions});
    std::sort(dependents.begin(), dependents.end());
    return dependents;
}

} // namespace dbbackup::pg
