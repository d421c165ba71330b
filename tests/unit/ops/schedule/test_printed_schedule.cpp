// Each format has quoting of its own. What reads it decides whether it is right.

#include "ops/schedule/printed_schedule.hpp"
#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::ops;
using dbbackup::test::read_file;
using dbbackup::test::run_program;
using dbbackup::test::TempDir;

namespace {

const std::vector<std::string> k_hard_words{
    "plain", "a b",  "it's",  "say \"x\"", "100%", "%d/env", "a\\%b", "a\\\\%b", "\\",     "$HOME",
    "${x}",  "`id`", "$(id)", "a;b",       ";",    "<&>",    "]]>",   "",        "--a--b", "ümlaut",
    "a#b",   "#",    "*",     "~/x",       "@x",   "!x",     "'",     "%%",      "'%'",    "\\'%"};

/// What cron gives the shell of `line`: as its do_command.c reads it.
std::string as_cron_reads(const std::string& line) {
    std::string command;
    bool is_escaped = false;
    for (const char c : line) {
        if (is_escaped && c == '%') {
            command.back() = '%';
            is_escaped = false;
            continue;
        }
        if (!is_escaped && c == '%') {
            return command; // the rest is its stdin
        }
        is_escaped = !is_escaped && c == '\\';
        command += c;
    }
    return command;
}

PrintedSchedule schedule_with(std::vector<std::string> settings) {
    return {.name = "shop",
            .program = "/bin/true",
            .settings = std::move(settings),
            .dump = {Every::day, 3, 15},
            .drill = TimerTime{Every::quarter, 5, 20}};
}

} // namespace

TEST_CASE("cron and its shell get every word of a crontab's line unchanged") {
    for (const std::string& word : k_hard_words) {
        INFO(word);
        const std::string command =
            as_cron_reads("printf '[\\%s]' " + quote_for_cron({word, "end"}));
        CHECK(run_program({"/bin/sh", "-c", command}).out == "[" + word + "][end]");
    }
}

TEST_CASE("a crontab's line holds the whole command and no line break") {
    const std::string text = to_crontab(schedule_with({"--dir", "/srv/100% dumps"}));
    INFO(text);
    CHECK(text.find("\n15 3 * * *  /bin/true dump --lock-wait-timeout 10m --keep-daily 7 "
                    "--keep-weekly 5 --keep-monthly 12 -q --dir '/srv/100\\% dumps' > "
                    "/dev/null\n") != std::string::npos);
    CHECK(text.find("\n20 5 1 1,4,7,10 *  /bin/true verify --restore -q --dir ") !=
          std::string::npos);
    CHECK_THROWS_AS(to_crontab(schedule_with({"--dir", "/a\nb"})), base::Error);
    CHECK_THROWS_AS(to_crontab(schedule_with({"--dir", std::string(1000, 'a')})), base::Error);
    CHECK_THROWS_AS(to_units(schedule_with({"--dir", "/a\nb"})), base::Error);
    CHECK_THROWS_AS(to_launchd(schedule_with({"--dir", "/a\x01"})), base::Error);
}

TEST_CASE("an hourly schedule keeps more than one dump of the day") {
    PrintedSchedule schedule = schedule_with({});
    CHECK(to_crontab(schedule).find("--keep-hourly") == std::string::npos);
    schedule.dump = {Every::hour, 0, 15};
    CHECK(to_crontab(schedule).find("--keep-hourly 24 --keep-daily 7") != std::string::npos);
}

TEST_CASE("words of a unit are quoted as systemd reads them") {
    CHECK(quote_for_unit("/srv/dumps") == "/srv/dumps");
    CHECK(quote_for_unit("a b") == "\"a b\"");
    CHECK(quote_for_unit("100%") == "\"100%%\"");
    CHECK(quote_for_unit("$HOME") == "\"$$HOME\"");
    CHECK(quote_for_unit("say \"x\" \\") == "\"say \\\"x\\\" \\\\\"");
    CHECK(quote_for_unit("") == "\"\"");
    CHECK(quote_for_unit(";") == "\";\"");
}

TEST_CASE("systemd-analyze accepts the printed units") {
    const std::string program = "/usr/bin/systemd-analyze";
    if (!std::filesystem::exists(program)) {
        WARN("left out: there is no systemd-analyze");
        return;
    }
    const TempDir home;
    std::string text = to_units(schedule_with(k_hard_words));
    std::vector<std::string> words{program, "--man=no", "verify"};
    constexpr std::string_view k_head = "# ~/.config/systemd/user/";
    for (std::size_t at = text.find(k_head); at != std::string::npos;) {
        const std::size_t next = text.find(k_head, at + 1);
        const std::string part = text.substr(at, next - at);
        const std::string name = part.substr(k_head.size(), part.find('\n') - k_head.size());
        test::write_file(home / name, part);
        words.push_back(home / name);
        at = next;
    }
    CHECK(words.size() == 7); // a service and a timer for each of the two
    const auto result = run_program(words);
    INFO(text << result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("dbbackup") == std::string::npos);
}

TEST_CASE("a property list is XML, whatever the words hold") {
    const std::string text = to_launchd(schedule_with({"--dir", "/a <&> \"b\" 'c'"}));
    INFO(text);
    CHECK(text.find("<string>/a &lt;&amp;&gt; \"b\" 'c'</string>") != std::string::npos);
    CHECK(text.find("<key>Hour</key><integer>3</integer>") != std::string::npos);
    CHECK(text.find("<key>Month</key><integer>10</integer>") != std::string::npos);
    PrintedSchedule schedule = schedule_with({});
    schedule.name = "a--b";
    const std::string other = to_launchd(schedule);
    const std::size_t begin = other.find("<!-- ") + 5;
    CHECK(other.substr(begin, other.find("-->") - begin).find("--") == std::string::npos);
    CHECK(other.find("<string>dbbackup.a--b</string>") != std::string::npos);
}
