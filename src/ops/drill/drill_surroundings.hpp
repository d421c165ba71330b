#pragma once

#include "ops/drill/drill.hpp"
#include "ops/drill/scratch_database.hpp"

namespace dbbackup::ops {

/// Creates in `scratch` what the dump depends on and does not create: on a throwaway server, roles
/// and tablespaces; everywhere, the schemas of a dump of chosen tables. Throws base::Error, also if
/// the server lacks predefined roles that the dump names.
void make_surroundings(const ScratchDatabase& scratch, const DrillJob& job);

} // namespace dbbackup::ops
