#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// What the dump makes but the target already has and keeps; for a table that the dump only has
/// rows for, its rows. Kinds besides those of DumpInventory: "schema", "large object" and "rows of
/// table". `rows` are the tables that have any.
[[nodiscard]] std::vector<DumpObject> find_conflicts(const TargetFates& fates,
                                                     const DumpInventory& inventory,
                                                     const std::vector<TargetTable>& tables);

} // namespace dbbackup::pg
