#pragma once

#include <dbbackup/ops/timer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

/// The drop-in that `schedule on` writes for a timer. A name that sorts before the override.conf of
/// `systemctl edit`, which counts more.
inline constexpr const char* k_drop_in = "50-dbbackup-schedule.conf";

/// The directory of a timer's drop-ins: "dbbackup@shop.timer.d".
[[nodiscard]] std::string drop_in_directory(const TimerId& timer);

/// A timer that is meant to run, by the files in `places.units`.
struct IntendedTimer {
    TimerId id;
    bool is_scheduled = false; ///< has our drop-in
};

/// All of them, by instance; the dump before the drill.
[[nodiscard]] std::vector<IntendedTimer> find_intended_timers(const SystemPlaces& places);

/// The timer that a name such as "dbbackup@shop.timer" means; nothing for others.
[[nodiscard]] std::optional<TimerId> parse_timer_unit(std::string_view name);

} // namespace dbbackup::ops
