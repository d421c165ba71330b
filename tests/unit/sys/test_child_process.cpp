#include "support/catch.hpp"
#include "support/processes.hpp"
#include "support/temp_dir.hpp"
#include "sys/close_on_exec.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
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

TEST_CASE("a child's output, errors and exit status come back") {
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

TEST_CASE("a child gets the given environment and nothing of ours") {
    ::setenv("DBBACKUP_TEST_SECRET", "secret", 1);
    sys::ChildProcess child{shell("env")};
    const std::string environment = read_all(child);
    CHECK(environment.find("MARK=yes") != std::string::npos);
    CHECK(environment.find("DBBACKUP_TEST_SECRET") == std::string::npos);
    ::unsetenv("DBBACKUP_TEST_SECRET");
}

TEST_CASE("a child has stdin from nothing and no descriptor of ours") {
    test::TempDir directory;
    const int leak = ::open((directory / "x").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    sys::ChildProcess child{shell("cat; ls -l /proc/$$/fd")};
    const std::string listing = read_all(child);
    CHECK(listing.find(directory.path().native()) == std::string::npos);
    CHECK(listing.find("/dev/null") != std::string::npos);
    ::close(leak);
}

TEST_CASE("a child gets of our caller's descriptors only those that it is given") {
    test::TempDir directory;
    // As a caller leaves them: not closed by exec.
    const int callers = ::open((directory / "callers").c_str(), O_CREAT | O_RDWR, 0600);
    const int given = ::open((directory / "given").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    const int high = ::fcntl(callers, F_DUPFD, 900);
    REQUIRE(high >= 900);
    sys::Command command = shell("ls -l /proc/$$/fd");
    command.inherited_fds = {given};
    sys::ChildProcess child{command};
    const std::string listing = read_all(child);
    CHECK(listing.find("/given") != std::string::npos);
    CHECK(listing.find("/callers") == std::string::npos);
    INFO("ours stay as they are: guard's command gets them");
    CHECK(::fcntl(callers, F_GETFD) == 0);
    for (const int fd : {callers, given, high}) {
        ::close(fd);
    }
}

TEST_CASE("without close_range() descriptors are closed one by one") {
    const int callers = ::open("/dev/null", O_RDONLY);
    const pid_t child = ::fork();
    if (child == 0) {
        sys::close_each_on_exec();
        const bool closes = ::fcntl(callers, F_GETFD) == FD_CLOEXEC;
        const bool spares_standard = ::fcntl(STDERR_FILENO, F_GETFD) == 0;
        ::_exit(closes && spares_standard ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    ::close(callers);
}

TEST_CASE("a child has no controlling terminal") {
    int terminal = -1;
    const pid_t ours = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    REQUIRE(ours >= 0);
    if (ours == 0) {
        // The control: this process has one.
        const bool has_one = ::open("/dev/tty", O_RDWR | O_CLOEXEC) >= 0;
        sys::ChildProcess child{shell("! true < /dev/tty")};
        ::_exit(has_one && child.wait(10s).success() ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(ours, &status, 0) == ours);
    CHECK(status == 0);
    ::close(terminal);
}

#ifdef SYS_keyctl
TEST_CASE("a child that becomes another user does not take our keys along") {
    if (!sys::is_root()) {
        WARN("left out, as only root can start one");
        return;
    }
    // keyctl_get_keyring_ID(3) of the session keyring.
    const long ours = ::syscall(SYS_keyctl, 0, -3, 1);
    if (ours < 0) {
        WARN("left out, as the kernel has no keys here");
        return;
    }
    sys::Command command{
        .program = "/usr/bin/perl",
        .arguments = {"-e", "print syscall($ARGV[0], 0, -3, 0)", std::to_string(SYS_keyctl)},
        .environment = {}};
    CHECK(sys::run_and_capture(command, 10s) == std::to_string(ours));
    command.user = sys::require_user({"nobody"});
    CHECK(sys::run_and_capture(command, 10s) != std::to_string(ours));
}
#endif

TEST_CASE("a child can be cut off from the network") {
    if (!sys::is_root()) {
        WARN("left out, as only root may ask for it");
        return;
    }
    sys::Command command = shell("readlink /proc/self/ns/net");
    const std::string ours = sys::run_and_capture(command, 10s);
    CHECK(sys::run_and_capture(command, 10s) == ours);
    command.network = sys::Network::none;
    CHECK((sys::run_and_capture(command, 10s) != ours) == test::can_leave_network());
}

TEST_CASE("a child that cannot be started for want of descriptors is an error, and nobody's end") {
    const pid_t ours = ::fork();
    REQUIRE(ours >= 0);
    if (ours == 0) {
        // A wrong process id would be a signal to many: as nobody, and in a session of its own, it
        // does no harm.
        ::setsid();
        if (sys::is_root() && ::setuid(sys::require_user({"nobody"}).uid) != 0) {
            ::_exit(9);
        }
        int failures = 0;
        int successes = 0;
        const int next = ::dup(0);
        ::close(next);
        for (rlim_t limit = static_cast<rlim_t>(next); limit < static_cast<rlim_t>(next) + 20;
             ++limit) {
            const rlimit few{limit, 4096};
            ::setrlimit(RLIMIT_NOFILE, &few);
            try {
                sys::ChildProcess child{shell("exit 3")};
                successes += child.wait(10s).exit_code == 3 ? 1 : 100;
            } catch (const base::Error& error) {
                failures +=
                    std::string{error.what()}.find(std::strerror(EMFILE)) != std::string::npos
                        ? 1
                        : 100;
            } catch (...) {
                failures += 100;
            }
        }
        ::_exit(failures > 3 && successes > 3 && failures + successes == 20 ? 0 : failures + 10);
    }
    int status = 0;
    REQUIRE(::waitpid(ours, &status, 0) == ours);
    CHECK(status == 0);
}

TEST_CASE("a flood of stderr never blocks the child and is kept at its end") {
    sys::ChildProcess child{
        shell("i=0; while [ $i -lt 20000 ]; do echo 'a line of noise on stderr' >&2; "
              "i=$((i+1)); done; echo the cause >&2; echo done")};
    CHECK(read_all(child) == "done\n");
    CHECK(child.wait(10s).success());
    const std::string errors = child.error_output();
    CHECK(errors.size() <= 16 * 1024);
    CHECK(errors.ends_with("the cause\n"));
}

TEST_CASE("a warning outlives the flood behind it") {
    sys::ChildProcess child{shell("echo 'x: warning: missing' >&2; i=0; while [ $i -lt 2000 ]; do "
                                  "echo 'a line of noise on stderr' >&2; i=$((i+1)); done")};
    CHECK(read_all(child).empty());
    CHECK(child.wait(10s).success());
    CHECK(child.error_output().starts_with("x: warning: missing\na line of noise on stderr\n"));
}

TEST_CASE("a grandchild that holds the pipe does not keep us waiting") {
    sys::ChildProcess child{shell("sleep 300 & echo out")};
    CHECK(read_all(child) == "out\n");
    CHECK(child.wait(10s).success());
    child.terminate(100ms);
}

TEST_CASE("a child that closes its output and lives on is ended") {
    sys::ChildProcess child{shell("exec >&-; sleep 300")};
    CHECK(read_all(child).empty());
    CHECK(child.wait(200ms).signal_number == SIGTERM);
}

TEST_CASE("a child that ignores SIGTERM is killed after the grace") {
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

TEST_CASE("a child starts in a directory, and by root as another user") {
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

TEST_CASE("a child that cannot be as it was asked for is not started") {
    sys::Command command = shell("exit 0");
    command.directory = "/nowhere/at/all";
    CHECK_THROWS_AS(sys::ChildProcess{command}, base::Error);
    CHECK_THROWS_AS(sys::require_user({"no such user", "nor this"}), base::Error);
    CHECK(sys::require_user({"no such user", "root"}).uid == 0);
}

TEST_CASE("a child is asked to end by the signal it was given") {
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

TEST_CASE("a program that is not there is an error") {
    CHECK_THROWS_AS(
        sys::ChildProcess({.program = "/nonexistent/program", .arguments = {}, .environment = {}}),
        base::Error);
}

TEST_CASE("run_and_capture answers, fails and gives up") {
    CHECK(sys::run_and_capture(shell("echo answer"), 10s) == "answer\n");
    CHECK_THROWS_AS(sys::run_and_capture(shell("exit 1"), 10s), base::Error);
    CHECK_THROWS_AS(sys::run_and_capture(shell("sleep 300"), 100ms), base::Error);
}
