// A pg_dump that fails, floods, hangs or leaves processes behind.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/scene/dump_scene.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>

using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

/// A scene whose pg_dump is a fake.
struct FakeScene {
    DumpScene scene;
    FakeTools tools{scene.temp()};
    /// Shell that writes half of a dump, or all of it.
    std::string half = "head -c 400 '" + tools.file("whole", sample::whole()) + "'\n";
    std::string whole = "cat '" + tools.path("whole") + "'\n";

    [[nodiscard]] std::vector<std::string> words(std::vector<std::string> more = {}) const {
        more.insert(more.end(), {"--bin-dir", tools.directory()});
        return scene.words(std::move(more));
    }

    [[nodiscard]] ProgramResult run(const std::string& pg_dump,
                                    std::vector<std::string> more = {}) {
        tools.make("pg_dump", pg_dump);
        return run_program(words(std::move(more)), scene.options());
    }
};

/// Runs `pg_dump` until the file `started` shows that it is running, and sends a signal.
ProgramResult interrupt(FakeScene& fake, const std::string& pg_dump, int signal_number) {
    fake.tools.make("pg_dump", pg_dump);
    Program run{fake.words(), fake.scene.options()};
    REQUIRE(eventually([&fake] { return std::filesystem::exists(fake.scene.temp() / "started"); }));
    run.send(signal_number);
    return run.wait();
}

} // namespace

TEST_CASE("pg_dump fails midway") {
    FakeScene fake;
    const auto result = fake.run(fake.half + "echo 'pg_dump: error: the cause' >&2\nexit 1\n");
    fake.scene.check_failed(result, 1,
                            "pg_dump failed with exit status 1: pg_dump: error: the cause");
}

TEST_CASE("pg_dump fails after a complete dump") {
    FakeScene fake;
    fake.scene.check_failed(fake.run(fake.whole + "exit 1\n"), 1, "exit status 1");
}

TEST_CASE("pg_dump fails before the first byte, without a message") {
    FakeScene fake;
    fake.scene.check_failed(fake.run("exit 9\n"), 1, "exit status 9");
}

TEST_CASE("pg_dump is killed by a signal") {
    FakeScene fake;
    fake.scene.check_failed(fake.run(fake.half + "kill -SEGV $$\n"), 1, "signal 11");
    fake.scene.check_failed(fake.run(fake.whole + "kill -KILL $$\n"), 1, "signal 9");
    fake.scene.check_failed(fake.run("kill -TERM $$\n"), 1, "signal 15");
}

TEST_CASE("pg_dump cannot be run") {
    FakeScene fake;
    write_executable(fake.tools.path("pg_dump"), "#!/nonexistent/interpreter\n");
    fake.scene.check_failed(run_program(fake.words(), fake.scene.options()), 2,
                            "no working pg_dump");
}

TEST_CASE("pg_dump floods stderr and fails") {
    FakeScene fake;
    const auto result = fake.run("yes 'pg_dump: noise' | head -c 5000000 >&2\n" + fake.half +
                                 "yes 'pg_dump: noise' | head -c 5000000 >&2\n"
                                 "echo 'pg_dump: error: the cause' >&2\nexit 1\n");
    fake.scene.check_failed(result, 1, "pg_dump: error: the cause");
    CHECK(result.err.size() < 10000);
}

TEST_CASE("pg_dump floods stderr and succeeds") {
    FakeScene fake;
    const auto result = fake.run("yes 'pg_dump: noise' | head -c 5000000 >&2\n" + fake.whole +
                                 "echo 'pg_dump: warning: something to know' >&2\n");
    fake.scene.check_dumped(result);
    CHECK(result.err.find("something to know") != std::string::npos);
    CHECK(result.err.size() < 10000);
}

TEST_CASE("control characters in pg_dump's messages are escaped") {
    FakeScene fake;
    const auto result = fake.run("printf 'pg_dump: error: \\033[2Jred\\007\\n' >&2\nexit 1\n");
    fake.scene.check_failed(result, 1, "red");
    CHECK(result.err.find('\033') == std::string::npos);
    CHECK(result.err.find('\007') == std::string::npos);
}

TEST_CASE("pg_dump hangs and SIGTERM ends the run") {
    FakeScene fake;
    const std::string mark = (fake.scene.temp() / "started").string();
    const auto started = std::chrono::steady_clock::now();
    const auto result =
        interrupt(fake, fake.half + ": > '" + mark + "'\n" + std::string{k_hang}, SIGTERM);
    CHECK(std::chrono::steady_clock::now() - started < 20s);
    fake.scene.check_failed(result, 143, "ended by signal 15");
}

TEST_CASE("pg_dump ignores SIGTERM and is killed after a grace period") {
    FakeScene fake;
    const std::string mark = (fake.scene.temp() / "started").string();
    const auto started = std::chrono::steady_clock::now();
    const auto result = interrupt(
        fake, "trap '' TERM INT HUP\n" + fake.half + ": > '" + mark + "'\n" + std::string{k_hang},
        SIGINT);
    CHECK(std::chrono::steady_clock::now() - started < 30s);
    fake.scene.check_failed(result, 130, "ended by signal 2");
}

TEST_CASE("a stopped pg_dump is ended too") {
    FakeScene fake;
    const std::string mark = (fake.scene.temp() / "started").string();
    const auto result = interrupt(fake, fake.half + ": > '" + mark + "'\nkill -STOP $$\n", SIGHUP);
    fake.scene.check_failed(result, 129, "ended by signal 1");
}

TEST_CASE("pg_dump succeeds and leaves a process that holds the pipes") {
    FakeScene fake;
    fake.scene.check_dumped(fake.run("sleep 100 &\n" + fake.whole));
}

TEST_CASE("pg_dump fails and leaves a process that holds the pipes") {
    FakeScene fake;
    const auto result =
        fake.run("sleep 100 &\n" + fake.half + "echo 'pg_dump: error: the cause' >&2\nexit 1\n");
    fake.scene.check_failed(result, 1, "the cause");
}

TEST_CASE("pg_dump answers slowly in tiny pieces") {
    FakeScene fake;
    fake.scene.check_dumped(fake.run("while IFS= read -r line; do\n"
                                     "    printf '%s' \"$line\"; sleep 0.01; echo\n"
                                     "done < '" +
                                     fake.tools.path("whole") + "'\n"));
}

TEST_CASE("pg_dump closes its output and keeps running") {
    if (std::getenv("DBBACKUP_TEST_LONG") == nullptr) {
        WARN("left out, as it takes half a minute: set DBBACKUP_TEST_LONG");
        return;
    }
    FakeScene fake;
    const auto result = fake.run(fake.whole + "exec >&-\n" + std::string{k_hang});
    fake.scene.check_failed(result, 1, "pg_dump failed with signal 15");
}
