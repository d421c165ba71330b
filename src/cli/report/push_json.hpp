#pragma once

#include "cli/report/json_values.hpp"

#include <dbbackup/ops/push.hpp>

#include <vector>

namespace dbbackup::cli {

/// What became of each copy, as an array.
[[nodiscard]] Json copies_json(const std::vector<ops::CopyResult>& copies);

} // namespace dbbackup::cli
