#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// What a CREATE statement makes, as DumpInventory::objects has it.
[[nodiscard]] std::optional<DumpObject> find_created_object(const ScriptStatement& statement);

/// DumpObject::name of the cast or transform that the statement creates or comments on.
[[nodiscard]] std::string name_between_types(const ScriptStatement& statement);

/// The schema that a CREATE statement makes, or makes something in, or nothing.
[[nodiscard]] std::string find_schema_created_in(const Statement& statement,
                                                 const std::string& search_schema);

/// CREATE EXTENSION.
[[nodiscard]] std::optional<DumpedExtension> find_created_extension(const Statement& statement);

/// The OID at the start of the arguments of a large object function.
[[nodiscard]] std::optional<std::uint32_t> find_oid(std::string_view arguments);

/// SELECT pg_catalog.lo_create('OID'): the OID.
[[nodiscard]] std::optional<std::uint32_t> find_created_large_object(const ScriptStatement&);

} // namespace dbbackup::pg
