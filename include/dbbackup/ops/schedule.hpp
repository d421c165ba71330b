#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/timer.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// "hour", "day", … Throws base::Error{usage}.
[[nodiscard]] Every parse_every(const std::string& text);

/// Reads "03:15", or ":15" if it runs every hour. Throws base::Error{usage}.
[[nodiscard]] TimerTime parse_timer_time(Every every, const std::string& at);

/// When `schedule` runs dumps and drills by default.
[[nodiscard]] TimerTime default_dump_time(Every every);
[[nodiscard]] TimerTime default_drill_time(Every every);

/// Throws base::Error{usage} unless the shipped units work for an instance of that name: it becomes
/// part of a user's name.
void require_instance_name(const std::string& name);

enum class DrillChange { leave, set, remove };

struct ScheduleRequest {
    std::string instance;
    TimerTime dump;
    DrillChange drill_change = DrillChange::leave;
    TimerTime drill = {};
    SystemPlaces places = {};
};

/// Throws base::Error unless timers can be switched on or off here: by root, on a machine that
/// systemd runs. `instance` is for the hint.
void require_systemd(const SystemPlaces& places, const std::string& instance);

/// The text of the settings file of that instance, which its service reads as root. Throws
/// base::Error{usage} if there is none, and {refused} if others can read or change it.
[[nodiscard]] std::string read_instance_settings(const std::string& instance,
                                                 const SystemPlaces& places);

/// Switches the timers of an instance on, or changes when they run. Call require_systemd() and
/// read_instance_settings() first. If it fails, all is as before. Returns them as they are then.
[[nodiscard]] std::vector<TimerState> switch_on(const ScheduleRequest& request,
                                                const Context& context);

/// Switches them off, and returns the timers that were on. Its dumps and settings stay.
[[nodiscard]] std::vector<TimerId> switch_off(const std::string& instance,
                                              const SystemPlaces& places, const Context& context);

/// A schedule for a machine without the shipped units.
struct PrintedSchedule {
    std::string name;    ///< for comments and names of files; may be empty
    std::string program; ///< its absolute path
    /// The options by which the program means the same database and directory there.
    std::vector<std::string> settings;
    TimerTime dump;
    std::optional<TimerTime> drill;
};

// Each throws base::Error{usage} if a word cannot be written in that format.

/// Lines for a crontab.
[[nodiscard]] std::string to_crontab(const PrintedSchedule& schedule);
/// Units for systemd, of a user or of the system.
[[nodiscard]] std::string to_units(const PrintedSchedule& schedule);
/// Property lists for macOS.
[[nodiscard]] std::string to_launchd(const PrintedSchedule& schedule);

} // namespace dbbackup::ops
