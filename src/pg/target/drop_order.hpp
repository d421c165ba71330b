#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// Objects of one kind for one DROP, whatever the dependencies among them.
using DropBatch = std::vector<const TargetObject*>;

/// `objects` in batches, dependent ones first. The session's search_path must be bare.
[[nodiscard]] std::vector<DropBatch> order_drops(Session& session, const DropBatch& objects,
                                                 int server_version_number);

} // namespace dbbackup::pg
