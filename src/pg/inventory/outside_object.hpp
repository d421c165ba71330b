#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <optional>

namespace dbbackup::pg {

/// The object outside schemas that a statement of pg_dump creates or sets something for: as
/// DumpInventory::objects has it. For a user mapping, its server.
[[nodiscard]] std::optional<DumpObject> find_outside_object(const ScriptStatement& statement);

} // namespace dbbackup::pg
