#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/prune.hpp>

#include <string>

namespace dbbackup::cli {

/// Each dump with keep or remove and why, for people.
[[nodiscard]] std::string to_text(const ops::PruneReport& report, const Screen& screen);

/// The last line of that alone.
[[nodiscard]] std::string summary(const ops::PruneReport& report);

} // namespace dbbackup::cli
