#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/rotating_file.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <fmt/format.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbbackup;
using sys::RotatingFile;
using test::names_in;
using test::read_file;
using test::write_file;

namespace {

bool any(std::string_view /*beginning*/) {
    return true;
}

} // namespace

TEST_CASE("a rotating file is created for its owner only, and grows line by line") {
    const test::TempDir temp;
    const RotatingFile file{temp / "log", 1000, 5, any};
    file.append("one\n");
    file.append("two\n");
    CHECK(read_file(temp / "log") == "one\ntwo\n");
    struct stat status {};

    REQUIRE(::stat((temp / "log").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600);
}

TEST_CASE("a rotating file rotates before it exceeds its limit, and the oldest is deleted") {
    const test::TempDir temp;
    const RotatingFile file{temp / "log", 10, 3, any};
    for (const std::string line : {"first\n", "second\n", "third\n", "fourth\n", "5\n", "6\n"}) {
        file.append(line);
    }
    CHECK(names_in(temp.path()) == std::vector<std::string>{"log", "log.1", "log.2"});
    CHECK(read_file(temp / "log") == "6\n");
    CHECK(read_file(temp / "log.1") == "fourth\n5\n");
    CHECK(read_file(temp / "log.2") == "third\n");
}

TEST_CASE("a line longer than the limit is still written") {
    const test::TempDir temp;
    const RotatingFile file{temp / "log", 4, 2, any};
    file.append("much longer\n");
    CHECK(read_file(temp / "log") == "much longer\n");
    CHECK(names_in(temp.path()) == std::vector<std::string>{"log"}); // no empty file was rotated
}

TEST_CASE("lines that several processes append during rotation are neither lost nor torn") {
    constexpr int k_processes = 6;
    constexpr int k_lines = 200;
    const test::TempDir temp;
    std::array<int, 2> start{};
    REQUIRE(::pipe(start.data()) == 0);
    std::vector<pid_t> children;
    for (int process = 0; process < k_processes; ++process) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            // All at once: they wait for the end of file.
            ::close(start[1]);
            char none = 0;
            (void)!::read(start[0], &none, 1);
            // 100 files of 40 lines: rotates often, and keeps all.
            const RotatingFile file{temp / "log", 900, 100, any};
            try {
                for (int line = 0; line < k_lines; ++line) {
                    file.append(fmt::format("process {} line {:05}\n", process, line));
                }
            } catch (const std::exception&) {
                ::_exit(1);
            }
            ::_exit(0);
        }
        children.push_back(child);
    }
    ::close(start[0]);
    ::close(start[1]);
    for (const pid_t child : children) {
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    std::vector<std::string> lines;
    for (const std::string& name : names_in(temp.path())) {
        std::istringstream text{read_file(temp / name)};
        for (std::string line; std::getline(text, line);) {
            lines.push_back(line);
        }
    }
    std::vector<std::string> wanted;
    for (int process = 0; process < k_processes; ++process) {
        for (int line = 0; line < k_lines; ++line) {
            wanted.push_back(fmt::format("process {} line {:05}", process, line));
        }
    }
    std::ranges::sort(lines);
    CHECK(lines == wanted);
}

TEST_CASE("a rotating file cannot be used to write to another file") {
    const test::TempDir temp;
    write_file(temp / "precious", "as it was\n");
    std::filesystem::create_symlink(temp / "precious", temp / "link");
    std::filesystem::create_hard_link(temp / "precious", temp / "second name");
    REQUIRE(::mkfifo((temp / "fifo").c_str(), 0600) == 0);
    std::filesystem::create_directory(temp / "directory");
    for (const std::string name : {"link", "second name", "fifo", "directory", "nowhere/log"}) {
        CAPTURE(name);
        CHECK_THROWS_AS((RotatingFile{temp / name, 1000, 5, any}.append("a line\n")), base::Error);
    }
    CHECK(read_file(temp / "precious") == "as it was\n");
}

TEST_CASE("another user's file is not used as a log") {
    if (::geteuid() != 0) {
        WARN("left out: only root can be two users");
        return;
    }
    constexpr uid_t k_nobody = 65534;
    const test::TempDir temp;
    write_file(temp / "log", "planted\n");
    REQUIRE(::chown((temp / "log").c_str(), k_nobody, static_cast<gid_t>(-1)) == 0);
    CHECK_THROWS_AS((RotatingFile{temp / "log", 1000, 5, any}.append("a line\n")), base::Error);
    CHECK(read_file(temp / "log") == "planted\n");
}

TEST_CASE("a line that does not fit leaves no part behind") {
    const test::TempDir temp;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const RotatingFile file{temp / "log", 100000, 5, any};
        file.append("whole\n");
        const rlimit limit{20, 20};
        ::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &limit);
        try {
            file.append("a line that is too long for the limit\n");
        } catch (const base::Error&) {
            ::_exit(0);
        }
        ::_exit(1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(read_file(temp / "log") == "whole\n");
}

TEST_CASE("a rotating file neither writes to, renames nor replaces another file") {
    const auto is_ours = [](std::string_view beginning) { return beginning.starts_with("log "); };
    const test::TempDir temp;
    write_file(temp / "dump", "-- rows of ours\n");
    CHECK_THROWS_AS((RotatingFile{temp / "dump", 4, 3, is_ours}.append("log a\n")), base::Error);
    CHECK(read_file(temp / "dump") == "-- rows of ours\n");
    CHECK(names_in(temp.path()) == std::vector<std::string>{"dump"});
    const RotatingFile file{temp / "log", 6, 3, is_ours};
    write_file(temp / "log", "");
    file.append("log a\n");
    for (const std::string name : {"log.1", "log.2"}) {
        CAPTURE(name);
        write_file(temp / name, "precious\n");
        CHECK_THROWS_AS(file.append("log b\n"), base::Error);
        CHECK(read_file(temp / name) == "precious\n");
        CHECK(read_file(temp / "log") == "log a\n");
        std::filesystem::remove(temp / name);
    }
    file.append("log b\n");
    CHECK(read_file(temp / "log.1") == "log a\n");
}

TEST_CASE("after a line that was cut, a rotating file begins a new one") {
    const test::TempDir temp;
    write_file(temp / "log", "one\ntw");
    const RotatingFile file{temp / "log", 1000, 5, any};
    file.append("three\n");
    CHECK(read_file(temp / "log") == "one\ntw\nthree\n");
}

TEST_CASE("root gives a rotating file to the owner of its directory") {
    if (::geteuid() != 0) {
        return;
    }
    constexpr uid_t k_owner = 4321;
    const test::TempDir temp;
    REQUIRE(::chown(temp.path().c_str(), k_owner, k_owner) == 0);
    const RotatingFile file{temp / "log", 1000, 5, any};
    file.append("one\n");
    struct stat status {};

    REQUIRE(::stat((temp / "log").c_str(), &status) == 0);
    CHECK(status.st_uid == k_owner);
    CHECK((status.st_mode & 07777U) == 0600);
}
