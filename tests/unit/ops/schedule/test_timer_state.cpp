#include "ops/schedule/systemctl.hpp"
#include "support/catch.hpp"

#include <dbbackup/ops/status.hpp>

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::ops;
using namespace std::chrono_literals;

namespace {

const base::UtcTime k_now = base::parse_utc("2026-11-22T12:00:00.000Z").value();

// As systemd 252 wrote it.
constexpr std::string_view k_output =
    "TimersCalendar={ OnCalendar=*-*-* 04:10:00 ; next_elapse=Mon 2026-11-23 04:10:00 UTC }\n"
    "NextElapseUSecRealtime=Mon 2026-11-23 04:18:38 UTC\n"
    "LastTriggerUSec=Sun 2026-11-22 04:12:01 UTC\n"
    "Result=success\n"
    "Id=dbbackup@shop.timer\n"
    "LoadState=loaded\n"
    "ActiveState=active\n"
    "UnitFileState=enabled\n"
    "ActiveEnterTimestamp=Fri 2026-11-20 21:50:12 UTC\n"
    "\n"
    "Result=exit-code\n"
    "ExecMainExitTimestamp=Sun 2026-11-22 04:12:07 UTC\n"
    "ExecMainStatus=6\n"
    "Environment=A=1 \"B=x \\\"y\\\" z\" \"DBBACKUP_DIR=/srv/a b\\\\c\" DBBACKUP_DIRS=/no\n"
    "Id=dbbackup@shop.service\n"
    "ActiveState=failed\n";

TimerState shop() {
    const auto units = parse_units(k_output);
    REQUIRE(units.size() == 2);
    return to_state({.job = TimerJob::dump, .instance = "shop"}, units[0], units[1]);
}

/// A timer that is as it should be, of the directory of the report.
TimerState good() {
    TimerState timer = shop();
    timer.result = "success";
    timer.exit_code = 0;
    timer.directory = "/srv/dumps";
    return timer;
}

StatusReport judged(const TimerState& timer) {
    StatusReport report;
    report.directory = "/srv/x/../dumps/";
    report.now = k_now;
    judge_timers(report, {.timers = {timer}, .problem = {}});
    return report;
}

std::vector<std::string> kinds(const StatusReport& report) {
    std::vector<std::string> kinds;
    for (const StatusWarning& warning : report.warnings) {
        CHECK(warning.gravity == Gravity::unhealthy);
        CHECK_FALSE(warning.hint.empty());
        kinds.emplace_back(name_of(warning.kind));
    }
    return kinds;
}

using Kinds = std::vector<std::string>;

} // namespace

TEST_CASE("what systemctl show says of a timer and its service") {
    const TimerState timer = shop();
    CHECK(timer.load_state == "loaded");
    CHECK(timer.is_active);
    CHECK(timer.is_enabled);
    CHECK_FALSE(timer.is_running);
    CHECK(timer.time() == TimerTime{Every::day, 4, 10});
    CHECK(timer.next_run == base::parse_utc("2026-11-23T04:18:38.000Z"));
    CHECK(timer.last_run == base::parse_utc("2026-11-22T04:12:07.000Z"));
    CHECK(timer.active_since == base::parse_utc("2026-11-20T21:50:12.000Z"));
    CHECK(timer.result == "exit-code");
    CHECK(timer.exit_code == 6);
    CHECK(timer.directory == "/srv/a b\\c");
}

TEST_CASE("what systemctl show says of a timer that never ran, or is not there") {
    const auto units = parse_units("LastTriggerUSec=\nNextElapseUSecRealtime=n/a\n"
                                   "TimersCalendar={ OnCalendar=*-*-* 03:15:00 ; "
                                   "next_elapse=(null) }\n"
                                   "TimersCalendar={ OnCalendar=*-*-* 04:15:00 ; "
                                   "next_elapse=(null) }\n"
                                   "ActiveState=inactive\nUnitFileState=disabled\n\n"
                                   "Result=success\nExecMainStatus=0\nExecMainExitTimestamp=\n"
                                   "ActiveState=activating\nEnvironment=\n");
    REQUIRE(units.size() == 2);
    const TimerState timer = to_state({}, units[0], units[1]);
    CHECK_FALSE(timer.is_active);
    CHECK_FALSE(timer.is_enabled);
    CHECK_FALSE(timer.last_run);
    CHECK_FALSE(timer.next_run);
    CHECK(timer.result.empty());
    CHECK(timer.is_running);
    CHECK(timer.calendars.size() == 2);
    CHECK_FALSE(timer.time()); // none of ours: two
    CHECK(timer.directory.empty());
    CHECK(parse_units("").empty());
    CHECK(parse_units("\n\nno sign\n").empty());
}

TEST_CASE("a timer that runs is healthy, and one of another directory plays no part") {
    CHECK(kinds(judged(good())).empty());
    CHECK(judged(good()).timers->size() == 1);
    TimerState other = good();
    other.directory = "/srv/other";
    other.is_active = false;
    CHECK(kinds(judged(other)).empty());
    CHECK(judged(other).timers->empty());
    other.directory.clear();
    CHECK(judged(other).timers->empty());
}

TEST_CASE("a timer that is off, not enabled, masked or not installed is unhealthy") {
    for (const char* what : {"is not active", "next boot", "is masked", "not installed"}) {
        INFO(what);
        const std::string name = what;
        TimerState timer = good();
        timer.is_active = name == "next boot";
        timer.is_enabled = name == "is not active";
        timer.load_state = name == "is masked"       ? "masked"
                           : name == "not installed" ? "not-found"
                                                     : "loaded";
        const StatusReport report = judged(timer);
        CHECK(kinds(report) == Kinds{"timer_off"});
        CHECK(report.warnings.front().message.find(what) != std::string::npos);
        CHECK(report.warnings.front().hint.find("dbbackup schedule off shop") != std::string::npos);
        CHECK_FALSE(report.is_healthy());
    }
}

TEST_CASE("a timer that did not run for longer than it should is unhealthy") {
    TimerState timer = good();
    timer.last_run = k_now - 27h;
    CHECK(kinds(judged(timer)).empty()); // a day, an hour of summer time, and two to be late
    timer.last_run = k_now - 27h - 1s;
    CHECK(kinds(judged(timer)) == Kinds{"timer_overdue"});
    timer.active_since = k_now - 1h; // the machine was off
    CHECK(kinds(judged(timer)).empty());
    timer.active_since = k_now - 48h;
    timer.calendars = {"Sun *-*-* 04:10:00"};
    CHECK(kinds(judged(timer)).empty());
    timer.calendars = {"*-*-* *:10:00"};
    CHECK(kinds(judged(timer)) == Kinds{"timer_overdue"});
    timer.calendars = {"Mon..Fri *-*-* 04:10:00"}; // of the user's own: unknown
    CHECK(kinds(judged(timer)).empty());
    timer.calendars = {"*-*-* 04:10:00"};
    timer.last_run.reset();
    CHECK(kinds(judged(timer)) == Kinds{"timer_overdue"}); // never since it is on
    timer.active_since = k_now - 1h;
    CHECK(kinds(judged(timer)).empty());
}

TEST_CASE("a run that never ends is overdue, and says so") {
    TimerState timer = good();
    timer.is_running = true;
    timer.last_run = k_now - 30h;
    const StatusReport report = judged(timer);
    CHECK(kinds(report) == Kinds{"timer_overdue"});
    CHECK(report.warnings.front().message == "dbbackup@shop.service has been running for 1 d 6 h");
}

TEST_CASE("a failed last run is unhealthy until the next one") {
    TimerState timer = good();
    timer.result = "exit-code";
    timer.exit_code = 3;
    timer.last_run = k_now - 2h;
    const StatusReport report = judged(timer);
    CHECK(kinds(report) == Kinds{"timer_failed"});
    CHECK(report.warnings.front().message ==
          "the last run of dbbackup@shop.service failed 2 h ago: exit status 3");
    timer.result = "timeout";
    CHECK(judged(timer).warnings.front().message.ends_with("failed 2 h ago: timeout"));
    timer.is_running = true;
    CHECK(kinds(judged(timer)).empty());
}

TEST_CASE("if systemd cannot be asked, nothing is known and nothing is unhealthy") {
    StatusReport report;
    judge_timers(report, {.timers = {good()}, .problem = "it hangs"});
    CHECK_FALSE(report.timers);
    CHECK(report.timers_problem == "it hangs");
    CHECK(report.is_healthy());
}
