#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/verify.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// The results, for people: one dump in detail, several as a table. Problems are in the errors, not
/// here.
[[nodiscard]] std::string to_text(const ops::VerifyReport& report, const Screen& screen);

/// The problem of a dump as an error; nothing if it is good.
[[nodiscard]] std::optional<base::Error> find_error(const ops::VerifiedDump& dump);

/// The same for the worst dump of a report.
[[nodiscard]] std::optional<base::Error> find_error(const ops::VerifyReport& report);

} // namespace dbbackup::cli
