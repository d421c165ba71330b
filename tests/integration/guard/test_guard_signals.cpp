// Signals and the terminal belong to the guarded command, as if the caller had run it.

#include "support/catch.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/guard_scene.hpp"

#include <csignal>
#include <fmt/format.h>
#include <thread>

using namespace dbbackup::test;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

namespace {

/// Waits until the command has left its marker.
void wait_for_sign(const GuardScene& scene) {
    for (int i = 0; i < 600 && !std::filesystem::exists(scene.sign()); ++i) {
        std::this_thread::sleep_for(50ms);
    }
    REQUIRE(std::filesystem::exists(scene.sign()));
}

/// Counts the signal NAME, and ends with 40 and the count.
std::string counting_script(const GuardScene& scene, const std::string& name, int tenths = 300) {
    return fmt::format("n=0; trap 'n=$((n + 1))' {}; touch '{}'; i=0; "
                       "while [ $n = 0 ] && [ $i -lt {} ]; do sleep 0.1; i=$((i + 1)); done; "
                       "sleep 0.3; exit $((40 + n))",
                       name, scene.sign().string(), tenths);
}

} // namespace

TEST_CASE("guard passes signals on to the command, and waits for it") {
    const GuardScene scene;
    for (const auto& [name, number] :
         {std::pair{"INT", SIGINT}, std::pair{"TERM", SIGTERM}, std::pair{"HUP", SIGHUP},
          std::pair{"QUIT", SIGQUIT}, std::pair{"USR1", SIGUSR1}}) {
        Program program{scene.words({}, {"sh", "-c", counting_script(scene, name)}),
                        scene.options()};
        wait_for_sign(scene);
        ::kill(program.pid(), number);
        const ProgramResult result = program.wait();
        CAPTURE(name, result.err);
        CHECK(result.exit_code == 41);
        CHECK_FALSE(way_back(result.err).empty());
        std::filesystem::remove(scene.sign());
    }
}

TEST_CASE("the exit code shows that a signal ended the guarded command") {
    const GuardScene scene;
    const std::string script = fmt::format("touch '{}'; exec sleep 60", scene.sign().string());
    Program program{scene.words({}, {"sh", "-c", script}), scene.options()};
    wait_for_sign(scene);
    ::kill(program.pid(), SIGTERM);
    const ProgramResult result = program.wait();
    CHECK(result.exit_code == 128 + SIGTERM);
    CHECK(result.signal_number == 0);
    CHECK_FALSE(way_back(result.err).empty());
}

TEST_CASE("a signal during guard's dump ends it, and the command is not run") {
    const GuardScene scene;
    scene.database().psql("create table big as select md5(g::text) from generate_series(1, 500000) "
                          "g");
    Program program{scene.words({"-Z", "zstd:19"}, {"touch", scene.sign().string()}),
                    scene.options()};
    for (int i = 0; i < 600 && !std::filesystem::exists(scene.dumps()); ++i) {
        std::this_thread::sleep_for(5ms);
    }
    ::kill(program.pid(), SIGTERM);
    CHECK(program.wait().exit_code == 128 + SIGTERM);
    CHECK_FALSE(std::filesystem::exists(scene.sign()));
    CHECK(scene.taken().empty());
}

TEST_CASE(
    "the guarded command ignores and blocks the signals that the caller does, and no others") {
    const GuardScene scene;
    const std::string show = "grep -E 'Sig(Ign|Blk)' /proc/self/status";
    // The C library reserves signals 32 and 33.
    const auto signals_of = [](const std::string& status) {
        std::string text;
        for (const char* name : {"SigBlk:\t", "SigIgn:\t"}) {
            const std::size_t at = status.find(name);
            REQUIRE(at != std::string::npos);
            const auto mask = std::stoull(status.substr(at + 8, 16), nullptr, 16);
            text += fmt::format("{}{:x} ", name, mask & ~(3ULL << 31U));
        }
        return text;
    };
    for (const std::string& caller : {std::string{}, std::string{"trap '' INT HUP PIPE; "}}) {
        std::string guarded = caller;
        for (const std::string& word : scene.words({"-q"}, {"sh", "-c", show})) {
            guarded +=
                "'" + (word == show ? "grep -E \"Sig(Ign|Blk)\" /proc/self/status" : word) + "' ";
        }
        const std::string direct =
            run_program({"/bin/sh", "-c", caller + show}, scene.options()).out;
        const ProgramResult result = run_program({"/bin/sh", "-c", guarded}, scene.options());
        CAPTURE(caller, result.err);
        CHECK(signals_of(result.out) == signals_of(direct));
    }
}

TEST_CASE("the guarded command can draw on the terminal, and gets Ctrl-C") {
    const GuardScene scene;
    const std::string script = "test -t 0 && test -t 1 && test -t 2 && stty size && "
                               "printf '\\033[1mbold\\033[0m\\n'; " +
                               counting_script(scene, "INT");
    TerminalProgram program{scene.words({}, {"sh", "-c", script}), scene.options(), 100};
    REQUIRE(program.wait_for("\x1b[1mbold\x1b[0m"));
    wait_for_sign(scene);
    program.type("\x03");
    CHECK(program.wait() == 41);
    // On a line of its own, to be pasted.
    CHECK(program.output().find("to undo:\r\n") != std::string::npos);
    CHECK(program.output().find("\n    dbbackup restore ") != std::string::npos);
}

TEST_CASE("guard does not repeat a signal that the terminal has already sent to its command") {
    const GuardScene scene;
    INFO("in a session of its own, the command gets nothing but what guard passes on");
    TerminalProgram program{
        scene.words({}, {"setsid", "sh", "-c", counting_script(scene, "INT", 5)}), scene.options()};
    wait_for_sign(scene);
    program.type("\x03");
    CHECK(program.wait() == 40);
}
