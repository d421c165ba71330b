#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::base {

/// Wall-clock time, UTC, to the millisecond: the precision of names and manifests.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Operations get the time of day from here, so that tests can set it. Durations are measured on
/// the steady clock and do not go through here.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UtcTime now() const = 0;
};

/// The machine's clock.
[[nodiscard]] const Clock& system_clock();

/// "2026-11-20T03:15:00.123Z", in the format of RFC 3339.
[[nodiscard]] std::string format_utc(UtcTime time);

/// The reverse of format_utc; nothing if `text` does not have exactly that format or is not a real
/// time.
[[nodiscard]] std::optional<UtcTime> parse_utc(std::string_view text);

} // namespace dbbackup::base
