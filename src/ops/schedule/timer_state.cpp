// What `systemctl show` says of a timer and its service, as values.

#include "ops/schedule/calendar.hpp"
#include "ops/schedule/systemctl.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

constexpr std::string_view k_directory_variable = "DBBACKUP_DIR";

std::string value_of(const UnitProperties& properties, const std::string& name) {
    const auto found = properties.find(name);
    return found == properties.end() ? std::string{} : found->second;
}

/// "Sun 2026-11-22 03:15:02 UTC"; nothing for an empty time and "n/a".
std::optional<base::UtcTime> parse_time(std::string_view text) {
    constexpr std::string_view k_zone = " UTC";
    const std::size_t day = text.find(' ');
    if (day == std::string_view::npos || !text.ends_with(k_zone)) {
        return std::nullopt;
    }
    text.remove_prefix(day + 1);
    text.remove_suffix(k_zone.size());
    const std::size_t space = text.find(' ');
    return space == std::string_view::npos
               ? std::nullopt
               : base::parse_utc(
                     fmt::format("{}T{}.000Z", text.substr(0, space), text.substr(space + 1)));
}

/// The times in "{ OnCalendar=*-*-* 03:15:00 ; next_elapse=… }".
std::vector<std::string> calendars_of(const UnitProperties& timer) {
    constexpr std::string_view k_begin = "OnCalendar=";
    std::vector<std::string> calendars;
    const auto [first, last] = timer.equal_range("TimersCalendar");
    for (auto entry = first; entry != last; ++entry) {
        const std::string_view text = entry->second;
        const std::size_t begin = text.find(k_begin);
        if (begin != std::string_view::npos) {
            const std::size_t end = text.find(" ;", begin);
            calendars.emplace_back(
                text.substr(begin + k_begin.size(), end - begin - k_begin.size()));
        }
    }
    return calendars;
}

/// The value of DBBACKUP_DIR among words that systemd quoted as it does in a unit: a word with
/// special characters stands in double quotes, with backslashes.
std::string directory_in(std::string_view environment) {
    std::string directory;
    while (!environment.empty()) {
        std::string word;
        bool is_quoted = false;
        std::size_t i = 0;
        for (; i < environment.size() && (is_quoted || environment[i] != ' '); ++i) {
            if (environment[i] == '"') {
                is_quoted = !is_quoted;
            } else if (environment[i] == '\\' && i + 1 < environment.size()) {
                word += environment[++i];
            } else {
                word += environment[i];
            }
        }
        environment.remove_prefix(std::min(i + 1, environment.size()));
        if (word.starts_with(k_directory_variable) && word[k_directory_variable.size()] == '=') {
            directory = word.substr(k_directory_variable.size() + 1);
        }
    }
    return directory;
}

} // namespace

std::optional<TimerTime> TimerState::time() const {
    return calendars.size() == 1 ? parse_calendar(calendars.front()) : std::nullopt;
}

TimerState to_state(const TimerId& id, const UnitProperties& timer, const UnitProperties& service) {
    TimerState state;
    state.id = id;
    state.load_state = value_of(timer, "LoadState");
    state.is_active = value_of(timer, "ActiveState") == "active";
    // Also "enabled-runtime".
    state.is_enabled = value_of(timer, "UnitFileState").starts_with("enabled");
    state.calendars = calendars_of(timer);
    state.active_since = parse_time(value_of(timer, "ActiveEnterTimestamp"));
    state.next_run = parse_time(value_of(timer, "NextElapseUSecRealtime"));
    const std::string running = value_of(service, "ActiveState");
    state.is_running = running == "activating" || running == "active" || running == "deactivating";
    const auto triggered = parse_time(value_of(timer, "LastTriggerUSec"));
    const auto ended = parse_time(value_of(service, "ExecMainExitTimestamp"));
    state.last_run = triggered && ended ? std::max(triggered, ended)
                     : triggered        ? triggered
                                        : ended;
    if (ended || running == "failed") {
        state.result = value_of(service, "Result");
        const std::string code = value_of(service, "ExecMainStatus");
        std::from_chars(code.data(), code.data() + code.size(), state.exit_code);
    }
    state.directory = directory_in(value_of(service, "Environment"));
    return state;
}

} // namespace dbbackup::ops
