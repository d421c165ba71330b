#pragma once

#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/target.hpp>

#include <vector>

namespace dbbackup::pg {

/// What becomes of columns with `now` once there are those of `after`. Types are compared only if
/// both are known.
[[nodiscard]] ColumnChanges find_column_changes(const std::vector<TableColumn>& now,
                                                const std::vector<TableColumn>& after);

/// Sets TargetTable::columns of those tables that are dropped and that the dump makes again.
/// `objects` and `tables` are about the same ones. The session's search_path must be bare.
void compare_columns(Session& session, const std::vector<const TargetObject*>& objects,
                     const DumpInventory& inventory, std::vector<TargetTable>& tables);

} // namespace dbbackup::pg
