#pragma once

#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/target.hpp>

namespace dbbackup::pg {

/// What becomes of all that the target holds. DropPlan is what follows from it.
struct TargetFates {
    TargetObjects target;                     ///< with the fate of each
    std::vector<std::uint32_t> large_objects; ///< that are dropped
    bool remakes_public = false;              ///< also if the target lacks it and the dump needs it
};

/// By what the dump and `scope` want.
[[nodiscard]] TargetFates decide_fates(TargetObjects target, const DumpSummary& dump,
                                       DropScope scope);

} // namespace dbbackup::pg
