#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/export.hpp>

#include <string>

namespace dbbackup::cli {

/// What was exported, for people.
[[nodiscard]] std::string to_text(const ops::ExportReport& report, const Screen& screen);

} // namespace dbbackup::cli
