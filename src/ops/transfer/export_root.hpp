#pragma once

#include "ops/transfer/export_plan.hpp"

#include <cstdint>
#include <vector>

namespace dbbackup::ops {

/// The rows of one table that hang on the root.
struct ReachedRows {
    std::vector<pg::RowId> ids; ///< sorted
    std::vector<ExportPath> paths;
    bool is_reached = false; ///< a foreign key leads there, even if to no row
};

/// The row that `root` names and all that refer to it by foreign keys, directly or by others, in
/// the order of `plan.tables`; rows of other tables are not followed. Memory grows with these rows,
/// by eight bytes for each. Throws base::Error: {usage} if table or column does not exist, {failed}
/// if the row does not, and {refused} if there are several.
[[nodiscard]] std::vector<ReachedRows> find_reached_rows(pg::Session& session,
                                                         const WantedRoot& root,
                                                         const ExportPlan& plan,
                                                         Listener& listener);

} // namespace dbbackup::ops
