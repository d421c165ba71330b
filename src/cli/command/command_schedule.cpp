#include "cli/command/commands.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/exit_code.hpp"
#include "cli/report/schedule_text.hpp"
#include "cli/settings/instance_settings.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/schedule.hpp>
#include <dbbackup/sys/foreground_program.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

namespace dbbackup::cli {

namespace {

struct ScheduleFlags {
    std::string action;
    std::string name;
    std::string every = "day";
    std::optional<std::string> at;
    std::optional<std::string> drill;
    std::optional<std::string> print;
};

base::Error usage(const std::string& message, const std::string& hint) {
    return {base::ErrorKind::usage, message, hint};
}

ops::TimerTime dump_time(const ScheduleFlags& flags) {
    const ops::Every every = ops::parse_every(flags.every);
    return flags.at ? ops::parse_timer_time(every, *flags.at) : ops::default_dump_time(every);
}

bool is_action(const std::string& word) {
    return word == "on" || word == "off" || word == "show";
}

std::string own_path() {
    std::error_code failure;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", failure);
    return failure ? sys::find_program("dbbackup").value_or("/usr/bin/dbbackup") : path.native();
}

int print_schedule(const ScheduleFlags& flags, const Invocation& invocation) {
    if (invocation.settings.json()) {
        throw usage("--print cannot be combined with --json",
                    "Choose one of them. Perhaps the configuration file has json = true.");
    }
    if (!flags.name.empty() && flags.action != "on") {
        throw usage(fmt::format("--print takes one name, not '{}' and '{}'",
                                base::printable(flags.action), base::printable(flags.name)),
                    fmt::format("Write: dbbackup schedule --print {} NAME", *flags.print));
    }
    const std::string name = flags.name.empty() ? flags.action : flags.name;
    if (!name.empty()) {
        ops::require_instance_name(name);
    }
    ops::PrintedSchedule schedule{.name = name,
                                  .program = own_path(),
                                  .settings = invocation.settings.standalone_words(),
                                  .dump = dump_time(flags),
                                  .drill = std::nullopt};
    if (flags.drill && *flags.drill != "never") {
        schedule.drill = ops::default_drill_time(ops::parse_every(*flags.drill));
    }
    invocation.console.print_result(*flags.print == "cron"      ? ops::to_crontab(schedule)
                                    : *flags.print == "systemd" ? ops::to_units(schedule)
                                                                : ops::to_launchd(schedule),
                                    Reader::program);
    return k_exit_done;
}

/// The units read a file of their own: an option that plays no part must not look as if it did.
void require_no_settings(const ScheduleFlags& flags, const Settings& settings) {
    const auto names = settings.names_on_command_line();
    if (!names.empty()) {
        throw usage(fmt::format("{} has no effect on a timer of systemd", names.front()),
                    fmt::format("Its service reads /etc/dbbackup/{}.env. For other settings see "
                                "`systemctl edit`, or: dbbackup schedule --print systemd {} {} …",
                                flags.name, flags.name, names.front()));
    }
}

int switch_on(const ScheduleFlags& flags, const Invocation& invocation) {
    ops::require_instance_name(flags.name);
    ops::ScheduleRequest request{.instance = flags.name, .dump = dump_time(flags)};
    if (flags.drill == "never") {
        request.drill_change = ops::DrillChange::remove;
    } else if (flags.drill) {
        request.drill_change = ops::DrillChange::set;
        request.drill = ops::default_drill_time(ops::parse_every(*flags.drill));
    }
    require_no_settings(flags, invocation.settings);
    ops::require_systemd(request.places, flags.name);
    require_database(ops::read_instance_settings(flags.name, request.places), flags.name);
    const auto timers = ops::switch_on(request, invocation.context);
    invocation.console.log_result(
        fmt::format("scheduled {}, {}", flags.name, ops::describe(request.dump)));
    const base::UtcTime now = invocation.context.clock.now();
    invocation.console.print_final_result(invocation.settings.json()
                                              ? to_json({.timers = timers, .problem = {}}, now)
                                              : switched_on_text(timers, now));
    return k_exit_done;
}

int switch_off(const ScheduleFlags& flags, const Invocation& invocation) {
    ops::require_instance_name(flags.name);
    const ops::SystemPlaces places;
    ops::require_systemd(places, flags.name);
    const auto timers = ops::switch_off(flags.name, places, invocation.context);
    invocation.console.log_result("no longer scheduled: " + flags.name);
    invocation.console.print_final_result(invocation.settings.json()
                                              ? switched_off_json(flags.name, timers)
                                              : switched_off_text(flags.name, timers));
    return k_exit_done;
}

int show(const ScheduleFlags& flags, const Invocation& invocation) {
    ops::TimerSurvey survey =
        ops::survey_timers({}, invocation.context.environment, directory_of_instance);
    if (!flags.name.empty()) {
        ops::require_instance_name(flags.name);
        std::erase_if(survey.timers, [&flags](const ops::TimerState& timer) {
            return timer.id.instance != flags.name;
        });
    }
    const base::UtcTime now = invocation.context.clock.now();
    if (invocation.settings.json()) {
        invocation.console.print_result(to_json(survey, now), Reader::program);
    } else {
        invocation.console.print_result(
            to_text(survey, now, flags.name, invocation.console.result_screen()));
    }
    return k_exit_done;
}

int run_schedule(const ScheduleFlags& flags, const Invocation& invocation) {
    for (const std::string& word : {flags.action, flags.name}) {
        require_no_url(word, "a schedule");
    }
    if (flags.print) {
        return print_schedule(flags, invocation);
    }
    const bool has_times = flags.at || flags.drill || flags.every != "day";
    if (has_times && flags.action != "on") {
        throw usage("--every, --at and --drill are for 'on' and for --print",
                    "Write: dbbackup schedule on NAME --every day --at 03:15");
    }
    if (flags.action.empty() || flags.action == "show") {
        return show(flags, invocation);
    }
    if (!is_action(flags.action)) {
        throw usage(fmt::format("'{}' is not on, off or show", base::printable(flags.action)),
                    "Write: dbbackup schedule on NAME");
    }
    if (flags.name.empty()) {
        throw usage(fmt::format("'schedule {}' needs a name", flags.action),
                    fmt::format("It is that of the file /etc/dbbackup/NAME.env: dbbackup schedule "
                                "{} NAME",
                                flags.action));
    }
    return flags.action == "on" ? switch_on(flags, invocation) : switch_off(flags, invocation);
}

} // namespace

Command add_schedule_command(CLI::App& root) {
    auto flags = std::make_shared<ScheduleFlags>();
    CLI::App* app =
        root.add_subcommand("schedule", "Dump by systemd's timers, or print lines for cron");
    const auto add = [app](const char* name, auto& value, const char* text) {
        return app->add_option(name, value, text)->configurable(false);
    };
    add("action", flags->action, "on, off or show (default)")->type_name("ACTION");
    add("name", flags->name, "Its settings are in /etc/dbbackup/NAME.env")->type_name("NAME");
    add("--every", flags->every, "hour, day, week (on Sunday) or month (on the first)")
        ->type_name("TIME")
        ->check(CLI::IsMember({"hour", "day", "week", "month"}))
        ->capture_default_str();
    add("--at", flags->at, "At what time (default: 03:15; every hour: :15)")->type_name("HH:MM");
    add("--drill", flags->drill, "Also drill: every week, month or quarter, at 05:20; or never")
        ->type_name("TIME")
        ->check(CLI::IsMember({"week", "month", "quarter", "never"}));
    add("--print", flags->print, "Only print a schedule: for cron, systemd or launchd")
        ->type_name("KIND")
        ->check(CLI::IsMember({"cron", "systemd", "launchd"}));
    return {.app = app, .run = [flags](const Invocation& invocation) {
                return run_schedule(*flags, invocation);
            }};
}

} // namespace dbbackup::cli
