#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace dbbackup::base {

/// Reads a duration such as "500ms", "30s", "5m", "26h", "30d", "2w". Throws Error{usage} for
/// anything else: negative values, overflow, and a number without a unit, which would be ambiguous.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

/// The same for a timeout. A bare number below 1000 means seconds; a larger one is refused:
/// PostgreSQL's own timeouts count in milliseconds, and 5000 was hardly meant as 83 minutes.
[[nodiscard]] std::chrono::milliseconds parse_timeout(std::string_view text);

/// A duration for people: "0.4 s", "12 s", "3 min 5 s", "2 h 10 min", "4 d 3 h".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

} // namespace dbbackup::base
