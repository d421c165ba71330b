#include "ops/schedule/calendar.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/status.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// Timers start up to ten minutes late by their own setting; a run takes its time, and so does a
/// machine that was off and catches up.
constexpr std::chrono::hours k_grace{2};

bool is_same_directory(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code ignored;
    if (std::filesystem::equivalent(a, b, ignored)) {
        return true;
    }
    const auto plain = [](const std::filesystem::path& path) {
        std::error_code failure;
        const auto normal = std::filesystem::absolute(path, failure).lexically_normal();
        return normal.has_filename() ? normal : normal.parent_path();
    };
    return !a.empty() && plain(a) == plain(b);
}

StatusWarning off(const TimerState& timer) {
    const std::string unit = timer.id.timer_unit();
    const std::string what = timer.load_state == "not-found" ? "it is not installed any more"
                             : timer.load_state == "masked"  ? "it is masked"
                             : timer.is_active ? "it is not enabled, and the next boot ends it"
                                               : "it is not active";
    const std::string again =
        timer.load_state == "not-found" ? "Install dbbackup's package again"
        : timer.load_state == "masked"
            ? fmt::format("Run: sudo systemctl unmask {0} && sudo systemctl enable --now {0}", unit)
            : fmt::format("Run: sudo systemctl enable --now {}", unit);
    return {.kind = WarningKind::timer_off,
            .gravity = Gravity::unhealthy,
            .message = fmt::format("{} should run and does not: {}", unit, what),
            .hint = fmt::format("{}. If it should not run any more: sudo dbbackup schedule off {}",
                                again, timer.id.instance)};
}

/// Since when a timer that runs as it should would have started its service once more.
std::optional<StatusWarning> find_overdue(const TimerState& timer, base::UtcTime now) {
    const auto time = timer.time();
    const auto since = std::max(timer.last_run.value_or(base::UtcTime{}),
                                timer.active_since.value_or(base::UtcTime{}));
    const bool is_known = timer.last_run || timer.active_since;
    if (!time || !is_known || now - since <= longest_interval(time->every) + k_grace) {
        return std::nullopt;
    }
    const std::string service = timer.id.service_unit();
    const std::string what =
        timer.is_running
            ? fmt::format("{} has been running for {}", service, base::format_duration(now - since))
            : fmt::format("{} did not run for {}, and should {}", service,
                          base::format_duration(now - since), describe(*time));
    return StatusWarning{
        .kind = WarningKind::timer_overdue,
        .gravity = Gravity::unhealthy,
        .message = what,
        .hint = fmt::format("See: systemctl status {} {}", timer.id.timer_unit(), service)};
}

std::optional<StatusWarning> find_failure(const TimerState& timer, base::UtcTime now) {
    if (timer.result.empty() || timer.result == "success" || timer.is_running) {
        return std::nullopt;
    }
    const std::string service = timer.id.service_unit();
    const std::string how =
        timer.result == "exit-code" ? fmt::format("exit status {}", timer.exit_code) : timer.result;
    return StatusWarning{
        .kind = WarningKind::timer_failed,
        .gravity = Gravity::unhealthy,
        .message = fmt::format(
            "the last run of {} failed{}: {}", service,
            timer.last_run ? fmt::format(" {} ago", base::format_duration(now - *timer.last_run))
                           : "",
            how),
        .hint = fmt::format("See why: sudo journalctl -u {0}. Then run it again: sudo systemctl "
                            "start {0}",
                            service)};
}

} // namespace

void judge_timers(StatusReport& report, const TimerSurvey& survey) {
    if (!survey.problem.empty()) {
        report.timers.reset();
        report.timers_problem = survey.problem;
        return;
    }
    for (const TimerState& timer : survey.timers) {
        if (!is_same_directory(timer.directory, report.directory)) {
            continue;
        }
        report.timers->push_back(timer);
        if (!timer.is_active || !timer.is_enabled) {
            report.warnings.push_back(off(timer));
        } else if (const auto overdue = find_overdue(timer, report.now)) {
            report.warnings.push_back(*overdue);
        }
        if (const auto failure = find_failure(timer, report.now)) {
            report.warnings.push_back(*failure);
        }
    }
}

} // namespace dbbackup::ops
