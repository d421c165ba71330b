#include "ops/schedule/calendar.hpp"
#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/schedule.hpp>

#include <filesystem>

using namespace dbbackup;
using namespace dbbackup::ops;

namespace {

struct Case {
    TimerTime time;
    std::string calendar;
    std::string cron;
    std::string text;
};

const std::vector<Case> k_cases{
    {{Every::hour, 0, 5}, "*-*-* *:05:00", "5 * * * *", "every hour at minute 05"},
    {{Every::day, 3, 15}, "*-*-* 03:15:00", "15 3 * * *", "every day at 03:15"},
    {{Every::week, 0, 0}, "Sun *-*-* 00:00:00", "0 0 * * 0", "every week, on Sunday at 00:00"},
    {{Every::month, 23, 59},
     "*-*-01 23:59:00",
     "59 23 1 * *",
     "every month, on the first at 23:59"},
    {{Every::quarter, 5, 20},
     "*-01,04,07,10-01 05:20:00",
     "20 5 1 1,4,7,10 *",
     "every quarter, on its first day at 05:20"}};

} // namespace

TEST_CASE("a timer's time: for systemd, cron and people, and back") {
    for (const Case& one : k_cases) {
        CHECK(to_calendar(one.time) == one.calendar);
        CHECK(parse_calendar(one.calendar) == one.time);
        CHECK(to_cron_fields(one.time) == one.cron);
        CHECK(describe(one.time) == one.text);
    }
}

TEST_CASE("systemd itself repeats our calendars as we write them") {
    const std::string program = "/usr/bin/systemd-analyze";
    if (!std::filesystem::exists(program)) {
        WARN("left out: there is no systemd-analyze");
        return;
    }
    for (const Case& one : k_cases) {
        const auto result = test::run_program({program, "calendar", one.calendar});
        INFO(one.calendar << "\n" << result.out << result.err);
        CHECK(result.exit_code == 0);
        // Only if it differs from what was given is a "Normalized form:" worth another name.
        CHECK(result.out.find("Normalized form: " + one.calendar + "\n") != std::string::npos);
    }
}

TEST_CASE("a calendar that schedule did not set has no time of ours") {
    for (const char* calendar :
         {"", "daily", "*-*-* 03:15:30", "*-*-* 03:15", "Mon *-*-* 03:15:00", "*-*-02 03:15:00",
          "*-*-* 24:00:00", "*-*-* 3:15:00", "*-*-* *:*:00", "*-*-* 03,15:15:00", "*-*-* :00",
          "*-*-* ", "*-*-* 00", "*-*-* 0:00"}) {
        INFO(calendar);
        CHECK_FALSE(parse_calendar(calendar));
    }
}

TEST_CASE("a time of day, or the minute of each hour, is what --at takes") {
    CHECK(parse_timer_time(Every::day, "00:00") == TimerTime{Every::day, 0, 0});
    CHECK(parse_timer_time(Every::month, "23:59") == TimerTime{Every::month, 23, 59});
    CHECK(parse_timer_time(Every::hour, ":07") == TimerTime{Every::hour, 0, 7});
    for (const char* text : {"", "3:15", "03:5", "24:00", "03:60", "0315", "03:15:00", " 03:15",
                             "03:15 ", "-3:15", "+3:15", "03.15", "aa:bb", ":15", "03:"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_timer_time(Every::day, text), base::Error);
    }
    for (const char* text : {"03:15", ":5", ":60", ":", "", "15", ":1a"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_timer_time(Every::hour, text), base::Error);
    }
}

TEST_CASE("the name of a schedule fits the name of a user and of a file") {
    for (const char* name :
         {"a", "shop", "my-shop", "Shop_2", "a--b", "0", "_x", "abcdefghijklmnopqrstuv"}) {
        INFO(name);
        CHECK_NOTHROW(require_instance_name(name));
    }
    for (const char* name : {"", "-a", "../x", "a/b", "a b", "a@b", "a%b", "a\\x2db", "a.b", ".",
                             "..", "a\nb", "ä", "a$b", "abcdefghijklmnopqrstuvw"}) {
        INFO(name);
        CHECK_THROWS_AS(require_instance_name(name), base::Error);
    }
}
