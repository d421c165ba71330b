#pragma once

#include <dbbackup/base/calendar_span.hpp>

#include <chrono>
#include <string>

namespace dbbackup::cli {

// The value `text` of the option `name`. Errors name the option, because the value may come from
// the configuration. All throw base::Error{usage}.

/// How old something may be: "26h". A bare number is refused.
[[nodiscard]] std::chrono::milliseconds parse_age(const std::string& name, const std::string& text);

/// How long to keep something: "30d". A bare number is refused.
[[nodiscard]] base::CalendarSpan parse_length(const std::string& name, const std::string& text);

/// How long to wait for a lock: "30s". For the server it is a 31-bit number of milliseconds, and 0
/// means no limit, so it is from 1 ms to 24 days. `hint` says what to do for more.
[[nodiscard]] std::chrono::milliseconds
parse_lock_timeout(const std::string& name, const std::string& text, const std::string& hint);

} // namespace dbbackup::cli
