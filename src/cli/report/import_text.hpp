#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/ops/import.hpp>

#include <string>

namespace dbbackup::cli {

/// What an import is about to do.
[[nodiscard]] std::string to_text(const ops::ImportPlan& plan, const Screen& screen);

/// What it did, or would do. `way_back` is the command that undoes it, or empty.
[[nodiscard]] std::string to_text(const ops::ImportReport& report, const std::string& way_back,
                                  const Screen& screen);

[[nodiscard]] std::string to_text(const ops::ImportUndoReport& report, const Screen& screen);

} // namespace dbbackup::cli
