#pragma once

#include <dbbackup/base/clock.hpp>

#include <chrono>
#include <string_view>

namespace dbbackup::base {

/// A length of time by the calendar: months differ in length, days (in UTC) do not.
struct CalendarSpan {
    std::chrono::months months{0};
    std::chrono::hours hours{0};

    [[nodiscard]] bool is_zero() const noexcept {
        return months.count() == 0 && hours.count() == 0;
    }
    bool operator==(const CalendarSpan&) const = default;
};

/// Reads a number and a unit: "48h", "30d", "2w", "6m" (months), "1y". The unit is not optional,
/// and `m` means months, not minutes as in parse_duration(): retention counts in months. Throws
/// Error{usage} for anything else, and for more than 9999 years.
[[nodiscard]] CalendarSpan parse_calendar_span(std::string_view text);

/// The moment `span` before `time`, in UTC and with the same time of day. If the month has no such
/// day, its last day: one month before March 31 is February 28 or 29.
[[nodiscard]] UtcTime moment_before(UtcTime time, const CalendarSpan& span);

} // namespace dbbackup::base
