#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// Objects of one kind for one DROP, whatever the dependencies among them.
using DropBatch = std::vector<const TargetObject*>;

struct DropStep {
    DropBatch batch;
    /// Objects of other kinds, which come later, depend on it and it on them: such as a table whose
    /// check calls a function that takes a row of it.
    bool is_tangled = false;
};

/// `objects` in batches, dependent ones first. The session's search_path must be bare.
[[nodiscard]] std::vector<DropStep> order_drops(Session& session, const DropBatch& objects,
                                                int server_version_number);

} // namespace dbbackup::pg
