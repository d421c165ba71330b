#include "base/bare_number.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace dbbackup::base {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t k_second = 1000;
constexpr std::int64_t k_minute = 60 * k_second;
constexpr std::int64_t k_hour = 60 * k_minute;
constexpr std::int64_t k_day = 24 * k_hour;

/// Milliseconds in one `unit`, or 0 if there is no such unit.
std::int64_t unit_length(std::string_view unit) {
    constexpr std::pair<std::string_view, std::int64_t> k_units[] = {
        {"ms", 1},     {"s", k_second}, {"m", k_minute},  {"min", k_minute},
        {"h", k_hour}, {"d", k_day},    {"w", 7 * k_day},
    };
    for (const auto& [name, length] : k_units) {
        if (name == unit) {
            return length;
        }
    }
    return 0;
}

} // namespace

milliseconds parse_duration(std::string_view text) {
    require_unit(text, {"h (hours)", "d (days)", "m (minutes)", "s (seconds)"});
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = unit_length(text.substr(static_cast<std::size_t>(end - text.data())));
    if (error != std::errc{} || number < 0 || length == 0 ||
        number > std::numeric_limits<std::int64_t>::max() / length) {
        throw Error{ErrorKind::usage, fmt::format("'{}' is not a duration", printable(text)),
                    "Write a number and a unit, such as 500ms, 30s, 5m, 26h, 30d or 2w."};
    }
    return milliseconds{number * length};
}

milliseconds parse_timeout(std::string_view text) {
    constexpr std::size_t k_most_digits = 3;
    if (!is_bare_number(text)) {
        return parse_duration(text);
    }
    if (text.size() > k_most_digits) {
        require_unit(text, {"ms (milliseconds)", "s (seconds)"});
    }
    return parse_duration(std::string{text} + "s");
}

std::string format_duration(milliseconds duration) {
    const std::int64_t ms = duration.count();
    if (ms < 9950) {
        return fmt::format("{:.1f} s", static_cast<double>(ms) / k_second);
    }
    if (ms < k_minute) {
        return fmt::format("{} s", ms / k_second);
    }
    const auto two = [ms](std::int64_t large, const char* large_name, std::int64_t small,
                          const char* small_name) {
        const std::int64_t rest = ms % large / small;
        return rest == 0 ? fmt::format("{} {}", ms / large, large_name)
                         : fmt::format("{} {} {} {}", ms / large, large_name, rest, small_name);
    };
    if (ms < k_hour) {
        return two(k_minute, "min", k_second, "s");
    }
    return ms < k_day ? two(k_hour, "h", k_minute, "min") : two(k_day, "d", k_hour, "h");
}

} // namespace dbbackup::base
