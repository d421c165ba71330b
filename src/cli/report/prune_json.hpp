#pragma once

#include "cli/report/json_values.hpp"

#include <dbbackup/ops/prune.hpp>

namespace dbbackup::cli {

/// As it stands in the report of `prune`, and in that of a dump that pruned.
[[nodiscard]] Json prune_json(const ops::PruneReport& report);

} // namespace dbbackup::cli
