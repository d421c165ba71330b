#include "pg/connect/bare_search_path.hpp"
#include "pg/sql/sql_text.hpp"
#include "pg/target/target_fates.hpp"

#include <dbbackup/pg/target.hpp>

#include <algorithm>
#include <set>

namespace dbbackup::pg {

namespace {

// What belongs to a table that stays. Built from the catalogs' columns, because
// pg_identify_object() takes seconds for the columns of ten thousand tables.
constexpr const char* k_parts_of_tables = R"(
with gone (classid, objid) as (
  select g.classid, g.objid
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)),
relation as (
  select c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
    as name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join gone
    on gone.classid = case when c.relkind = 'c' then 'pg_catalog.pg_type'::pg_catalog.regclass
      else 'pg_catalog.pg_class'::pg_catalog.regclass end
    and gone.objid = case when c.relkind = 'c' then c.reltype else c.oid end
  where c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema' and gone.objid is null)
select 'column ' || r.name || '.' || pg_catalog.quote_ident(a.attname)
  || case when a.atthasdef then ' with default' else '' end
from pg_catalog.pg_attribute a join relation r on r.oid = a.attrelid
where a.attnum > 0 and not a.attisdropped
union all
select 'constraint ' || pg_catalog.quote_ident(c.conname) || ' on ' || r.name
from pg_catalog.pg_constraint c join relation r on r.oid = c.conrelid
union all
select 'trigger ' || pg_catalog.quote_ident(t.tgname) || ' on ' || r.name
from pg_catalog.pg_trigger t join relation r on r.oid = t.tgrelid
where not t.tgisinternal
union all
select 'policy ' || pg_catalog.quote_ident(p.polname) || ' on ' || r.name
from pg_catalog.pg_policy p join relation r on r.oid = p.polrelid
union all
select 'rule ' || pg_catalog.quote_ident(w.rulename) || ' on ' || r.name
from pg_catalog.pg_rewrite w join relation r on r.oid = w.ev_class
union all
select 'table ' || r.name || ' in publication ' || pg_catalog.quote_ident(p.pubname)
from pg_catalog.pg_publication_rel m
join pg_catalog.pg_publication p on p.oid = m.prpubid
join relation r on r.oid = m.prrelid
where not exists (select from gone
  where gone.classid = 'pg_catalog.pg_publication'::pg_catalog.regclass and gone.objid = p.oid)
union all
select 'parent ' || b.name || ' of ' || r.name
from pg_catalog.pg_inherits i
join relation r on r.oid = i.inhrelid
join relation b on b.oid = i.inhparent)";

constexpr const char* k_parts_of_others = R"(
with gone (classid, objid) as (
  select g.classid, g.objid
  from rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)),
part (classid, objid, whole_class, whole) as (
  select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, c.oid,
    'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, c.contypid
  from pg_catalog.pg_constraint c where c.contypid >= 16384
  union all
  select 'pg_catalog.pg_user_mapping'::pg_catalog.regclass, m.umid,
    'pg_catalog.pg_foreign_server'::pg_catalog.regclass, m.srvid
  from pg_catalog.pg_user_mappings m
  union all
  select 'pg_catalog.pg_default_acl'::pg_catalog.regclass, a.oid,
    'pg_catalog.pg_namespace'::pg_catalog.regclass, a.defaclnamespace
  from pg_catalog.pg_default_acl a where not $3::pg_catalog.bool)
select o.type || ' ' || o.identity
from part p, lateral pg_catalog.pg_identify_object(p.classid, p.objid, 0) o
where not exists (select from gone
  where gone.classid = p.whole_class and gone.objid = p.whole))";

constexpr const char* k_published_schemas = R"(
select 'schema ' || pg_catalog.quote_ident(n.nspname) || ' in publication '
  || pg_catalog.quote_ident(p.pubname)
from pg_catalog.pg_publication_namespace m
join pg_catalog.pg_publication p on p.oid = m.pnpubid
join pg_catalog.pg_namespace n on n.oid = m.pnnspid
where not exists (
  select from rows from (pg_catalog.unnest($1::pg_catalog.oid[]),
    pg_catalog.unnest($2::pg_catalog.oid[])) g (classid, objid)
  where g.classid = 'pg_catalog.pg_publication'::pg_catalog.regclass and g.objid = p.oid
    or g.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and g.objid = n.oid))";

constexpr int k_version_with_published_schemas = 150000;

std::vector<std::string> list_wholes(const TargetFates& fates) {
    std::vector<std::string> names;
    for (const TargetObject& object : fates.target.objects) {
        if (!object.goes() && object.extension.empty()) {
            names.push_back(object.id.kind + " " + object.sql);
        }
    }
    for (const TargetExtension& extension : fates.target.extensions) {
        if (!extension.goes()) {
            names.push_back("extension " + quote_identifier(extension.id.name));
        }
    }
    const std::set<std::uint32_t> dropped{fates.large_objects.begin(), fates.large_objects.end()};
    for (const std::uint32_t oid : fates.target.large_objects) {
        if (dropped.count(oid) == 0) {
            names.push_back("large object " + std::to_string(oid));
        }
    }
    return names;
}

} // namespace

std::vector<std::string> list_bystanders(Session& session, const DumpSummary& dump,
                                         DropScope scope) {
    const BareSearchPath bare{session};
    const TargetFates fates = decide_fates(read_target_objects(session), dump, scope);
    const std::vector<std::string> going = going_parameters(fates.target);
    std::vector<std::string> names = list_wholes(fates);
    const auto add = [&](const char* sql, const std::vector<std::string>& parameters) {
        for (Session::Row& row : session.query(sql, parameters)) {
            names.push_back(std::move(row[0]));
        }
    };
    add(k_parts_of_tables, going);
    // Default privileges of all schemas belong to no dropped schema.
    add(k_parts_of_others, {going[0], going[1], scope == DropScope::everything ? "true" : "false"});
    if (fates.target.version_number >= k_version_with_published_schemas) {
        add(k_published_schemas, going);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

} // namespace dbbackup::pg
