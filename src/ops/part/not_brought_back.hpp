#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/restore.hpp>

namespace dbbackup::ops {

/// Notes in `plan` what depended on the part that is restored, is gone from the target, and does
/// not come back with that part.
void note_not_brought_back(const TargetServer& server, const CheckedDump& dump,
                           const pg::DumpSummary& restored, RestorePlan& plan);

} // namespace dbbackup::ops
