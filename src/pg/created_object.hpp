#pragma once

#include "pg/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// What a CREATE statement makes, as DumpInventory::objects takes it; `sql` is its text. The schema
/// is empty where the name is not qualified.
[[nodiscard]] std::optional<DumpObject> find_created_object(const ScriptStatement& statement);

/// True for kinds that live in a schema: an unqualified name is in that of the search_path.
[[nodiscard]] bool lives_in_schema(const DumpObject& object);

/// CREATE SCHEMA: its name.
[[nodiscard]] std::optional<std::string> find_created_schema(const Statement& statement);

/// CREATE EXTENSION.
[[nodiscard]] std::optional<DumpedExtension> find_created_extension(const Statement& statement);

/// SELECT pg_catalog.lo_create('OID'): the OID.
[[nodiscard]] std::optional<std::uint32_t> find_created_large_object(const ScriptStatement&);

/// Roles that must be there for the statement to succeed.
[[nodiscard]] std::vector<std::string> find_roles(const Statement& statement);

} // namespace dbbackup::pg
