#include "pg/target/target_objects_sql.hpp"

#include <array>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

// Objects with an OID below 16384 are PostgreSQL's own; inside schemas, the schema decides.

constexpr const char* k_begin = R"(
with place as (
  select n.oid, n.nspname, pg_catalog.quote_ident(n.nspname) as quoted
  from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
owned as (
  select d.objid, pg_catalog.min(d.refobjid::pg_catalog.text) as table_oid
  from pg_catalog.pg_depend d
  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and d.deptype in ('a', 'i') and d.refobjsubid > 0
  group by d.objid),
found (class, oid, kind, schema, name, sql, table_oid, relkind, readable) as (
  select 'pg_catalog.pg_namespace'::pg_catalog.regclass, p.oid, 'schema', '',
    p.nspname::pg_catalog.text, p.quoted, '', '', ''
  from place p)";

constexpr const char* k_relations = R"(
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid,
    case c.relkind when 'r' then 'table' when 'p' then 'table' when 'f' then 'foreign table'
      when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
      else 'index' end,
    p.nspname, c.relname, p.quoted || '.' || pg_catalog.quote_ident(c.relname),
    case when c.relkind in ('i', 'I') then i.indrelid::pg_catalog.text
      when c.relkind = 'S' then o.table_oid else '' end,
    c.relkind::pg_catalog.text,
    case when c.relkind <> 'r' then ''
      when pg_catalog.has_schema_privilege(p.oid, 'usage')
        and pg_catalog.has_table_privilege(c.oid, 'select')
        and not pg_catalog.row_security_active(c.oid) then 'yes' else 'no' end
  from pg_catalog.pg_class c
  join place p on p.oid = c.relnamespace
  left join pg_catalog.pg_index i on i.indexrelid = c.oid
  left join owned o on o.objid = c.oid
  where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I'))";

// Neither the row types of tables, nor arrays and multiranges, nor the constructors and casts of
// ranges: they are made and dropped with something else. Looked up one by one: for joins that find
// nothing the planner expects a single row, and then compares each type with each schema or
// relation.
constexpr const char* k_types_and_routines = R"(
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid,
    case t.typtype when 'd' then 'domain' else 'type' end, p.nspname, t.typname,
    p.quoted || '.' || pg_catalog.quote_ident(t.typname), '', '', ''
  from pg_catalog.pg_type t
  join place p on p.oid = t.typnamespace
  where t.typtype <> 'm'
    and (t.typrelid = 0
      or (select c.relkind from pg_catalog.pg_class c where c.oid = t.typrelid) = 'c')
    and coalesce((select element.typarray from pg_catalog.pg_type element
      where element.oid = t.typelem), 0) <> t.oid
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass, r.oid,
    case r.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
    p.nspname, r.proname,
    (pg_catalog.pg_identify_object('pg_catalog.pg_proc'::pg_catalog.regclass, r.oid, 0)).identity,
    '', '', ''
  from pg_catalog.pg_proc r
  join place p on p.oid = r.pronamespace
  where not exists (select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = r.oid
      and d.deptype = 'i'))";

constexpr const char* k_types_between = R"(
  union all
  select 'pg_catalog.pg_cast'::pg_catalog.regclass, c.oid, 'cast', '', t.text,
    '(' || t.text || ')', '', '', ''
  from pg_catalog.pg_cast c, lateral (select pg_catalog.format_type(c.castsource, null) || ' AS '
    || pg_catalog.format_type(c.casttarget, null)) t (text)
  where c.oid >= 16384 and not exists (select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass and d.objid = c.oid
      and d.deptype = 'i')
  union all
  select 'pg_catalog.pg_transform'::pg_catalog.regclass, f.oid, 'transform', '', t.text, t.text,
    '', '', ''
  from pg_catalog.pg_transform f
  join pg_catalog.pg_language l on l.oid = f.trflang, lateral (select 'FOR '
    || pg_catalog.format_type(f.trftype, null) || ' LANGUAGE '
    || pg_catalog.quote_ident(l.lanname)) t (text)
  where f.oid >= 16384
  union all
  select 'pg_catalog.pg_subscription'::pg_catalog.regclass, null, 'subscription', '', s.subname,
    pg_catalog.quote_ident(s.subname), '', '', ''
  from pg_catalog.pg_subscription s
  join pg_catalog.pg_database b on b.oid = s.subdbid
  where b.datname = pg_catalog.current_database())";

constexpr const char* k_end = R"()
select f.class::pg_catalog.oid, f.oid, f.kind, f.schema, f.name, f.sql, e.extname, f.table_oid,
  f.relkind, f.readable
from found f
left join pg_catalog.pg_depend d on d.classid = f.class and d.objid = f.oid and d.objsubid = 0
  and d.deptype = 'e' and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
left join pg_catalog.pg_extension e on e.oid = d.refobjid
order by f.class, f.schema, f.name, f.sql)";

struct Class {
    const char* catalog;
    const char* kind;
    const char* prefix; ///< of its columns' names
};

constexpr std::array k_classes_in_schemas{
    Class{"pg_operator", "operator", "opr"},
    Class{"pg_opclass", "operator class", "opc"},
    Class{"pg_opfamily", "operator family", "opf"},
    Class{"pg_collation", "collation", "coll"},
    Class{"pg_conversion", "conversion", "con"},
    Class{"pg_ts_parser", "text search parser", "prs"},
    Class{"pg_ts_dict", "text search dictionary", "dict"},
    Class{"pg_ts_template", "text search template", "tmpl"},
    Class{"pg_ts_config", "text search configuration", "cfg"},
    Class{"pg_statistic_ext", "statistics", "stx"},
};

constexpr std::array k_classes_outside{
    Class{"pg_event_trigger", "event trigger", "evt"},
    Class{"pg_publication", "publication", "pub"},
    Class{"pg_foreign_data_wrapper", "foreign data wrapper", "fdw"},
    Class{"pg_foreign_server", "server", "srv"},
    Class{"pg_language", "language", "lan"},
    Class{"pg_am", "access method", "am"},
};

std::string query_in_schemas(const Class& objects) {
    return fmt::format(R"(
  union all
  select 'pg_catalog.{0}'::pg_catalog.regclass, o.oid, '{1}', p.nspname, o.{2}name,
    (pg_catalog.pg_identify_object('pg_catalog.{0}'::pg_catalog.regclass, o.oid, 0)).identity,
    '', '', ''
  from pg_catalog.{0} o join place p on p.oid = o.{2}namespace)",
                       objects.catalog, objects.kind, objects.prefix);
}

std::string query_outside(const Class& objects) {
    return fmt::format(R"(
  union all
  select 'pg_catalog.{0}'::pg_catalog.regclass, o.oid, '{1}', '', o.{2}name,
    pg_catalog.quote_ident(o.{2}name), '', '', ''
  from pg_catalog.{0} o where o.oid >= 16384)",
                       objects.catalog, objects.kind, objects.prefix);
}

} // namespace

std::string target_objects_sql() {
    std::string sql = k_begin;
    sql += k_relations;
    sql += k_types_and_routines;
    for (const Class& objects : k_classes_in_schemas) {
        sql += query_in_schemas(objects);
    }
    for (const Class& objects : k_classes_outside) {
        sql += query_outside(objects);
    }
    sql += k_types_between;
    return sql + k_end;
}

} // namespace dbbackup::pg
