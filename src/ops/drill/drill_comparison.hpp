#pragma once

#include "ops/drill/drill.hpp"
#include "ops/drill/scratch_database.hpp"

namespace dbbackup::ops {

/// Dumps the restored copy, and compares it with the dump: tables with their rows, sequences, large
/// objects, all other objects and, where it can be expected to be the same, the text of the schema.
/// Adds to `report` what was compared and what differs. Throws DamagedDump if the dump has
/// changed meanwhile, and base::Error{failed} where the copy cannot be read.
void compare_copy(const ScratchDatabase& scratch, const DrillJob& job, DrillReport& report);

} // namespace dbbackup::ops
