#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// What the dump makes, or of a table that it only has rows for the rows, where the target has its
/// like already and keeps it. Kinds beside those of DumpInventory: "schema", "large object" and
/// "rows of table". `rows` are the tables that hold any.
[[nodiscard]] std::vector<DumpObject> find_conflicts(const TargetFates& fates,
                                                     const DumpInventory& inventory,
                                                     const std::vector<TargetTable>& tables);

} // namespace dbbackup::pg
