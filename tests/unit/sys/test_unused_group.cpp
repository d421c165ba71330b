#include "support/catch.hpp"
#include "support/program/processes.hpp"

#include <dbbackup/sys/child_process.hpp>
#include <dbbackup/sys/process.hpp>
#include <dbbackup/sys/unused_group.hpp>
#include <dbbackup/sys/user.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <iterator>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace dbbackup;
using namespace std::chrono_literals;

namespace {

/// Processes, except zombies, with a line of their status that is exactly this one.
std::vector<std::string> processes_with_status(const std::string& wanted) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        std::ifstream status{entry.path() / "status"};
        bool lives = true;
        bool has_line = false;
        for (std::string line; std::getline(status, line);) {
            lives = lives && !line.starts_with("State:\tZ");
            has_line = has_line || line == wanted;
        }
        if (lives && has_line) {
            found.push_back(entry.path().filename());
        }
    }
    return found;
}

} // namespace

TEST_CASE("an unused group belongs to nobody, and is a new one each time") {
    const gid_t group = sys::find_unused_group();
    CHECK(group > 1000);
    CHECK(::getgrgid(group) == nullptr);
    CHECK(sys::find_unused_group() != group);
}

TEST_CASE("everything of a group ends: processes that left their session, and shared memory") {
    if (!sys::is_root()) {
        WARN("left out, as only root may give a process a group");
        return;
    }
    const gid_t group = sys::find_unused_group();
    sys::User user = sys::require_user({"nobody"});
    user.gid = group;
    const std::string shared_file = "/dev/shm/dbbackup_test_" + std::to_string(group);
    sys::ChildProcess child{
        {.program = "/bin/sh",
         .arguments = {"-c",
                       "for i in 1 2 3; do setsid sleep 300 & done; echo x > \"$1\"; "
                       "ipcmk -M 100 > /dev/null; echo started; trap '' TERM; "
                       "exec sleep 300",
                       "sh", shared_file},
         .environment = {"PATH=/usr/bin:/bin"},
         .inherited_fds = {},
         .user = user}};
    std::byte buffer[64];
    REQUIRE(child.read_output(buffer, sizeof buffer, 10s) > 0U);
    const std::string line = "Gid:\t" + std::to_string(group) + "\t" + std::to_string(group) +
                             "\t" + std::to_string(group) + "\t" + std::to_string(group);
    REQUIRE(test::eventually([&] { return processes_with_status(line).size() == 4; }));
    const auto has_segment = [group] {
        std::ifstream segments{"/proc/sysvipc/shm"};
        const std::string all{std::istreambuf_iterator<char>{segments}, {}};
        return all.find(" " + std::to_string(group) + " ") != std::string::npos;
    };
    CHECK(std::filesystem::exists(shared_file));
    CHECK(has_segment());
    sys::end_all_of_group(group);
    CHECK(processes_with_status(line).empty());
    CHECK(child.wait(10s).signal_number == SIGKILL);
    CHECK_FALSE(std::filesystem::exists(shared_file));
    CHECK_FALSE(has_segment());
}

TEST_CASE("a process whose first thread has ended is not treated as ended") {
    if (!sys::is_root()) {
        WARN("left out, as only root may give a process a group");
        return;
    }
    const gid_t group = sys::find_unused_group();
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (::setgid(group) != 0) {
            ::_exit(1);
        }
        std::thread{[] { ::sleep(300); }}.detach();
        ::syscall(SYS_exit, 0); // of only this thread
    }
    const std::string status = "/proc/" + std::to_string(child) + "/status";
    REQUIRE(test::eventually([&] {
        std::ifstream file{status};
        const std::string all{std::istreambuf_iterator<char>{file}, {}};
        return all.find("State:\tZ") != std::string::npos;
    }));
    sys::end_all_of_group(group);
    int wait_status = 0;
    REQUIRE(::waitpid(child, &wait_status, 0) == child);
    CHECK(WIFSIGNALED(wait_status));
}

TEST_CASE("a group not given here is left alone") {
    if (!sys::is_root()) {
        WARN("left out, as only root may give a process a group");
        return;
    }
    // Never with a group that other processes have: if this fails, they would all end.
    sys::User user = sys::require_user({"nobody"});
    user.gid = 987'654;
    sys::ChildProcess child{{.program = "/bin/sleep",
                             .arguments = {"300"},
                             .environment = {},
                             .inherited_fds = {},
                             .user = user}};
    sys::end_all_of_group(user.gid);
    CHECK(child.running());
    child.terminate(10s);
}

TEST_CASE("a process is found by its id, and gets signals only while it is the same one") {
    CHECK_FALSE(sys::Process::find(-1));
    CHECK_FALSE(sys::Process::find(0));
    CHECK_FALSE(sys::Process::find(1));
    sys::ChildProcess child{
        {.program = "/bin/sh", .arguments = {"-c", "echo $$; exec sleep 300"}, .environment = {}}};
    std::byte buffer[64];
    const auto size = child.read_output(buffer, sizeof buffer, 10s);
    const pid_t pid = std::stoi(std::string{base::as_text({buffer, size.value()})});
    const auto process = sys::Process::find(pid);
    REQUIRE(process);
    CHECK(process->id() == pid);
    process->send(SIGKILL);
    CHECK(child.wait(10s).signal_number == SIGKILL);
    process->send(SIGKILL); // it is gone, whoever has its id now
    CHECK_FALSE(sys::Process::find(pid));
}
