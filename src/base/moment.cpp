#include <dbbackup/base/calendar_span.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/moment.hpp>
#include <dbbackup/base/text.hpp>

#include <ctime>
#include <fmt/format.h>
#include <optional>
#include <regex>
#include <string>

namespace dbbackup::base {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// A date and a time of day, without a zone.
struct CivilTime {
    std::chrono::year_month_day date;
    seconds time{0}; ///< since midnight
};

UtcTime in_this_zone(const CivilTime& civil) {
    std::tm parts{};
    parts.tm_year = static_cast<int>(civil.date.year()) - 1900;
    parts.tm_mon = static_cast<int>(static_cast<unsigned>(civil.date.month())) - 1;
    parts.tm_mday = static_cast<int>(static_cast<unsigned>(civil.date.day()));
    const std::chrono::hh_mm_ss clock{civil.time};
    parts.tm_hour = static_cast<int>(clock.hours().count());
    parts.tm_min = static_cast<int>(clock.minutes().count());
    parts.tm_sec = static_cast<int>(clock.seconds().count());
    // If a clock shows the hour twice, the first one is meant, in summer time.
    std::tm summer = parts;
    summer.tm_isdst = 1;
    const std::time_t first = std::mktime(&summer);
    const bool is_shown = summer.tm_isdst == 1 && summer.tm_hour == parts.tm_hour &&
                          summer.tm_min == parts.tm_min && summer.tm_mday == parts.tm_mday;
    parts.tm_isdst = -1; // whatever applies then
    return UtcTime{seconds{is_shown ? first : std::mktime(&parts)}};
}

std::chrono::year_month_day today(UtcTime now) {
    const std::time_t time = std::chrono::floor<seconds>(now).time_since_epoch().count();
    std::tm parts{};
    ::localtime_r(&time, &parts);
    return std::chrono::year{parts.tm_year + 1900} /
           std::chrono::month{static_cast<unsigned>(parts.tm_mon) + 1U} /
           std::chrono::day{static_cast<unsigned>(parts.tm_mday)};
}

/// "+01:00", "-0330" or "Z".
seconds parse_offset(const std::string& text) {
    if (text == "Z" || text == "z") {
        return seconds{0};
    }
    const seconds size =
        hours{std::stoi(text.substr(1, 2))} + minutes{std::stoi(text.substr(text.size() - 2))};
    return text.front() == '-' ? -size : size;
}

std::optional<UtcTime> parse_date_and_time(const std::string& text) {
    static const std::regex k_form{
        R"((\d{4})-(\d\d)-(\d\d)(?:[ Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)"
        R"((?: ?([Zz]|[+-](?:0\d|1[0-4]):?[0-5]\d))?)?)"};
    std::smatch parts;
    if (!std::regex_match(text, parts, k_form)) {
        return std::nullopt;
    }
    const auto number = [&parts](std::size_t i) {
        return parts[i].matched ? std::stoi(parts[i].str()) : 0;
    };
    const CivilTime civil{.date = std::chrono::year{number(1)} /
                                  std::chrono::month{static_cast<unsigned>(number(2))} /
                                  std::chrono::day{static_cast<unsigned>(number(3))},
                          .time = hours{number(4)} + minutes{number(5)} + seconds{number(6)}};
    if (!civil.date.ok() || number(4) > 23 || number(5) > 59 || number(6) > 59) {
        return std::nullopt;
    }
    const std::chrono::milliseconds fraction{
        parts[7].matched ? std::stoi((parts[7].str() + "00").substr(0, 3)) : 0};
    if (parts[8].matched) {
        return std::chrono::sys_days{civil.date} + civil.time + fraction -
               parse_offset(parts[8].str());
    }
    return in_this_zone(civil) + fraction;
}

} // namespace

UtcTime parse_moment(std::string_view text, UtcTime now) {
    constexpr const char* k_forms =
        "Write today, yesterday, a date (2026-11-20), a date and a time "
        "('2026-11-20 14:30'), or how long ago (2h, 3d, 2w).";
    if (text == "today") {
        return in_this_zone({.date = today(now)});
    }
    if (text == "yesterday") {
        return in_this_zone({.date = std::chrono::sys_days{today(now)} - days{1}});
    }
    if (const auto moment = parse_date_and_time(std::string{text})) {
        return *moment;
    }
    const bool is_length =
        !text.empty() && std::string_view{"hdwy"}.find(text.back()) != std::string_view::npos;
    try {
        if (is_length) {
            return moment_before(now, parse_calendar_span(text));
        }
    } catch (const Error&) {
        // Reported below, with all valid forms.
    }
    throw Error{ErrorKind::usage, fmt::format("'{}' is not a time", printable(text)), k_forms};
}

} // namespace dbbackup::base
