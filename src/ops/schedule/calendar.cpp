#include "ops/schedule/calendar.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/schedule.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

constexpr std::array k_all{Every::hour, Every::day, Every::week, Every::month, Every::quarter};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Two digits below `limit`.
std::optional<unsigned> two_digits(std::string_view text, unsigned limit) {
    if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) {
        return std::nullopt;
    }
    const auto number = static_cast<unsigned>((text[0] - '0') * 10 + (text[1] - '0'));
    return number < limit ? std::optional{number} : std::nullopt;
}

std::string_view date_of(Every every) {
    switch (every) {
    case Every::hour:
    case Every::day:
        return "*-*-*";
    case Every::week:
        return "Sun *-*-*";
    case Every::month:
        return "*-*-01";
    case Every::quarter:
        return "*-01,04,07,10-01";
    }
    return "";
}

} // namespace

std::string_view name_of(Every every) noexcept {
    switch (every) {
    case Every::hour:
        return "hour";
    case Every::day:
        return "day";
    case Every::week:
        return "week";
    case Every::month:
        return "month";
    case Every::quarter:
        return "quarter";
    }
    return "";
}

std::string describe(const TimerTime& time) {
    const auto at = fmt::format("{:02}:{:02}", time.hour, time.minute);
    switch (time.every) {
    case Every::hour:
        return fmt::format("every hour at minute {:02}", time.minute);
    case Every::day:
        return "every day at " + at;
    case Every::week:
        return "every week, on Sunday at " + at;
    case Every::month:
        return "every month, on the first at " + at;
    case Every::quarter:
        return "every quarter, on its first day at " + at;
    }
    return "";
}

Every parse_every(const std::string& text) {
    const auto found =
        std::ranges::find(k_all, text, [](Every every) { return std::string{name_of(every)}; });
    if (found == k_all.end()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'{}' is not hour, day, week, month or quarter", base::printable(text))};
    }
    return *found;
}

TimerTime parse_timer_time(Every every, const std::string& at) {
    const std::size_t colon = at.find(':');
    const auto minute =
        colon == std::string::npos ? std::nullopt : two_digits(at.substr(colon + 1), 60);
    if (every == Every::hour) {
        if (colon != 0 || !minute) {
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("--at '{}' is not a minute of each hour", base::printable(at)),
                "With --every hour, write the minute alone: --at :15"};
        }
        return {.every = every, .hour = 0, .minute = *minute};
    }
    const auto hour = minute ? two_digits(at.substr(0, colon), 24) : std::nullopt;
    if (!hour) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("--at '{}' is not a time of day", base::printable(at)),
            "Write hours and minutes with two digits each, from 00:00 to 23:59: --at 03:15"};
    }
    return {.every = every, .hour = *hour, .minute = *minute};
}

TimerTime default_dump_time(Every every) {
    return {.every = every, .hour = every == Every::hour ? 0U : 3U, .minute = 15};
}

TimerTime default_drill_time(Every every) {
    return {.every = every, .hour = 5, .minute = 20};
}

std::string to_calendar(const TimerTime& time) {
    return time.every == Every::hour
               ? fmt::format("{} *:{:02}:00", date_of(time.every), time.minute)
               : fmt::format("{} {:02}:{:02}:00", date_of(time.every), time.hour, time.minute);
}

std::optional<TimerTime> parse_calendar(const std::string& calendar) {
    constexpr std::string_view k_seconds = ":00";
    for (const Every every : k_all) {
        const std::string date = fmt::format("{} ", date_of(every));
        if (!calendar.starts_with(date) || !calendar.ends_with(k_seconds)) {
            continue;
        }
        const std::string at = calendar.substr(
            date.size(),
            calendar.size() - std::min(calendar.size(), date.size() + k_seconds.size()));
        const std::size_t colon = at.find(':');
        const std::string_view hour = std::string_view{at}.substr(0, colon);
        const auto minute =
            colon == std::string::npos ? std::nullopt : two_digits(at.substr(colon + 1), 60);
        if (every == Every::hour ? hour == "*" && minute : minute && two_digits(hour, 24)) {
            return TimerTime{
                .every = every, .hour = two_digits(hour, 24).value_or(0), .minute = *minute};
        }
    }
    return std::nullopt;
}

std::string to_cron_fields(const TimerTime& time) {
    switch (time.every) {
    case Every::hour:
        return fmt::format("{} * * * *", time.minute);
    case Every::day:
        return fmt::format("{} {} * * *", time.minute, time.hour);
    case Every::week:
        return fmt::format("{} {} * * 0", time.minute, time.hour);
    case Every::month:
        return fmt::format("{} {} 1 * *", time.minute, time.hour);
    case Every::quarter:
        return fmt::format("{} {} 1 {} *", time.minute, time.hour, fmt::join(k_quarters, ","));
    }
    return "";
}

std::chrono::hours longest_interval(Every every) {
    using std::chrono::hours;
    constexpr hours k_clock_change{1};
    switch (every) {
    case Every::hour:
        return hours{1};
    case Every::day:
        return hours{24} + k_clock_change;
    case Every::week:
        return hours{7 * 24} + k_clock_change;
    case Every::month:
        return hours{31 * 24} + k_clock_change;
    case Every::quarter:
        return hours{92 * 24} + k_clock_change;
    }
    return {};
}

} // namespace dbbackup::ops
