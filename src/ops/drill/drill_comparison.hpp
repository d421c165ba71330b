#pragma once

#include "ops/drill/drill.hpp"
#include "ops/drill/scratch_database.hpp"

namespace dbbackup::ops {

/// Dumps the restored copy, and compares it with the dump: tables with their rows, sequences, large
/// objects, all other objects and, if it can be expected to match, the text of the schema. Adds the
/// comparisons and differences to `report`. Throws DamagedDump if the dump has changed in the
/// meantime, and base::Error{failed} if the copy cannot be read.
void compare_copy(const ScratchDatabase& scratch, const DrillJob& job, DrillReport& report);

} // namespace dbbackup::ops
