#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/compare.hpp>

#include <string>

namespace dbbackup::cli {

/// What differs, for people; in the last lines how much there was to compare.
[[nodiscard]] std::string to_text(const ops::CompareReport& report, const Screen& screen);

/// "1 table and 2 sequences differ", or "the same".
[[nodiscard]] std::string verdict_of(const ops::CompareReport& report);

} // namespace dbbackup::cli
