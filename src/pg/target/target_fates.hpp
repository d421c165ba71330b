#pragma once

#include "pg/target/target_objects.hpp"

#include <dbbackup/pg/target.hpp>

namespace dbbackup::pg {

/// What happens to each object in the target. DropPlan is derived from it.
struct TargetFates {
    TargetObjects target;                     ///< with the fate of each
    std::vector<std::uint32_t> large_objects; ///< that are dropped
    bool remakes_public = false;              ///< also if the target lacks it but the dump needs it
    bool closes_public = false;               ///< DumpedPublic::starts_closed
    /// The objects in `public` are dropped one by one, because the schema itself must stay.
    bool clears_public = false;
};

/// Decides by the dump and `scope`.
[[nodiscard]] TargetFates decide_fates(TargetObjects target, const DumpSummary& dump,
                                       DropScope scope);

} // namespace dbbackup::pg
