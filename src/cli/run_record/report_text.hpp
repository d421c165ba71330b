#pragma once

#include "cli/run_record/run_record.hpp"

#include <string>

namespace dbbackup::cli {

/// The record for people: a line for what ran and how it ended, and one for each fact.
[[nodiscard]] std::string report_text(const RunRecord& record);

/// A message as Slack and those like it take it: {"text": "…"}.
[[nodiscard]] std::string slack_message(const RunRecord& record);

} // namespace dbbackup::cli
