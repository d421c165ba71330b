#pragma once

#include "cli/several/section_runs.hpp"
#include "cli/terminal/screen.hpp"

#include <string>
#include <vector>

namespace dbbackup::cli {

/// "17 of 20 databases done, 3 failed"
[[nodiscard]] std::string counts_of(const std::vector<SectionRun>& runs);

/// Which failed, why, and the command that tries each again: `words` are those of this run.
[[nodiscard]] std::string failures_text(const std::vector<SectionRun>& runs,
                                        const std::vector<std::string>& words,
                                        const Screen& screen);

/// The object of --json, with those of the runs.
[[nodiscard]] std::string several_json(const std::vector<SectionRun>& runs, int exit_code);

} // namespace dbbackup::cli
