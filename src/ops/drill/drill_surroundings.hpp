#pragma once

#include "ops/drill/scratch_database.hpp"
#include "ops/read/dump_check.hpp"

namespace dbbackup::ops {

/// Makes in `scratch` what the dump needs around it and does not make itself: on a throwaway server
/// roles and tablespaces, and everywhere the schemas of a dump of chosen tables. Throws
/// base::Error.
void make_surroundings(const ScratchDatabase& scratch, const CheckedDump& dump);

} // namespace dbbackup::ops
