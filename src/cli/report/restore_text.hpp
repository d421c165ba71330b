#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/restore.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

enum class TableList { shortened, whole };

/// The most important facts, for the first lines of a plan: that only a part is restored, or that
/// the dump is of another database.
[[nodiscard]] std::vector<std::string> headlines(const ops::RestorePlan& plan);

/// What a restore will do, for people: source, target, and what is lost.
[[nodiscard]] std::string to_text(const ops::RestorePlan& plan, TableList tables,
                                  const Screen& screen);

/// The result of a restore, and how to undo it.
[[nodiscard]] std::string to_text(const ops::RestorePlan& plan, const ops::RestoreOutcome& outcome);

using base::shell_words;

} // namespace dbbackup::cli
