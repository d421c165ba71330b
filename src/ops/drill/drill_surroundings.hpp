#pragma once

#include "ops/drill/scratch_database.hpp"
#include "ops/read/dump_check.hpp"

namespace dbbackup::ops {

/// Creates in `scratch` what the dump depends on and does not create: on a throwaway server, roles
/// and tablespaces; everywhere, the schemas of a dump of chosen tables. Throws base::Error.
void make_surroundings(const ScratchDatabase& scratch, const CheckedDump& dump);

} // namespace dbbackup::ops
