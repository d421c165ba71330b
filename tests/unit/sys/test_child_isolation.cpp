// What a child does not inherit from us: terminal, descriptors, keys, network.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/temp_dir.hpp"
#include "sys/close_on_exec.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbbackup;
using namespace std::chrono_literals;

namespace {

sys::Command shell(const std::string& script) {
    return {
        .program = "/bin/sh", .arguments = {"-c", script}, .environment = {"PATH=/usr/bin:/bin"}};
}

} // namespace

TEST_CASE("a child inherits only the descriptors that it is given") {
    test::TempDir directory;
    // As callers leave them: not closed by exec.
    const int callers = ::open((directory / "callers").c_str(), O_CREAT | O_RDWR, 0600);
    const int given = ::open((directory / "given").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    const int high = ::fcntl(callers, F_DUPFD, 900);
    REQUIRE(high >= 900);
    sys::Command command = shell("ls -l /proc/$$/fd");
    command.inherited_fds = {given};
    const std::string listing = sys::run_and_capture(command, 10s);
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
TEST_CASE("a child that becomes another user does not keep our keys") {
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

TEST_CASE("running out of descriptors to start a child is an error, and ends nothing") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    WARN("left out, as sanitizers need descriptors for their own checks");
    return;
#endif
    const pid_t ours = ::fork();
    REQUIRE(ours >= 0);
    if (ours == 0) {
        // A wrong process id would signal many: as nobody, and in its own session, it does no harm.
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
