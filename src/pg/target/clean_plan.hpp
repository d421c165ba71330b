#pragma once

#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/target.hpp>

namespace dbbackup::pg {

struct CleanPlan {
    TargetObjects target;                     ///< with the fate of each
    std::vector<std::uint32_t> large_objects; ///< that are dropped
    bool remakes_public = false; ///< also where the target lacks it and the dump needs it
};

/// Whom the dump and `scope` doom.
[[nodiscard]] CleanPlan plan_clean(TargetObjects target, const DumpSummary& dump, CleanScope scope);

} // namespace dbbackup::pg
