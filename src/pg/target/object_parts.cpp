#include "pg/target/object_parts.hpp"

namespace dbbackup::pg {

namespace {

constexpr int k_version_with_published_schemas = 150000;

constexpr const char* k_parts = R"(
part (classid, objid, whole_class, whole) as (
  select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, c.oid,
    case when c.conrelid <> 0 then 'pg_catalog.pg_class'::pg_catalog.regclass
      else 'pg_catalog.pg_type'::pg_catalog.regclass end::pg_catalog.oid,
    case when c.conrelid <> 0 then c.conrelid else c.contypid end
  from pg_catalog.pg_constraint c
  union all
  select o.classid, o.objid, 'pg_catalog.pg_class'::pg_catalog.regclass, o.relation
  from (
    select 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid, d.adrelid
    from pg_catalog.pg_attrdef d
    union all
    select 'pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid, r.ev_class
    from pg_catalog.pg_rewrite r
    union all
    select 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid, t.tgrelid
    from pg_catalog.pg_trigger t
    union all
    select 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid, p.polrelid
    from pg_catalog.pg_policy p
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid, i.indrelid
    from pg_catalog.pg_index i
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass, c.reltype, c.oid
    from pg_catalog.pg_class c where c.reltype <> 0 and c.relkind <> 'c'
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass, t.typarray, c.oid
    from pg_catalog.pg_class c join pg_catalog.pg_type t on t.oid = c.reltype
    where t.typarray <> 0 and c.relkind <> 'c') o (classid, objid, relation)
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid,
    'pg_catalog.pg_type'::pg_catalog.regclass, c.reltype
  from pg_catalog.pg_class c where c.relkind = 'c'
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass, t.typarray,
    'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
  from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.typarray <> 0 and (c.oid is null or c.relkind = 'c')
  union all
  select d.classid, d.objid, d.refclassid, d.refobjid
  from pg_catalog.pg_depend d
  where d.deptype = 'i' and d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
    and (d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
      or exists (select from pg_catalog.pg_type t where t.oid = d.objid and t.typtype = 'm'
        and d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass))
  union all
  select 'pg_catalog.pg_amop'::pg_catalog.regclass, o.oid,
    'pg_catalog.pg_opfamily'::pg_catalog.regclass, o.amopfamily
  from pg_catalog.pg_amop o
  union all
  select 'pg_catalog.pg_amproc'::pg_catalog.regclass, p.oid,
    'pg_catalog.pg_opfamily'::pg_catalog.regclass, p.amprocfamily
  from pg_catalog.pg_amproc p
  union all
  select 'pg_catalog.pg_user_mapping'::pg_catalog.regclass, u.umid,
    'pg_catalog.pg_foreign_server'::pg_catalog.regclass, u.srvid
  from pg_catalog.pg_user_mappings u
  union all
  select 'pg_catalog.pg_default_acl'::pg_catalog.regclass, a.oid,
    'pg_catalog.pg_namespace'::pg_catalog.regclass, a.defaclnamespace
  from pg_catalog.pg_default_acl a
  union all
  select 'pg_catalog.pg_publication_rel'::pg_catalog.regclass, r.oid,
    'pg_catalog.pg_publication'::pg_catalog.regclass, r.prpubid
  from pg_catalog.pg_publication_rel r)";

constexpr const char* k_published_schemas = R"(
  union all
  select 'pg_catalog.pg_publication_namespace'::pg_catalog.regclass, n.oid,
    'pg_catalog.pg_publication'::pg_catalog.regclass, n.pnpubid
  from pg_catalog.pg_publication_namespace n)";

} // namespace

std::string part_sql(int server_version_number) {
    std::string sql = k_parts;
    if (server_version_number >= k_version_with_published_schemas) {
        sql += k_published_schemas;
    }
    return sql + ")";
}

} // namespace dbbackup::pg
