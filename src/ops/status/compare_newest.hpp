#pragma once

#include "ops/status/status_warnings.hpp"

#include <dbbackup/ops/status.hpp>

#include <vector>

namespace dbbackup::ops {

/// How a database changed since the previous dump.
struct NewestComparison {
    NewestDump newest;
    std::vector<StatusWarning> warnings;
};

/// Compares the first of `good_dumps` with those after it that were made in the same way. There is
/// at least one, each with its manifest.
[[nodiscard]] NewestComparison compare_newest(const Dumps& good_dumps, const StatusLimits& limits);

} // namespace dbbackup::ops
