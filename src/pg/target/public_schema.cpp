#include "pg/target/refresh_memberships.hpp"

#include <dbbackup/pg/public_schema.hpp>

namespace dbbackup::pg {

namespace {

// To create it again, also as the role that owns it by default: see create_public.cpp.
constexpr const char* k_must_keep = R"(
select from pg_catalog.pg_namespace n
where n.nspname = 'public' and not (
  pg_catalog.pg_has_role(n.nspowner, 'usage')
  and pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create')
  and (pg_catalog.current_setting('server_version_num')::int < 150000
    or (select pg_catalog.pg_has_role(r.oid, 'member') from pg_catalog.pg_roles r
      where r.rolname = 'pg_database_owner'))))";

} // namespace

bool must_keep_public(Session& session) {
    (void)session.query(k_refresh_memberships);
    return !session.query(k_must_keep).empty();
}

} // namespace dbbackup::pg
