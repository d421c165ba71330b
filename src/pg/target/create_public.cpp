#include "pg/target/create_public.hpp"

#include "pg/sql/sql_text.hpp"
#include "pg/target/refresh_memberships.hpp"

namespace dbbackup::pg {

namespace {

constexpr int k_version_with_database_owner = 150000;

// initdb's owner is the server's first superuser; only superusers can create it for that role.
constexpr const char* k_owner_before_15_sql = R"(
select r.rolname from pg_catalog.pg_roles r
where r.oid = case when pg_catalog.current_setting('is_superuser') = 'on' then 10
  else (select u.oid from pg_catalog.pg_roles u where u.rolname = current_user) end)";

// To whom the default privileges of the owner grant something.
constexpr const char* k_grantees_sql = R"(
select distinct case a.grantee when 0 then 'public' else pg_catalog.quote_ident(g.rolname) end
from pg_catalog.pg_default_acl d
join pg_catalog.pg_roles r on r.oid = d.defaclrole,
  lateral pg_catalog.aclexplode(d.defaclacl) a
left join pg_catalog.pg_roles g on g.oid = a.grantee
where r.rolname = $1 and d.defaclobjtype = 'n' and d.defaclnamespace = 0
order by 1)";

/// With all privileges of its owner and no others, whatever the owner's default privileges are.
void add_creation(std::vector<std::string>& statements, Session& session,
                  const std::string& owner) {
    const std::string name = quote_identifier(owner);
    statements.push_back("create schema public authorization " + name);
    for (const Session::Row& row : session.query(k_grantees_sql, {owner})) {
        statements.push_back("revoke all on schema public from " + row[0]);
    }
    statements.push_back("grant all on schema public to " + name);
}

} // namespace

std::vector<std::string> create_public(Session& session, int version_number, bool closed) {
    std::vector<std::string> statements;
    if (version_number >= k_version_with_database_owner) {
        statements.emplace_back(k_refresh_memberships);
        add_creation(statements, session, "pg_database_owner");
        statements.emplace_back("grant usage on schema public to public");
    } else {
        add_creation(statements, session, session.query(k_owner_before_15_sql).at(0).at(0));
        statements.emplace_back(closed ? "grant usage on schema public to public"
                                       : "grant usage, create on schema public to public");
    }
    statements.emplace_back("comment on schema public is 'standard public schema'");
    return statements;
}

} // namespace dbbackup::pg
