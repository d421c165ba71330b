#pragma once

#include "ops/drill/drill.hpp"
#include "ops/drill/scratch_database.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// A dump as it was restored into a scratch database.
struct DrilledRestore {
    std::chrono::milliseconds time{};  ///< from BEGIN to the end of ANALYZE
    std::vector<std::string> left_out; ///< of the dump, as was asked for
};

/// Makes in `scratch` what the dump needs around it, and restores the dump by the code that
/// `restore` uses. Throws DamagedDump if that fails by the dump's own fault, and
/// base::Error{failed} where something else was in the way.
[[nodiscard]] DrilledRestore restore_into(const ScratchDatabase& scratch, const DrillJob& job);

} // namespace dbbackup::ops
