#include "base/bare_number.hpp"

#include <dbbackup/base/calendar_span.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <optional>

namespace dbbackup::base {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::months;
using std::chrono::weeks;
using std::chrono::years;

/// More than any clock or manifest can represent, and far from any overflow.
constexpr years k_longest{9999};

std::optional<CalendarSpan> find_unit(std::string_view unit) {
    if (unit == "h") {
        return CalendarSpan{.months = months{0}, .hours = hours{1}};
    }
    if (unit == "d") {
        return CalendarSpan{.months = months{0}, .hours = days{1}};
    }
    if (unit == "w") {
        return CalendarSpan{.months = months{0}, .hours = weeks{1}};
    }
    if (unit == "m") {
        return CalendarSpan{.months = months{1}, .hours = hours{0}};
    }
    if (unit == "y") {
        return CalendarSpan{.months = years{1}, .hours = hours{0}};
    }
    return std::nullopt;
}

/// The largest number allowed before `unit`.
std::int64_t most_of(const CalendarSpan& unit) {
    return unit.months.count() != 0 ? k_longest / unit.months : k_longest / unit.hours;
}

} // namespace

CalendarSpan parse_calendar_span(std::string_view text) {
    require_unit(text, {"h (hours)", "d (days)", "w (weeks)", "m (months)", "y (years)"});
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto unit = find_unit(text.substr(static_cast<std::size_t>(end - text.data())));
    if (error != std::errc{} || number < 0 || !unit || number > most_of(*unit)) {
        throw Error{ErrorKind::usage, fmt::format("'{}' is not a length of time", printable(text)),
                    "Write a number and a unit, such as 48h, 30d, 2w, 6m (months) or 1y."};
    }
    return {.months = unit->months * number, .hours = unit->hours * number};
}

UtcTime moment_before(UtcTime time, const CalendarSpan& span) {
    const auto day = std::chrono::floor<days>(time);
    auto date = std::chrono::year_month_day{day} - span.months;
    if (!date.ok()) {
        date = date.year() / date.month() / std::chrono::last;
    }
    return std::chrono::sys_days{date} + (time - day) - span.hours;
}

} // namespace dbbackup::base
