#include "cli/report/schedule_text.hpp"

#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string when(const ops::TimerState& timer) {
    if (const auto time = timer.time()) {
        return ops::describe(*time);
    }
    return timer.calendars.empty() ? "?" : fmt::format("{}", fmt::join(timer.calendars, ", "));
}

std::string ago(const std::optional<base::UtcTime>& time, base::UtcTime now) {
    return time ? base::format_duration(now - *time) + " ago" : "never";
}

std::string result_of(const ops::TimerState& timer) {
    if (timer.is_running) {
        return "running";
    }
    if (timer.result == "exit-code") {
        return fmt::format("failed: exit status {}", timer.exit_code);
    }
    return timer.result.empty()        ? "-"
           : timer.result == "success" ? "success"
                                       : "failed: " + timer.result;
}

std::string next(const ops::TimerState& timer, base::UtcTime now) {
    if (!timer.is_active) {
        return "off";
    }
    if (!timer.next_run) {
        return timer.is_running ? "after this run" : "?";
    }
    return *timer.next_run <= now ? "now" : "in " + base::format_duration(*timer.next_run - now);
}

} // namespace

std::string to_text(const ops::TimerSurvey& survey, base::UtcTime now, const std::string& name,
                    const Screen& screen) {
    if (survey.timers.empty()) {
        return name.empty() ? "no timer is on\n"
                            : fmt::format("no timer of '{}' is on\n", base::printable(name));
    }
    TextTable table{{{"NAME"},
                     {"JOB"},
                     {"WHEN", Align::left, Fit::shorten, 2},
                     {"LAST RUN", Align::right, Fit::whole, 1},
                     {"RESULT"},
                     {"NEXT RUN"}}};
    for (const ops::TimerState& timer : survey.timers) {
        const std::string job{name_of(timer.id.job)};
        if (!survey.problem.empty()) {
            table.add({timer.id.instance, job, "?", "?", "?", "?"});
            continue;
        }
        const bool is_good = timer.result.empty() || timer.result == "success";
        table.add({timer.id.instance,
                   job,
                   when(timer),
                   ago(timer.last_run, now),
                   {result_of(timer), is_good ? Tone::plain : Tone::bad},
                   {next(timer, now), timer.is_active ? Tone::plain : Tone::bad}});
    }
    return table.to_string(screen) +
           (survey.problem.empty()
                ? ""
                : fmt::format("systemd could not be asked: {}\n", base::printable(survey.problem)));
}

Json timers_json(const std::vector<ops::TimerState>& timers) {
    Json json = Json::array();
    for (const ops::TimerState& timer : timers) {
        const auto time = timer.time();
        json.push_back({{"name", text(timer.id.instance)},
                        {"job", ops::name_of(timer.id.job)},
                        {"unit", text(timer.id.timer_unit())},
                        {"every", time ? Json(ops::name_of(time->every)) : Json(nullptr)},
                        {"calendars", texts(timer.calendars)},
                        {"active", timer.is_active},
                        {"enabled", timer.is_enabled},
                        {"running", timer.is_running},
                        {"last_run_at", time_or_null(timer.last_run)},
                        {"result", text_or_null(timer.result)},
                        {"exit_code", timer.result == "exit-code" ? Json(timer.exit_code)
                                      : timer.result == "success" ? Json(0)
                                                                  : Json(nullptr)},
                        {"next_run_at", time_or_null(timer.next_run)},
                        {"directory", text_or_null(timer.directory.native())}});
    }
    return json;
}

std::string to_json(const ops::TimerSurvey& survey, base::UtcTime now) {
    const bool is_known = survey.problem.empty();
    return finish({{"at", base::format_utc(now)},
                   {"timers", is_known ? timers_json(survey.timers) : Json(nullptr)},
                   {"problem", text_or_null(survey.problem)}});
}

std::string switched_on_text(const std::vector<ops::TimerState>& timers, base::UtcTime now) {
    std::string lines;
    for (const ops::TimerState& timer : timers) {
        lines += fmt::format("{}: a {} {}; the next {}\n", timer.id.timer_unit(),
                             name_of(timer.id.job), when(timer), next(timer, now));
    }
    const ops::TimerId& dump = timers.front().id;
    return lines + fmt::format("To see whether it works, run it now: sudo systemctl start {}\n",
                               dump.service_unit());
}

std::string switched_off_text(const std::string& name, const std::vector<ops::TimerId>& timers) {
    if (timers.empty()) {
        return fmt::format("no timer of '{}' was on\n", base::printable(name));
    }
    std::string lines;
    for (const ops::TimerId& timer : timers) {
        lines += timer.timer_unit() + ": off\n";
    }
    return lines + fmt::format("/etc/dbbackup/{}.env and the dumps stay.\n", name);
}

std::string switched_off_json(const std::string& name, const std::vector<ops::TimerId>& timers) {
    Json units = Json::array();
    for (const ops::TimerId& timer : timers) {
        units.push_back(text(timer.timer_unit()));
    }
    return finish({{"name", text(name)}, {"switched_off", std::move(units)}});
}

std::string timer_lines(const std::vector<ops::TimerState>& timers, base::UtcTime now) {
    std::string lines;
    for (const ops::TimerState& timer : timers) {
        lines += fmt::format(
            "{}: {}, last run {}{}, next run {}\n", base::printable(timer.id.timer_unit()),
            when(timer), ago(timer.last_run, now),
            timer.result.empty() ? "" : " (" + result_of(timer) + ")", next(timer, now));
    }
    return lines.empty() ? "" : lines + "\n";
}

} // namespace dbbackup::cli
