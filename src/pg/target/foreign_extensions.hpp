#pragma once

namespace dbbackup::pg {

/// A subquery for SQL: `oid`, `schema` and `owner` of the extensions that belong to a role that
/// ours is not a member of, and that ours could not create again once they were dropped with their
/// schema. Such a schema may be ours to drop.
inline constexpr const char* k_extensions_not_ours_to_create = R"(
(select e.oid, e.extnamespace as schema, e.extowner as owner
  from pg_catalog.pg_extension e
  where not pg_catalog.pg_has_role(e.extowner, 'usage') and exists (
    select from pg_catalog.pg_available_extension_versions v
    where v.name = e.extname and v.version = e.extversion and v.superuser and not v.trusted)))";

} // namespace dbbackup::pg
