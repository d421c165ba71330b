#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/user.hpp>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/types.h>
#include <thread>
#include <unistd.h>

using namespace dbbackup;
using namespace std::chrono_literals;

namespace {

sys::Command shell(const std::string& script) {
    return {.program = "/bin/sh",
            .arguments = {"-c", script},
            .environment = {"PATH=/usr/bin:/bin", "MARK=yes"}};
}

std::string read_all(sys::ChildProcess& child) {
    std::string output;
    std::byte buffer[8192];
    while (true) {
        const auto size = child.read_output(buffer, sizeof buffer, 100ms);
        if (size == 0U) {
            return output;
        }
        output += base::as_text({buffer, size.value_or(0)});
    }
}

bool exists(pid_t pid) {
    return ::kill(pid, 0) == 0;
}

} // namespace

TEST_CASE("a child's output, errors and exit status are returned") {
    sys::ChildProcess child{shell("echo out; echo err >&2; exit 9")};
    CHECK(read_all(child) == "out\n");
    const sys::ExitStatus status = child.wait(10s);
    CHECK(status.exit_code == 9);
    CHECK(status.signal_number == 0);
    CHECK_FALSE(status.success());
    CHECK(status.describe() == "exit status 9");
    CHECK(child.error_output() == "err\n");
}

TEST_CASE("death by a signal is not an exit code") {
    sys::ChildProcess child{shell("kill -9 $$")};
    (void)read_all(child);
    const sys::ExitStatus status = child.wait(10s);
    CHECK(status.signal_number == SIGKILL);
    CHECK(status.describe() == "signal 9 (Killed)");
}

TEST_CASE("a child gets only the given environment") {
    ::setenv("DBBACKUP_TEST_SECRET", "secret", 1);
    sys::ChildProcess child{shell("env")};
    const std::string environment = read_all(child);
    CHECK(environment.find("MARK=yes") != std::string::npos);
    CHECK(environment.find("DBBACKUP_TEST_SECRET") == std::string::npos);
    ::unsetenv("DBBACKUP_TEST_SECRET");
}

TEST_CASE("a child has an empty stdin and none of our descriptors") {
    test::TempDir directory;
    const int leak = ::open((directory / "x").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    sys::ChildProcess child{shell("cat; ls -l /proc/$$/fd")};
    const std::string listing = read_all(child);
    CHECK(listing.find(directory.path().native()) == std::string::npos);
    CHECK(listing.find("/dev/null") != std::string::npos);
    ::close(leak);
}

TEST_CASE("a flood on stderr never blocks the child, and its end is kept") {
    sys::ChildProcess child{
        shell("i=0; while [ $i -lt 20000 ]; do echo 'a line of noise on stderr' >&2; "
              "i=$((i+1)); done; echo the cause >&2; echo done")};
    CHECK(read_all(child) == "done\n");
    CHECK(child.wait(10s).success());
    const std::string errors = child.error_output();
    CHECK(errors.size() <= 16 * 1024);
    CHECK(errors.ends_with("the cause\n"));
}

TEST_CASE("a warning survives the flood after it") {
    sys::ChildProcess child{shell("echo 'x: warning: missing' >&2; i=0; while [ $i -lt 2000 ]; do "
                                  "echo 'a line of noise on stderr' >&2; i=$((i+1)); done")};
    CHECK(read_all(child).empty());
    CHECK(child.wait(10s).success());
    CHECK(child.error_output().starts_with("x: warning: missing\na line of noise on stderr\n"));
}

TEST_CASE("the first error and its hint survive a longer line, of which no part is kept") {
    const std::string long_line =
        "{ printf 'x: detail: query was: error: '; head -c 100000 /dev/zero | tr '\\0' q; echo; }";
    sys::ChildProcess child{shell("{ echo 'x: error: no room'; echo 'HINT: make room'; echo 'x: "
                                  "error: second'; echo 'HINT: of another'; " +
                                  long_line + "; } >&2")};
    CHECK(read_all(child).empty());
    CHECK(child.wait(10s).success());
    CHECK(child.error_output() == "x: error: no room\nHINT: make room\n");
    sys::ChildProcess alone{shell(long_line + " >&2")};
    CHECK(read_all(alone).empty());
    CHECK(alone.wait(10s).success());
    CHECK(alone.error_output().empty());
}

TEST_CASE("a grandchild that holds the pipe does not block us") {
    sys::ChildProcess child{shell("sleep 300 & echo out")};
    CHECK(read_all(child) == "out\n");
    CHECK(child.wait(10s).success());
    child.terminate(100ms);
}

TEST_CASE("a child that closes its output and keeps running is ended") {
    sys::ChildProcess child{shell("exec >&-; sleep 300")};
    CHECK(read_all(child).empty());
    CHECK(child.wait(200ms).signal_number == SIGTERM);
}

TEST_CASE("a child that ignores SIGTERM is killed after the grace period") {
    sys::ChildProcess child{shell("trap '' TERM; echo ready; while :; do sleep 1; done")};
    std::byte buffer[16];
    while (child.read_output(buffer, sizeof buffer, 100ms).value_or(0) == 0) {
    }
    child.terminate(200ms);
    CHECK(child.wait(1s).signal_number == SIGKILL);
}

TEST_CASE("the destructor leaves no child behind, not even a stopped one") {
    pid_t pid = 0;
    {
        sys::ChildProcess child{shell("echo $$; kill -STOP $$; sleep 300")};
        std::byte buffer[16];
        std::string text;
        while (!text.ends_with('\n')) {
            text += base::as_text(
                {buffer, child.read_output(buffer, sizeof buffer, 100ms).value_or(0)});
        }
        pid = std::stoi(text);
    }
    CHECK_FALSE(exists(pid));
}

TEST_CASE("a child starts in a directory, and under root as another user") {
    const test::TempDir temp;
    sys::Command command =
        shell("pwd; id -u; id -G; grep -hE '^(CapEff|NoNewPrivs)' /proc/self/status");
    command.directory = "/usr";
    if (sys::is_root()) {
        command.user = sys::require_user({"nobody"});
    }
    sys::ChildProcess child{command};
    const std::string output = read_all(child);
    CHECK(child.wait(10s).success());
    CHECK(output.starts_with("/usr\n"));
    if (sys::is_root()) {
        const sys::User& nobody = *command.user;
        CHECK(output.find(std::to_string(nobody.uid) + "\n" + std::to_string(nobody.gid) + "\n") !=
              std::string::npos);
        CHECK(output.find("NoNewPrivs:\t1") != std::string::npos);
        CHECK(output.find("CapEff:\t0000000000000000") != std::string::npos);
    }
}

TEST_CASE("a child that cannot be set up as requested is not started") {
    sys::Command command = shell("exit 0");
    command.directory = "/nowhere/at/all";
    CHECK_THROWS_AS(sys::ChildProcess{command}, base::Error);
    CHECK_THROWS_AS(sys::require_user({"no such user", "nor this"}), base::Error);
    CHECK(sys::require_user({"no such user", "root"}).uid == 0);
}

TEST_CASE("a child is ended with the signal that was requested") {
    sys::Command command = shell("trap 'echo asked; exit 3' QUIT; trap '' TERM; echo ready; "
                                 "while :; do sleep 0.05; done");
    command.end_signal = SIGQUIT;
    sys::ChildProcess child{command};
    std::byte buffer[64];
    REQUIRE(child.read_output(buffer, sizeof buffer, 10s) > 0U);
    child.terminate(10s);
    CHECK(child.wait(10s).exit_code == 3);
}

TEST_CASE("stdout can go to a file") {
    test::TempDir directory;
    const int fd = ::open((directory / "out").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    sys::ChildProcess child{shell("echo text"), fd};
    CHECK(child.wait(10s).success());
    CHECK(test::read_file(directory / "out") == "text\n");
    ::close(fd);
}

TEST_CASE("a missing program is an error") {
    CHECK_THROWS_AS(
        sys::ChildProcess({.program = "/nonexistent/program", .arguments = {}, .environment = {}}),
        base::Error);
}

TEST_CASE("run_and_capture returns output, fails and times out") {
    CHECK(sys::run_and_capture(shell("echo answer"), 10s) == "answer\n");
    CHECK_THROWS_AS(sys::run_and_capture(shell("exit 1"), 10s), base::Error);
    CHECK_THROWS_AS(sys::run_and_capture(shell("sleep 300"), 100ms), base::Error);
}
