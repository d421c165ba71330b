#pragma once

#include "cli/terminal/console.hpp"

#include <dbbackup/ops/compare.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/export.hpp>
#include <dbbackup/ops/guard.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/ops/pin.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/ops/push.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/ops/status.hpp>
#include <dbbackup/ops/verify.hpp>

#include <string>

namespace dbbackup::cli {

// What a command did, in one line, for the log: names and numbers, and no text from a server.

[[nodiscard]] std::string result_line(const ops::CompareReport& report);
[[nodiscard]] std::string result_line(const ops::DumpReport& report);
[[nodiscard]] std::string result_line(const ops::ExportReport& report);
[[nodiscard]] std::string result_line(const ops::GuardReport& report);
[[nodiscard]] std::string result_line(const ops::ImportReport& report);
[[nodiscard]] std::string result_line(const ops::ImportUndoReport& report);
[[nodiscard]] std::string result_line(const ops::RestoreReport& report);
[[nodiscard]] std::string result_line(const ops::VerifiedDump& dump);
[[nodiscard]] std::string result_line(const ops::PruneReport& report);
[[nodiscard]] std::string result_line(const ops::PinReport& report);
[[nodiscard]] std::string result_line(const ops::CopyResult& copy);
[[nodiscard]] std::string result_line(const ops::PullReport& report);
[[nodiscard]] std::string result_line(const ops::StatusReport& report);

/// A line for each dump that a prune removed.
void log_removed(const ops::PruneReport& report, Console& console);

} // namespace dbbackup::cli
