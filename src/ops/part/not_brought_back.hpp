#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/restore.hpp>

namespace dbbackup::ops {

/// Notes in `plan` the objects that depended on the restored part, are gone from the target, and
/// are not restored with that part.
void note_not_brought_back(const TargetServer& server, const CheckedDump& dump,
                           const pg::DumpSummary& restored, RestorePlan& plan);

} // namespace dbbackup::ops
