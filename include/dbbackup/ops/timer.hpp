#pragma once

#include <dbbackup/base/clock.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Timers of systemd that run dbbackup, from the unit templates that the package ships.

namespace dbbackup::ops {

enum class Every { hour, day, week, month, quarter };

/// "hour".
[[nodiscard]] std::string_view name_of(Every every) noexcept;

/// When a timer runs, by local time: weekly ones on Sunday, monthly ones on the first, quarterly
/// ones on the first of January, April, July and October.
struct TimerTime {
    Every every = Every::day;
    unsigned hour = 3; ///< plays no part if it runs every hour
    unsigned minute = 15;

    bool operator==(const TimerTime&) const = default;
};

/// "every day at 03:15", "every week, on Sunday at 03:15".
[[nodiscard]] std::string describe(const TimerTime& time);

enum class TimerJob { dump, drill };

/// "dump".
[[nodiscard]] std::string_view name_of(TimerJob job) noexcept;

/// A timer for one instance, the NAME in dbbackup@NAME.timer.
struct TimerId {
    TimerJob job = TimerJob::dump;
    std::string instance;

    [[nodiscard]] std::string timer_unit() const;
    [[nodiscard]] std::string service_unit() const;
    bool operator==(const TimerId&) const = default;
};

/// Where systemd's files are. Other places are for tests.
struct SystemPlaces {
    std::filesystem::path units = "/etc/systemd/system";
    std::filesystem::path settings = "/etc/dbbackup";
    std::filesystem::path booted = "/run/systemd/system"; ///< exists if systemd runs the machine
};

/// What systemd says of a timer that is meant to run: its drop-in or its link in timers.target is
/// there.
struct TimerState {
    TimerId id;
    bool is_scheduled = false; ///< by `schedule on`
    std::string load_state;    ///< "loaded", "not-found", "masked"
    bool is_active = false;
    bool is_enabled = false;            ///< also after the next boot
    std::vector<std::string> calendars; ///< as systemd writes them: "*-*-* 03:15:00"
    std::optional<base::UtcTime> active_since;
    std::optional<base::UtcTime> next_run;
    /// When it last started its service, or the last run of the service ended.
    std::optional<base::UtcTime> last_run;
    bool is_running = false; ///< the service, now
    /// "success", "exit-code", "timeout"; empty if it has not run since the boot.
    std::string result;
    int exit_code = 0;               ///< of the last run, if `result` is "exit-code"
    std::filesystem::path directory; ///< the dump directory, as the service gets it

    /// When it runs, if systemd knows one time of a kind that `schedule on` sets.
    [[nodiscard]] std::optional<TimerTime> time() const;
};

struct TimerSurvey {
    std::vector<TimerState> timers; ///< by instance; the dump before the drill
    /// Why systemd could not be asked: then only the names are known. Else empty.
    std::string problem;
};

/// The dump directory that the settings file of an instance names, if it can be read.
using DirectoryOfInstance = std::function<std::optional<std::string>(const std::string& instance)>;

/// All timers that are meant to run. Asks nobody if there are none, and waits for systemd no longer
/// than a few seconds. `environment` is the caller's.
[[nodiscard]] TimerSurvey survey_timers(const SystemPlaces& places,
                                        const std::vector<std::string>& environment,
                                        const DirectoryOfInstance& directory_of);

} // namespace dbbackup::ops
