#pragma once

#include <dbbackup/ops/timer.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// As systemd's OnCalendar= takes it, in the form in which systemd repeats it.
[[nodiscard]] std::string to_calendar(const TimerTime& time);

/// The reverse; nothing for any other calendar.
[[nodiscard]] std::optional<TimerTime> parse_calendar(const std::string& calendar);

/// The five fields of a crontab's line.
[[nodiscard]] std::string to_cron_fields(const TimerTime& time);

/// How long it is between two runs at most, by the calendar.
[[nodiscard]] std::chrono::hours longest_interval(Every every);

/// The months of a quarterly timer.
inline constexpr unsigned k_quarters[] = {1, 4, 7, 10};

} // namespace dbbackup::ops
