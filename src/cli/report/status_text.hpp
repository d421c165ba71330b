#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/status.hpp>

#include <string>

namespace dbbackup::cli {

/// A line per database, then all warnings, then the verdict, for people.
[[nodiscard]] std::string to_text(const ops::StatusReport& report, const Screen& screen);

} // namespace dbbackup::cli
