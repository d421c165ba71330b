#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/push.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// A line for each copy.
[[nodiscard]] std::string to_text(const std::vector<ops::CopyResult>& copies, const Screen& screen);
[[nodiscard]] std::string to_text(const ops::PullReport& report);

} // namespace dbbackup::cli
