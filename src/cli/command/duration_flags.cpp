#include "cli/command/duration_flags.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>

#include <cstdint>
#include <fmt/format.h>
#include <limits>

namespace dbbackup::cli {

namespace {

template <typename Parse>
auto naming(const std::string& name, Parse parse) {
    try {
        return parse();
    } catch (const base::Error& error) {
        throw base::Error{error.kind(), fmt::format("{}: {}", name, error.what()), error.hint()};
    }
}

} // namespace

std::chrono::milliseconds parse_age(const std::string& name, const std::string& text) {
    return naming(name, [&text] { return base::parse_duration(text); });
}

base::CalendarSpan parse_length(const std::string& name, const std::string& text) {
    return naming(name, [&text] { return base::parse_calendar_span(text); });
}

std::chrono::milliseconds parse_lock_timeout(const std::string& name, const std::string& text,
                                             const std::string& hint) {
    constexpr std::chrono::milliseconds k_most{std::numeric_limits<std::int32_t>::max()};
    const auto timeout = naming(name, [&text] { return base::parse_timeout(text); });
    if (timeout.count() == 0 || timeout > k_most) {
        throw base::Error{base::ErrorKind::usage, name + " goes from 1 ms to 24 days", hint};
    }
    return timeout;
}

} // namespace dbbackup::cli
