// `status` tells a timer that should run and does not.

#include "cli/schedule/schedule_scene.hpp"
#include "support/dumps/sample_directory.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct TimersScene : ScheduleScene {
    [[nodiscard]] ProgramResult status(std::vector<std::string> words = {}) const {
        words.insert(words.begin(), {"status", "--dir", dumps().native()});
        return run(words);
    }

    [[nodiscard]] nlohmann::json json() const {
        return nlohmann::json::parse(status({"--json"}).out);
    }

    [[nodiscard]] std::vector<std::string> kinds() const {
        std::vector<std::string> kinds;
        const nlohmann::json status = json();
        for (const auto& warning : status.at("warnings")) {
            if (warning.at("kind") != "no_dumps") {
                kinds.push_back(warning.at("kind"));
            }
        }
        return kinds;
    }
};

using Kinds = std::vector<std::string>;

} // namespace

TEST_CASE("status: timers of the dump directory, and none without a schedule") {
    const TimersScene scene;
    if (!scene.there()) {
        return;
    }
    CHECK(scene.json().at("timers") == nlohmann::json::array());
    CHECK(scene.calls().empty()); // systemd was not asked
    scene.add_settings("shop");
    REQUIRE(scene.run({"schedule", "on", "shop"}).exit_code == 0);
    CHECK(scene.kinds().empty());
    CHECK(scene.json().at("timers").at(0).at("unit") == "dbbackup@shop.timer");
    CHECK(contains(scene.status().out,
                   "dbbackup@shop.timer: every day at 03:15, last run never, next run in "));
    const std::string metrics = scene.status({"--prometheus"}).out;
    CHECK(contains(metrics, ",timer=\"dbbackup@shop.timer\"} 1\n"));
    CHECK(contains(metrics, "dbbackup_timer_next_run_timestamp_seconds{"));
    CHECK_FALSE(contains(metrics, "dbbackup_timer_failed"));
    const ProgramResult elsewhere = scene.run({"status", "--dir", scene.file("bin"), "--json"});
    CHECK(nlohmann::json::parse(elsewhere.out).at("timers") == nlohmann::json::array());
}

TEST_CASE("status: a timer that was stopped, or whose service failed, is unhealthy") {
    const TimersScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    REQUIRE(scene.run({"schedule", "on", "shop"}).exit_code == 0);
    std::filesystem::remove(scene.file("state/dbbackup@shop.timer.active"));
    CHECK(scene.kinds() == Kinds{"timer_off"});
    const ProgramResult text = scene.status();
    CHECK(text.exit_code == 1);
    CHECK(contains(text.out, "unhealthy: dbbackup@shop.timer should run and does not"));
    CHECK(contains(text.out, "sudo systemctl enable --now dbbackup@shop.timer"));
    CHECK(contains(scene.status({"--prometheus"}).out, ",timer=\"dbbackup@shop.timer\"} 0\n"));
    scene.set("dbbackup@shop.timer.active");
    scene.set("service", "ActiveState=failed\nResult=exit-code\nExecMainStatus=3\n"
                         "ExecMainExitTimestamp=Sun 2020-11-22 04:12:07 UTC\n");
    const Kinds kinds = scene.kinds();
    CHECK(kinds == Kinds{"timer_overdue", "timer_failed"});
}

TEST_CASE("status: settings that name another dump directory are looked at") {
    const TimersScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    REQUIRE(scene.run({"schedule", "on", "shop"}).exit_code == 0);
    write_file(scene.etc() / "dbbackup/shop.env",
               "DATABASE_URL=postgres:///shop\nDBBACKUP_DIR=/srv/other\n");
    CHECK(scene.json().at("timers") == nlohmann::json::array());
}

TEST_CASE("status: a systemd that hangs or is not there makes nothing unhealthy") {
    const TimersScene scene;
    if (!scene.there()) {
        return;
    }
    scene.add_settings("shop");
    REQUIRE(scene.run({"schedule", "on", "shop"}).exit_code == 0);
    scene.set("hang");
    const auto begin = std::chrono::steady_clock::now();
    const auto json = scene.json();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{15});
    CHECK(json.at("timers").is_null());
    CHECK(json.at("warnings").size() == 1); // that there is no dump
    scene.set("not_booted");
    CHECK(scene.json().at("timers").is_null());
    CHECK(contains(scene.status().out, "note: systemd could not be asked for its timers"));
}
