#pragma once

#include "cli/report/report_json.hpp"

#include <dbbackup/ops/dump_server.hpp>

#include <string>

namespace dbbackup::cli {

// Reports of `dump --globals` and `dump --all-databases`.

[[nodiscard]] std::string to_text_of_globals(const ops::DumpReport& report);
[[nodiscard]] std::string result_line_of_globals(const ops::DumpReport& report);

/// `quiet`: only the path of the set, if there is one.
[[nodiscard]] std::string to_text(const ops::ServerDumpReport& report, bool quiet);
[[nodiscard]] std::string to_json(const ops::ServerDumpReport& report);
[[nodiscard]] std::string result_line(const ops::ServerDumpReport& report);

} // namespace dbbackup::cli
