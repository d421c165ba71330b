#pragma once

#include "ops/drill/drill.hpp"
#include "ops/drill/scratch_database.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// The result of restoring a dump into a scratch database.
struct DrilledRestore {
    std::chrono::milliseconds time{};  ///< from BEGIN to the end of ANALYZE
    std::vector<std::string> left_out; ///< of the dump, as requested
};

/// Creates in `scratch` what the dump depends on, and restores the dump with the code of `restore`.
/// Throws DamagedDump if that fails because of the dump, and base::Error{failed} if something else
/// failed.
[[nodiscard]] DrilledRestore restore_into(const ScratchDatabase& scratch, const DrillJob& job);

} // namespace dbbackup::ops
