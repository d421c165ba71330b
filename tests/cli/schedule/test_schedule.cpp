#include "cli/schedule/schedule_scene.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

const std::string k_dump_timer = "dbbackup@shop.timer";
const std::string k_drill_timer = "dbbackup-drill@shop.timer";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void check_nothing_changed(const ScheduleScene& scene) {
    for (const std::string& left : scene.left()) {
        INFO(left);
        CHECK(false);
    }
    CHECK_FALSE(contains(scene.calls(), "enable"));
}

} // namespace

TEST_CASE("schedule on writes a drop-in and enables the timer, and off leaves nothing behind") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    const ProgramResult on = scene.run({"schedule", "on", "shop"});
    INFO(on.out << on.err);
    CHECK(on.exit_code == 0);
    CHECK(on.err.empty());
    CHECK(contains(on.out, "dbbackup@shop.timer: a dump every day at 03:15; the next in "));
    CHECK(contains(read_file(scene.drop_in(k_dump_timer)),
                   "[Timer]\nOnCalendar=\nOnCalendar=*-*-* 03:15:00\n"));
    CHECK(scene.is_enabled(k_dump_timer));
    CHECK_FALSE(scene.is_enabled(k_drill_timer));
    const std::string calls = scene.calls();
    CHECK(contains(calls, "daemon-reload\nenable --now -- dbbackup@shop.timer\n"));

    const ProgramResult off = scene.run({"schedule", "off", "shop"});
    CHECK(off.exit_code == 0);
    CHECK(contains(off.out, "dbbackup@shop.timer: off\n"));
    CHECK(contains(scene.calls(), "disable --now -- dbbackup@shop.timer\ndaemon-reload\n"));
    CHECK(scene.left().empty());
    CHECK(fs::exists(scene.etc() / "dbbackup/shop.env"));

    const ProgramResult again = scene.run({"schedule", "off", "shop"});
    CHECK(again.exit_code == 0);
    CHECK(again.out == "no timer of 'shop' was on\n");
    CHECK(scene.calls().empty());
}

TEST_CASE("schedule on again changes the time, and leaves the drill unless it is named") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    CHECK(scene.run({"schedule", "on", "shop", "--drill", "quarter"}).exit_code == 0);
    CHECK(contains(read_file(scene.drop_in(k_drill_timer)),
                   "OnCalendar=*-01,04,07,10-01 05:20:00\n"));
    const ProgramResult second =
        scene.run({"schedule", "on", "shop", "--every", "week", "--at", "04:30"});
    INFO(second.out << second.err);
    CHECK(second.exit_code == 0);
    CHECK(contains(second.out, "a dump every week, on Sunday at 04:30"));
    CHECK(contains(second.out, "dbbackup-drill@shop.timer: a drill every quarter"));
    CHECK(contains(read_file(scene.drop_in(k_dump_timer)),
                   "OnCalendar=\nOnCalendar=Sun *-*-* 04:30:00\n"));
    CHECK(scene.is_enabled(k_drill_timer));
    CHECK(scene.run({"schedule", "on", "shop", "--drill", "never"}).exit_code == 0);
    CHECK_FALSE(scene.is_enabled(k_drill_timer));
    CHECK_FALSE(fs::exists(scene.drop_in(k_drill_timer)));
    CHECK(scene.run({"schedule", "on", "shop", "--every", "hour", "--at", ":05"}).exit_code == 0);
    CHECK(contains(read_file(scene.drop_in(k_dump_timer)), "OnCalendar=*-*-* *:05:00\n"));
    CHECK(scene.run({"schedule", "on", "shop", "--drill", "month"}).exit_code == 0);
    CHECK(scene.run({"schedule", "off", "shop"}).exit_code == 0);
    CHECK(scene.left().empty());
}

TEST_CASE("schedule on refuses before it changes anything") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    const auto refuses = [&scene](const std::vector<std::string>& words, int exit_code,
                                  const std::string& part) {
        const ProgramResult result = scene.run(words);
        INFO(result.out << result.err);
        CHECK(result.exit_code == exit_code);
        CHECK(contains(result.err, part));
        CHECK_FALSE(contains(result.err, "geheim"));
        check_nothing_changed(scene);
    };
    refuses({"schedule", "on", "shop"}, 2, "'/etc/dbbackup/shop.env' does not exist");
    scene.add_settings("shop");
    const fs::path settings = scene.etc() / "dbbackup/shop.env";
    refuses({"schedule", "on", "../shop"}, 2, "cannot be the name of a schedule");
    refuses({"schedule", "on", "a%b"}, 2, "cannot be the name of a schedule");
    refuses({"schedule", "on", "shop", "--at", "25:00"}, 2, "is not a time of day");
    refuses({"schedule", "on", "shop", "--every", "hour", "--at", "03:15"}, 2, "--at :15");
    refuses({"schedule", "on", "shop", "--every", "year"}, 2, "--every");
    refuses({"schedule", "on", "shop", "--dir", "/srv"}, 2, "--dir has no effect");
    refuses({"schedule", "on"}, 2, "needs a name");
    refuses({"schedule", "up", "shop"}, 2, "'up' is not on, off or show");
    refuses({"schedule", "show", "--at", "03:15"}, 2, "are for 'on'");
    scene.set("load", "LoadState=not-found\n");
    refuses({"schedule", "on", "shop"}, 2, "unit templates are not installed");
    scene.set("load", "LoadState=masked\n");
    refuses({"schedule", "on", "shop"}, 5, "sudo systemctl unmask");
    scene.set("load", "LoadState=loaded\n");
    fs::permissions(settings, fs::perms::others_read, fs::perm_options::add);
    refuses({"schedule", "on", "shop"}, 5, "others may read it");
    fs::permissions(settings, fs::perms::others_read, fs::perm_options::remove);
    write_file(settings, "# geheim\nDATABASE_URL=\n");
    refuses({"schedule", "on", "shop"}, 2, "sets no DATABASE_URL");
    scene.add_settings("shop");
    scene.set("not_booted");
    refuses({"schedule", "on", "shop"}, 2, "dbbackup schedule --print cron shop");
}

TEST_CASE("the command that makes missing settings works as printed") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    const std::string err = scene.run({"schedule", "on", "shop"}).err;
    const std::size_t begin = err.find("Make it: ") + 9;
    std::string command = err.substr(begin, err.find(" && sudo ${EDITOR") - begin);
    // The test may have no sudo.
    for (std::size_t at = command.find("sudo "); at != std::string::npos;
         at = command.find("sudo ")) {
        command.erase(at, 5);
    }
    INFO(command);
    REQUIRE(scene.run_in({"/bin/sh", "-c", command}).exit_code == 0);
    CHECK(contains(scene.run({"schedule", "on", "shop"}).err, "sets no DATABASE_URL"));
    write_file(scene.etc() / "dbbackup/shop.env", "DATABASE_URL=postgres:///shop\n");
    CHECK(scene.run({"schedule", "on", "shop"}).exit_code == 0);
}

TEST_CASE("if systemd fails, schedule on leaves all as it was") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    scene.set("fail_enable");
    const ProgramResult failed = scene.run({"schedule", "on", "shop", "--drill", "week"});
    INFO(failed.err);
    CHECK(failed.exit_code == 1);
    CHECK(contains(failed.err, "failed: no such thing"));
    CHECK(scene.left().empty());
    CHECK(contains(scene.calls(), "disable -- dbbackup@shop.timer"));

    fs::remove(scene.file("state/fail_enable"));
    scene.set("stays_off"); // systemctl says yes, and it is not so
    const ProgramResult off = scene.run({"schedule", "on", "shop"});
    CHECK(off.exit_code == 1);
    CHECK(contains(off.err, "systemd was told to run dbbackup@shop.timer, but does not"));
    CHECK(scene.left().empty());

    fs::remove(scene.file("state/stays_off"));
    CHECK(scene.run({"schedule", "on", "shop"}).exit_code == 0);
    const std::string before = read_file(scene.drop_in(k_dump_timer));
    scene.set("fail_enable");
    CHECK(scene.run({"schedule", "on", "shop", "--at", "04:00"}).exit_code == 1);
    CHECK(read_file(scene.drop_in(k_dump_timer)) == before);
    CHECK(scene.is_enabled(k_dump_timer));
}

TEST_CASE("schedule show: every timer that should run, also without root") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    CHECK(scene.run({"schedule"}).out == "no timer is on\n");
    scene.add_settings("shop");
    scene.add_settings("blog");
    REQUIRE(scene.run({"schedule", "on", "shop", "--drill", "quarter"}).exit_code == 0);
    REQUIRE(scene.run({"schedule", "on", "blog", "--every", "month"}).exit_code == 0);
    const ProgramResult shown = scene.run({"schedule", "show"});
    INFO(shown.out << shown.err);
    CHECK(shown.exit_code == 0);
    CHECK(contains(shown.out, "NAME  JOB    WHEN "));
    CHECK(contains(shown.out, "blog  dump   every month, on the first at 03:15 "));
    CHECK(contains(shown.out, "shop  drill  every quarter, "));
    CHECK_FALSE(contains(scene.run({"schedule", "show", "blog"}).out, "shop"));
    CHECK(scene.run({"schedule", "show", "no"}).out == "no timer of 'no' is on\n");
    const auto json = nlohmann::json::parse(scene.run({"schedule", "show", "--json"}).out);
    REQUIRE(json.at("timers").size() == 3);
    CHECK(json.at("timers").at(0).at("unit") == "dbbackup@blog.timer");
    CHECK(json.at("timers").at(0).at("every") == "month");
    CHECK(json.at("timers").at(0).at("active") == true);
    CHECK(json.at("timers").at(0).at("next_run_at") == "2096-11-23T04:18:38.000Z");
    scene.set("not_booted");
    const ProgramResult unknown = scene.run({"schedule", "show"});
    CHECK(unknown.exit_code == 0);
    CHECK(contains(unknown.out, "systemd could not be asked: systemd does not run this machine"));
    CHECK(nlohmann::json::parse(scene.run({"schedule", "--json"}).out).at("timers").is_null());
}

TEST_CASE("only root switches timers, and everybody else is told what to do") {
    const ScheduleScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    // Another user need not be able to reach the build.
    const ProgramResult result =
        scene.run_in({"/bin/sh", "-c",
                      "cp \"$0\" /run/dbbackup && chmod 755 /run/dbbackup && cd / && exec setpriv "
                      "--reuid=65534 --clear-groups /run/dbbackup schedule on shop",
                      dbbackup_path()});
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK(contains(result.err, "only root can switch systemd's timers on and off"));
    CHECK(contains(result.err, "dbbackup schedule --print systemd shop"));
    check_nothing_changed(scene);
}
