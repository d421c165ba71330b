#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/prune.hpp>

#include <string>

namespace dbbackup::cli {

/// Each dump with keep or remove and the reason, for people.
[[nodiscard]] std::string to_text(const ops::PruneReport& report, const Screen& screen);

/// Only the last line of that.
[[nodiscard]] std::string summary(const ops::PruneReport& report);

} // namespace dbbackup::cli
