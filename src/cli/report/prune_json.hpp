#pragma once

#include "cli/report/json_values.hpp"

#include <dbbackup/ops/prune.hpp>

namespace dbbackup::cli {

/// As in the report of `prune`, and of a dump that pruned.
[[nodiscard]] Json prune_json(const ops::PruneReport& report);

[[nodiscard]] Json loss_json(const ops::Loss& loss);

} // namespace dbbackup::cli
