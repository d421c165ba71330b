#pragma once

#include "ops/transfer/export_plan.hpp"

#include <vector>

namespace dbbackup::ops {

/// Puts the keys of parents in place of ids. Throws base::Error: {usage} if a column does not exist
/// or does not refer to that table, {refused} if the key does not tell the parents apart.
void refer_by_keys(pg::Session& session, const std::vector<WantedReference>& references,
                   const pg::LiveState& state, ExportPlan& plan);

} // namespace dbbackup::ops
