#include "pg/connect/bare_search_path.hpp"

#include <dbbackup/pg/default_privileges.hpp>

#include <set>
#include <tuple>

namespace dbbackup::pg {

namespace {

// A row for each statement: the role, the schema, the kind of object; "suspend" or "resume"; the
// statement. Each first revokes everything from everybody, and then grants PostgreSQL's own
// defaults or what was set. Within a schema PostgreSQL has no defaults.
constexpr const char* k_statements_sql = R"(
with entry as (
  select a.oid, a.defaclrole, a.defaclnamespace, a.defaclobjtype, a.defaclacl as own,
    pg_catalog.format('alter default privileges for role %I', r.rolname)
      || coalesce(' in schema ' || pg_catalog.quote_ident(n.nspname), '') as head,
    case a.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
      when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end as things,
    case when a.defaclnamespace = 0 then pg_catalog.acldefault(
      case a.defaclobjtype when 'S' then 's' else a.defaclobjtype end, a.defaclrole) end as initial
  from pg_catalog.pg_default_acl a
  join pg_catalog.pg_roles r on r.oid = a.defaclrole
  left join pg_catalog.pg_namespace n on n.oid = a.defaclnamespace
  where pg_catalog.pg_has_role(a.defaclrole, 'usage')
    and (n.oid is null or pg_catalog.has_schema_privilege(n.oid, 'create'))),
granted as (
  select e.oid, 'resume' as what, x.grantee, x.privilege_type, x.is_grantable
  from entry e, lateral pg_catalog.aclexplode(e.own) x
  union all
  select e.oid, 'suspend', x.grantee, x.privilege_type, x.is_grantable
  from entry e, lateral pg_catalog.aclexplode(e.initial) x),
named as (
  select g.oid, g.what, g.privilege_type, g.is_grantable,
    case when g.grantee = 0 then 'public' else pg_catalog.quote_ident(r.rolname) end as grantee
  from granted g left join pg_catalog.pg_roles r on r.oid = g.grantee
  where g.grantee = 0 or r.oid is not null),
statement as (
  select distinct n.oid, w.what, 1 as step,
    pg_catalog.format(' revoke all on %s from %s', e.things, n.grantee) as text
  from named n join entry e on e.oid = n.oid, (values ('suspend'), ('resume')) w (what)
  union all
  select n.oid, n.what, 2, pg_catalog.format(' grant %s on %s to %s%s', n.privilege_type, e.things,
    n.grantee, case when n.is_grantable then ' with grant option' else '' end)
  from named n join entry e on e.oid = n.oid)
select e.defaclrole, e.defaclnamespace, e.defaclobjtype, s.what, e.head || s.text
from statement s join entry e on e.oid = s.oid
order by e.oid, s.what, s.step, s.text)";

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(const DefaultPrivileges& one) {
    return {one.role_oid, one.schema_oid, one.object_kind};
}

} // namespace

std::vector<DefaultPrivileges> suspend_default_privileges(Session& session) {
    const BareSearchPath bare{session};
    std::vector<DefaultPrivileges> suspended;
    for (Session::Row& row : session.query(k_statements_sql)) {
        if (suspended.empty() || key_of(suspended.back()) != Key{row[0], row[1], row[2]}) {
            suspended.push_back({row[0], row[1], row[2], {}});
        }
        if (row[3] == "suspend") {
            session.execute(row[4]);
        } else {
            suspended.back().restoring_statements.push_back(std::move(row[4]));
        }
    }
    return suspended;
}

void resume_default_privileges(Session& session, const std::vector<DefaultPrivileges>& suspended) {
    const BareSearchPath bare{session};
    std::set<Key> set_anew;
    for (Session::Row& row :
         session.query("select a.defaclrole, a.defaclnamespace, a.defaclobjtype "
                       "from pg_catalog.pg_default_acl a")) {
        set_anew.emplace(std::move(row[0]), std::move(row[1]), std::move(row[2]));
    }
    for (const DefaultPrivileges& one : suspended) {
        if (set_anew.count(key_of(one)) == 0) {
            for (const std::string& statement : one.restoring_statements) {
                session.execute(statement);
            }
        }
    }
}

} // namespace dbbackup::pg
