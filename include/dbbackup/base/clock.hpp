#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::base {

/// Wall-clock time, UTC, to the millisecond: the precision of names and manifests.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where operations get the time of day from, so that tests can set it. Durations are measured on
/// the steady clock and do not go through here.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UtcTime now() const = 0;
};

/// The machine's clock.
[[nodiscard]] const Clock& system_clock();

/// "2026-11-20T03:15:00.123Z", as RFC 3339 has it.
[[nodiscard]] std::string format_utc(UtcTime time);

/// The reverse of format_utc; nothing if `text` is not exactly of that form or no real time.
[[nodiscard]] std::optional<UtcTime> parse_utc(std::string_view text);

} // namespace dbbackup::base
