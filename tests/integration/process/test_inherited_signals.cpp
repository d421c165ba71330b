// Signal settings inherited from the caller must not change what dbbackup does.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <thread>

using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

/// `words` run by coreutils' env with `option`, such as --ignore-signal=CHLD.
std::vector<std::string> under_env(const std::string& option, std::vector<std::string> words) {
    words.insert(words.begin(), {"/usr/bin/env", option});
    return words;
}

void wait_for(const std::filesystem::path& path) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!std::filesystem::exists(path) && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(5ms);
    }
    REQUIRE(std::filesystem::exists(path));
}

} // namespace

TEST_CASE("an ignored SIGCHLD loses no exit code") {
    const DumpScene scene;
    scene.check_dumped(
        run_program(under_env("--ignore-signal=CHLD", scene.words()), scene.options()));
}

TEST_CASE("blocked signals still end a run") {
    const DumpScene scene;
    FakeTools tools{scene.temp()};
    const auto mark = scene.temp() / "started";
    tools.make("pg_dump", ": > '" + mark.string() + "'\n" + std::string{k_hang});
    Program program{under_env("--block-signal=TERM", scene.words({"--bin-dir", tools.directory()})),
                    scene.options()};
    wait_for(mark);
    program.send(SIGTERM);
    scene.check_failed(program.wait(), 143, "ended by signal 15");
}

TEST_CASE("a settings file that waits for its writer does not outlast a signal") {
    const TempDir home;
    REQUIRE(::mkfifo((home / "named.env").c_str(), 0600) == 0);
    ProgramOptions options;
    options.directory = home.path();
    Program program{{dbbackup_path(), "list", "--env-file", "named.env"}, options};
    std::this_thread::sleep_for(300ms);
    CHECK(program.running());
    program.send(SIGTERM);
    CHECK(program.wait().exit_code == 143);
}
