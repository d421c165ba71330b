#pragma once

namespace dbbackup::pg {

/// If pg_hba.conf names groups ("+staff"), the server looks up a role's memberships at login,
/// before it knows the database, and caches them: the database's owner would not be a member of
/// pg_database_owner. Looking up another role's replaces them, those that are inherited apart from
/// the others.
inline constexpr const char* k_refresh_memberships =
    "select pg_catalog.pg_has_role('pg_monitor', 'pg_read_all_stats', k.kind) "
    "from pg_catalog.unnest('{member,usage}'::pg_catalog.text[]) k (kind)";

} // namespace dbbackup::pg
