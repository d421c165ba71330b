#pragma once

#include "pg/sql/statement.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <vector>

namespace dbbackup::pg {

/// What an ALTER DEFAULT PRIVILEGES of pg_dump changes for `trait`, which is find_trait()'s.
[[nodiscard]] std::vector<DefaultPrivilegeChange>
find_default_privilege_changes(const Statement& statement, const DumpedTrait& trait);

} // namespace dbbackup::pg
