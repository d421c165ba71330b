#include "pg/target/foreign_extensions.hpp"
#include "pg/target/refresh_memberships.hpp"

#include <dbbackup/pg/public_schema.hpp>

#include <fmt/format.h>
#include <string>

namespace dbbackup::pg {

namespace {

// To create it again, also as the role that owns it by default: see create_public.cpp.
constexpr const char* k_may_not_create = R"(
select from pg_catalog.pg_namespace n
where n.nspname = 'public' and not (
  pg_catalog.pg_has_role(n.nspowner, 'usage')
  and pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create')
  and (pg_catalog.current_setting('server_version_num')::int < 150000
    or (select pg_catalog.pg_has_role(r.oid, 'member') from pg_catalog.pg_roles r
      where r.rolname = 'pg_database_owner'))))";

constexpr const char* k_holds_others_extension =
    "select from pg_catalog.pg_namespace n join {} x on x.schema = n.oid "
    "where n.nspname = 'public'";

bool finds_something(Session& session, const std::string& sql) {
    return !session.query(sql).empty();
}

} // namespace

bool must_keep_public(Session& session) {
    (void)session.query(k_refresh_memberships);
    return finds_something(session, k_may_not_create) ||
           finds_something(session,
                           fmt::format(k_holds_others_extension, k_extensions_not_ours_to_create));
}

} // namespace dbbackup::pg
