#include "ops/schedule/calendar.hpp"
#include "ops/schedule/drop_in.hpp"
#include "ops/schedule/systemctl.hpp"
#include "ops/schedule/timer_units.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/schedule.hpp>
#include <dbbackup/sys/user.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

/// Stopping a timer or reading all units takes a moment; a busy machine needs more.
constexpr auto k_patience = 60s;

/// A timer to switch on, and what is there now.
struct Change {
    TimerId id;
    TimerTime time;
    DropIn drop_in;
    bool was_enabled = false;
    bool was_active = false;
};

TimerState state_of(const TimerId& id, const Systemctl& systemctl) {
    const auto units = systemctl.show({id.timer_unit(), id.service_unit()});
    TimerState state = to_state(id, units[0], units[1]);
    const auto loaded = units[1].find("LoadState");
    if (state.load_state == "loaded" && loaded != units[1].end()) {
        state.load_state = loaded->second; // the timer is of no use without its service
    }
    return state;
}

void require_template(const TimerState& state) {
    const std::string unit = state.id.timer_unit();
    if (state.load_state == "masked") {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("{} or its service is masked: it must not run", unit),
                          fmt::format("If it may run again: sudo systemctl unmask {} {}. Nothing "
                                      "was changed.",
                                      unit, state.id.service_unit())};
    }
    if (state.load_state != "loaded") {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("systemd knows no unit {}: dbbackup's unit templates are not installed",
                        unit),
            fmt::format("Install the Debian package, or print units of your own: dbbackup schedule "
                        "--print systemd {}",
                        state.id.instance)};
    }
}

std::vector<std::string> units_of(const std::vector<Change>& changes) {
    std::vector<std::string> units;
    for (const Change& change : changes) {
        units.push_back(change.id.timer_unit());
    }
    return units;
}

void run(const Systemctl& systemctl, std::vector<std::string> arguments,
         const std::vector<std::string>& units = {}) {
    if (!units.empty()) {
        arguments.emplace_back("--");
        arguments.insert(arguments.end(), units.begin(), units.end());
    }
    (void)systemctl.run(arguments, k_patience);
}

/// What failed is told anyway, and it counts more.
void undo(const std::vector<Change>& changes, const Systemctl& systemctl, Listener& listener) {
    const auto attempt = [&listener](const auto& action) {
        try {
            action();
        } catch (const std::exception& error) { // an interruption, too
            listener.on_warning(fmt::format("could not be undone: {}", error.what()));
        }
    };
    for (const Change& change : changes) {
        attempt([&] { change.drop_in.restore(); });
    }
    for (const Change& change : changes) {
        if (!change.was_enabled) {
            attempt([&] { run(systemctl, {"disable"}, {change.id.timer_unit()}); });
        }
        if (!change.was_active) {
            attempt([&] { run(systemctl, {"stop"}, {change.id.timer_unit()}); });
        }
    }
    attempt([&] { run(systemctl, {"daemon-reload"}); });
}

/// Not the exit code of systemctl, but what systemd says, is the proof.
TimerState require_on(const Change& change, const Systemctl& systemctl, Listener& listener) {
    TimerState state = state_of(change.id, systemctl);
    state.is_scheduled = true;
    const std::string unit = change.id.timer_unit();
    if (!state.is_active || !state.is_enabled) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("systemd was told to run {}, but does not", unit),
                          fmt::format("See: systemctl status {}", unit)};
    }
    if (state.calendars != std::vector{to_calendar(change.time)}) {
        listener.on_warning(fmt::format("{} does not run {}: another drop-in sets other times. "
                                        "See: systemctl cat {}",
                                        unit, describe(change.time), unit));
    }
    return state;
}

std::vector<TimerState> apply(const std::vector<Change>& changes, const Systemctl& systemctl,
                              Listener& listener) {
    for (const Change& change : changes) {
        change.drop_in.write(change.time);
    }
    run(systemctl, {"daemon-reload"});
    run(systemctl, {"enable", "--now"}, units_of(changes));
    std::vector<TimerState> states;
    for (const Change& change : changes) {
        states.push_back(require_on(change, systemctl, listener));
    }
    return states;
}

bool is_intended(const TimerId& id, const std::vector<IntendedTimer>& timers) {
    return std::ranges::count(timers, id, &IntendedTimer::id) > 0;
}

void remove_timers(const std::vector<TimerId>& timers, const SystemPlaces& places,
                   const Systemctl& systemctl) {
    std::vector<DropIn> drop_ins;
    std::vector<std::string> units;
    std::vector<std::string> all_units;
    for (const TimerId& id : timers) {
        drop_ins.emplace_back(id, places); // before anything changes: it can refuse
        units.push_back(id.timer_unit());
        all_units.insert(all_units.end(), {id.timer_unit(), id.service_unit()});
    }
    run(systemctl, {"disable", "--now"}, units);
    for (const DropIn& drop_in : drop_ins) {
        drop_in.remove();
    }
    run(systemctl, {"daemon-reload"});
    // When it last ran, and that it failed: without it, switching it on again could run it at once,
    // to catch up. It does no harm if it stays.
    for (const auto& words :
         {std::vector<std::string>{"clean", "--what=state"}, {"reset-failed"}}) {
        try {
            run(systemctl, words, words.front() == "clean" ? units : all_units);
        } catch (const base::Error&) {
            continue;
        }
    }
}

} // namespace

void require_systemd(const SystemPlaces& places, const std::string& instance) {
    const std::string print = base::shell_words({"dbbackup", "schedule", "--print", "cron"}) + " " +
                              base::shell_words({instance});
    std::error_code ignored;
    if (!std::filesystem::exists(places.booted, ignored)) {
        throw base::Error{base::ErrorKind::usage, "systemd does not run this machine",
                          fmt::format("For cron: {} (or --print launchd)", print)};
    }
    if (!sys::is_root()) {
        throw base::Error{base::ErrorKind::usage,
                          "only root can switch systemd's timers on and off",
                          fmt::format("Use sudo. For timers of your own user: dbbackup schedule "
                                      "--print systemd {}",
                                      base::shell_words({instance}))};
    }
}

std::vector<TimerState> switch_on(const ScheduleRequest& request, const Context& context) {
    const Systemctl systemctl{context.environment};
    std::vector<Change> changes;
    const auto add = [&](TimerJob job, const TimerTime& time) {
        const TimerId id{.job = job, .instance = request.instance};
        const TimerState now = state_of(id, systemctl);
        require_template(now);
        changes.push_back({.id = id,
                           .time = time,
                           .drop_in = DropIn{id, request.places},
                           .was_enabled = now.is_enabled,
                           .was_active = now.is_active});
    };
    add(TimerJob::dump, request.dump);
    if (request.drill_change == DrillChange::set) {
        add(TimerJob::drill, request.drill);
    }
    std::vector<TimerState> states;
    try {
        states = apply(changes, systemctl, context.listener);
    } catch (...) {
        undo(changes, systemctl, context.listener);
        throw;
    }
    const TimerId drill{.job = TimerJob::drill, .instance = request.instance};
    if (request.drill_change != DrillChange::set &&
        is_intended(drill, find_intended_timers(request.places))) {
        if (request.drill_change == DrillChange::remove) {
            remove_timers({drill}, request.places, systemctl);
        } else {
            states.push_back(state_of(drill, systemctl));
        }
    }
    return states;
}

std::vector<TimerId> switch_off(const std::string& instance, const SystemPlaces& places,
                                const Context& context) {
    std::vector<TimerId> timers;
    for (const IntendedTimer& timer : find_intended_timers(places)) {
        if (timer.id.instance == instance) {
            timers.push_back(timer.id);
        }
    }
    if (!timers.empty()) {
        remove_timers(timers, places, Systemctl{context.environment});
    }
    return timers;
}

} // namespace dbbackup::ops
