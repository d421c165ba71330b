#pragma once

#include "cli/terminal/screen.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/verify.hpp>

#include <optional>
#include <string>

namespace dbbackup::cli {

/// What was found out, for people: one dump in detail, several as a table. What is wrong stands in
/// the errors, not here.
[[nodiscard]] std::string to_text(const ops::VerifyReport& report, const Screen& screen);

/// That a dump is not good, as an error; nothing if it is.
[[nodiscard]] std::optional<base::Error> find_error(const ops::VerifiedDump& dump);

/// The same of the worst of a report's dumps.
[[nodiscard]] std::optional<base::Error> find_error(const ops::VerifyReport& report);

} // namespace dbbackup::cli
