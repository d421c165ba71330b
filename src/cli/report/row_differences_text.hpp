#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/compare.hpp>

#include <string>

namespace dbbackup::cli {

/// A line for each row: "+ id=7", "- id=3", "~ id=5  price: 10 → 12".
[[nodiscard]] std::string to_text(const ops::RowDifferences& rows, const Screen& screen);

} // namespace dbbackup::cli
