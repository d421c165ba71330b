// Hooks: programs that dbbackup runs when a run starts and ends, however they behave.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/server/http_server.hpp"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

using namespace dbbackup::test;

namespace {

/// A dump directory with a dump, and a configuration with hooks.
struct HookScene {
    HookScene() { (void)dumps.add_days(1); }

    /// A shell script; returns its path.
    [[nodiscard]] std::string script(const std::string& name, const std::string& body) const {
        write_executable(dumps.home() / name, "#!/bin/sh\n" + body + "\n");
        return (dumps.home() / name).string();
    }

    /// Sets `event` to `script` with an argument.
    void set(const std::string& event, const std::string& program) {
        table += fmt::format("{} = [\"{}\", \"an argument; with $signs\"]\n", event, program);
        write_file(dumps.home() / "dbbackup.toml", "[hooks]\n" + table);
    }

    [[nodiscard]] ProgramResult run(const std::vector<std::string>& words,
                                    std::map<std::string, std::string> environment = {}) const {
        return run_program(dumps.words(words),
                           {.environment = std::move(environment), .directory = dumps.home()});
    }

    [[nodiscard]] std::string seen(const std::string& name) const {
        return std::filesystem::exists(dumps.home() / name) ? read_file(dumps.home() / name) : "";
    }

    SampleDirectory dumps;
    std::string table;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("hooks get the record on stdin and in variables, and words without a shell") {
    HookScene scene;
    const std::string hook =
        scene.script("hook", "cat > in.$DBBACKUP_HOOK_EVENT\nenv > env.$DBBACKUP_HOOK_EVENT\n"
                             "echo \"$1\" >> order\necho $DBBACKUP_HOOK_EVENT >> order");
    for (const char* event : {"on-start", "on-success", "on-failure", "on-finish"}) {
        scene.set(event, hook);
    }
    const ProgramResult result =
        scene.run({"pin", "latest", "--reason", "it's \"so\"\n"}, {{"MINE", "kept"}});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    const std::string argument = "an argument; with $signs\n";
    CHECK(scene.seen("order") ==
          argument + "start\n" + argument + "success\n" + argument + "finish\n");
    const auto start = nlohmann::json::parse(scene.seen("in.start"));
    CHECK(start.at("event") == "start");
    CHECK(start.at("command") == "pin");
    CHECK_FALSE(start.contains("exit_code"));
    const auto success = nlohmann::json::parse(scene.seen("in.success"));
    CHECK(success.at("exit_code") == 0);
    CHECK(success.at("reason") == R"(it's "so"\n)");
    CHECK(has(scene.seen("env.finish"), "DBBACKUP_HOOK_EXIT_CODE=0\n"));
    CHECK(has(scene.seen("env.finish"), "DBBACKUP_HOOK_FILE=app_2020-01-01"));
    CHECK(has(scene.seen("env.finish"), "MINE=kept\n"));
    CHECK(scene.run({"pin", "nosuch"}).exit_code == 1);
    CHECK(has(scene.seen("env.failure"), "DBBACKUP_HOOK_EXIT_CODE=1\n"));
    CHECK(nlohmann::json::parse(scene.seen("in.failure")).at("kind") == "failed");
}

TEST_CASE("early failures run the hooks of failure and finish, commands that only read none") {
    HookScene scene;
    for (const char* event : {"on-start", "on-failure", "on-finish"}) {
        scene.set(event, scene.script("hook", "echo $DBBACKUP_HOOK_EVENT >> order"));
    }
    CHECK(scene.run({"dump", "--bogus"}).exit_code == 2);
    CHECK(scene.seen("order") == "failure\nfinish\n");
    (void)scene.run({"list"});
    (void)scene.run({"prune", "--keep-last", "1", "--dry-run"});
    (void)scene.run({"pin", "latest", "--no-notify"});
    CHECK(scene.seen("order") == "failure\nfinish\n");
}

TEST_CASE("a hook on-start that fails stops the run") {
    HookScene scene;
    const HttpServer server;
    scene.set("on-failure", scene.script("failure", "echo failure >> order"));
    scene.set("on-finish", scene.script("finish", "echo finish >> order"));
    SECTION("by its exit code") {
        scene.set("on-start", scene.script("start", "exit 3"));
    }
    SECTION("as there is no such program") {
        scene.set("on-start", "nosuchprogram");
    }
    const auto before = scene.dumps.state();
    const ProgramResult result =
        scene.run({"pin", "latest"}, {{"DBBACKUP_PING_URL", server.url("/u")}});
    CHECK(result.exit_code == 1);
    CHECK(has(result.err, "error: the hook on-start: "));
    CHECK(has(result.err, "Nothing was done."));
    CHECK(scene.dumps.state() == before);
    CHECK(scene.seen("order") == "failure\nfinish\n");
    CHECK(server.paths() == "/u/start /u/1");
}

TEST_CASE("other hooks that fail are warnings") {
    HookScene scene;
    scene.set("on-success", scene.script("fails", "echo said; echo complained >&2; exit 3"));
    scene.set("on-finish", "./nosuchprogram");
    const ProgramResult result = scene.run({"pin", "latest"});
    CHECK(result.exit_code == 0);
    CHECK(has(result.err, "said\ncomplained\n"));
    CHECK_FALSE(has(result.out, "said"));
    CHECK(has(result.err, "warning: the hook on-success: ended with exit status 3"));
    CHECK(has(result.err, "warning: the hook on-finish: there is no program './nosuchprogram'"));
}

TEST_CASE("a hook that reads nothing, writes without end or leaves a daemon") {
    HookScene scene;
    const auto start = std::chrono::steady_clock::now();
    SECTION("reads nothing and closes everything") {
        scene.set("on-success", scene.script("hook", "exec <&- >&- 2>&-"));
    }
    SECTION("writes much, with escape sequences") {
        scene.set("on-success",
                  scene.script("hook", "printf '\\033[2J\\n'; head -c 50000000 /dev/zero | tr "
                                       "'\\0' 'x'; echo end"));
    }
    SECTION("leaves a daemon that holds its output") {
        scene.set("on-success", scene.script("hook", "setsid sleep 20 &"));
    }
    SECTION("leaves a daemon that writes for ever") {
        scene.set("on-success", scene.script("hook", "setsid timeout 20 yes &"));
    }
    const ProgramResult result = scene.run({"pin", "latest"});
    CHECK(result.exit_code == 0);
    CHECK_FALSE(has(result.err, "warning"));
    CHECK(result.err.size() < 300'000);
    CHECK_FALSE(has(result.err, "\x1b"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{15});
}

TEST_CASE("a hook that hangs and ignores TERM is killed after a minute, with its group", "[slow]") {
    HookScene scene;
    scene.set("on-success",
              scene.script("hook", "trap '' TERM\nsleep 300 &\necho $! > child\nsleep 300"));
    const auto start = std::chrono::steady_clock::now();
    const ProgramResult result = scene.run({"pin", "latest"});
    CHECK(result.exit_code == 0);
    CHECK(has(result.err, "warning: the hook on-success: took longer than 60 s"));
    CHECK(std::chrono::steady_clock::now() - start > std::chrono::seconds{59});
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{90});
    const std::string child = scene.seen("child").substr(0, scene.seen("child").find('\n'));
    REQUIRE_FALSE(child.empty());
    // Gone, or a zombie that nobody has reaped yet.
    const std::string status = "/proc/" + child + "/status";
    CHECK((!std::filesystem::exists(status) || has(read_file(status), "State:\tZ")));
}

TEST_CASE("a signal during a hook ends it") {
    HookScene scene;
    const HttpServer server;
    const bool at_start = GENERATE(true, false);
    scene.set(at_start ? "on-start" : "on-success", scene.script("hook", "echo > began\nsleep 60"));
    std::vector<std::string> words = scene.dumps.words({"pin", "latest"});
    Program program{words,
                    {.environment = {{"DBBACKUP_PING_URL", server.url("/u")}},
                     .directory = scene.dumps.home()}};
    while (scene.seen("began").empty() && program.running()) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    const auto start = std::chrono::steady_clock::now();
    program.send(SIGTERM);
    const ProgramResult result = program.wait();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{15});
    if (at_start) {
        CHECK(result.exit_code == 128 + SIGTERM);
        CHECK(server.paths() == "/u/start /u/143");
    } else {
        CHECK(result.exit_code == 0);
        CHECK(has(result.err, "the hook on-success: was ended by a signal"));
    }
}

TEST_CASE("a hook that runs dbbackup runs no hooks in turn") {
    HookScene scene;
    scene.set(
        "on-success",
        scene.script(
            "hook",
            "test $(wc -l < order 2>/dev/null || echo 0) -gt 3 && exit; echo once >> order\n'" +
                dbbackup_path() + "' pin latest --dir dumps"));
    CHECK(scene.run({"pin", "latest"}).exit_code == 0);
    CHECK(scene.seen("order") == "once\n");
}

TEST_CASE("mistakes in [hooks] are errors") {
    const HookScene scene;
    for (const char* wrong : {"[hooks]\non-end = [\"x\"]\n", "[hooks]\non-start = [\"\"]\n",
                              "[hooks.on-start]\nx = 1\n"}) {
        write_file(scene.dumps.home() / "dbbackup.toml", wrong);
        const ProgramResult result = scene.run({"pin", "latest"});
        INFO(wrong);
        CHECK(result.exit_code == 2);
        CHECK(has(result.err, "error: the configuration's [hooks]: "));
    }
}
