#pragma once

#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/target.hpp>

#include <vector>

namespace dbbackup::pg {

/// How the columns change from `now` to `after`. Types are compared only if both are known.
[[nodiscard]] ColumnChanges find_column_changes(const std::vector<TableColumn>& now,
                                                const std::vector<TableColumn>& after);

/// Sets TargetTable::columns of the tables that are dropped and that the dump makes again.
/// `objects` and `tables` describe the same tables. The session's search_path must be bare.
void compare_columns(Session& session, const std::vector<const TargetObject*>& objects,
                     const DumpInventory& inventory, std::vector<TargetTable>& tables);

} // namespace dbbackup::pg
