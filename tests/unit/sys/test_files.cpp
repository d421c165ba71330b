#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/file_lock.hpp>

#include <atomic>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace dbbackup;
using sys::AtomicFile;
using sys::Directory;
using sys::FileLock;
using test::names_in;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

} // namespace

TEST_CASE("an atomic file appears under its name whole, and only on commit") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    AtomicFile file{directory, "x.sql"};
    sys::write_all(file.fd(), base::as_bytes("content"), "x");
    CHECK(names_in(temp.path()) == std::vector<std::string>{".x.sql.partial"});
    CHECK(mode_of(temp / ".x.sql.partial") == 0600);
    file.sync();
    file.commit();
    CHECK(names_in(temp.path()) == std::vector<std::string>{"x.sql"});
    CHECK(test::read_file(temp / "x.sql") == "content");
}

TEST_CASE("an atomic file that is not committed leaves nothing") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    {
        AtomicFile file{directory, "x.sql"};
        file.sync();
    }
    CHECK(names_in(temp.path()).empty());
}

TEST_CASE("an atomic file never replaces another") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    test::write_file(temp / "x.sql", "old");
    {
        AtomicFile file{directory, "x.sql"};
        file.sync();
        CHECK_THROWS_AS(file.commit(), base::Error);
    }
    CHECK(test::read_file(temp / "x.sql") == "old");
    CHECK(names_in(temp.path()) == std::vector<std::string>{"x.sql"});
    test::write_file(temp / ".y.sql.partial", "another run's");
    CHECK_THROWS_AS(AtomicFile(directory, "y.sql"), base::Error);
    CHECK(test::read_file(temp / ".y.sql.partial") == "another run's");
}

TEST_CASE("a file that takes the partial name meanwhile is neither published nor removed") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    {
        AtomicFile file{directory, "x.sql"};
        file.sync();
        std::filesystem::remove(temp / ".x.sql.partial");
        test::write_file(temp / ".x.sql.partial", "theirs");
        CHECK_THROWS_AS(file.commit(), base::Error);
        CHECK_THROWS_AS(file.replace(), base::Error);
    }
    CHECK(names_in(temp.path()) == std::vector<std::string>{".x.sql.partial"});
}

TEST_CASE("a committed file can be withdrawn") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    AtomicFile file{directory, "x.sql"};
    file.sync();
    file.commit();
    file.withdraw();
    CHECK(names_in(temp.path()).empty());
}

TEST_CASE("files and directories are private whatever the umask") {
    test::TempDir temp;
    for (const mode_t mask : {0000U, 0077U, 0277U, 0777U}) {
        const mode_t before = ::umask(mask);
        const auto path = temp / ("d" + std::to_string(mask) + "/e");
        {
            const Directory directory = Directory::open_or_create(path);
            AtomicFile file{directory, "x"};
            file.sync();
            file.commit();
        }
        ::umask(before);
        CHECK(mode_of(path) == 0700);
        CHECK(mode_of(path.parent_path()) == 0700);
        CHECK(mode_of(path / "x") == 0600);
    }
}

TEST_CASE("a directory is created through existing links, but not in place of one") {
    test::TempDir temp;
    std::filesystem::create_directory(temp / "real");
    std::filesystem::create_symlink("real", temp / "link");
    std::filesystem::create_symlink("nowhere", temp / "loose");
    CHECK(mode_of(temp / "real") == 0755);
    (void)Directory::open_or_create(temp / "link/a//b/./c/");
    CHECK(mode_of(temp / "real/a/b/c") == 0700);
    CHECK(mode_of(temp / "real") == 0755);
    CHECK_THROWS_AS(Directory::open_or_create(temp / "loose"), base::Error);
    CHECK_THROWS_AS(Directory::open_or_create(temp / "loose/below"), base::Error);
    CHECK_FALSE(std::filesystem::exists(temp / "nowhere"));
    CHECK_THROWS_AS(Directory::open_or_create(""), base::Error);
}

TEST_CASE("links to a directory are followed as the kernel does, and loops are an error") {
    test::TempDir temp;
    std::filesystem::create_directories(temp / "real/dumps");
    std::filesystem::create_symlink("real", temp / "one");
    std::filesystem::create_symlink("one/dumps", temp / "two");
    std::filesystem::create_symlink(temp / "two", temp / "three");
    std::filesystem::create_symlink("circle", temp / "circle");
    test::write_file(temp / "real/dumps/x", "here");
    for (const char* name : {"three", "three/", "three//.//", "one/../three", "one/dumps"}) {
        INFO(name);
        CHECK(Directory::open(temp / name).read_file("x", 10) == "here");
    }
    for (const char* name : {"circle", "real/dumps/x", "none"}) {
        INFO(name);
        CHECK_THROWS_AS(Directory::open(temp / name), base::Error);
    }
}

TEST_CASE("a directory that was moved away keeps its files to itself") {
    test::TempDir temp;
    const Directory directory = Directory::open_or_create(temp / "dumps");
    std::filesystem::rename(temp / "dumps", temp / "moved");
    std::filesystem::create_directory(temp / "dumps");
    AtomicFile file{directory, "x"};
    CHECK(names_in(temp / "dumps").empty());
    CHECK(names_in(temp / "moved").size() == 1);
}

TEST_CASE("reading never follows a link and never waits for a FIFO") {
    test::TempDir temp;
    test::write_file(temp / "secret", "x");
    std::filesystem::create_symlink(temp / "secret", temp / "link");
    REQUIRE(::mkfifo((temp / "fifo").c_str(), 0600) == 0);
    const Directory directory = Directory::open(temp.path());
    CHECK_THROWS_AS(directory.read_file("link", 10), base::Error);
    CHECK_THROWS_AS(directory.read_file("fifo", 10), base::Error);
    CHECK_FALSE(directory.find_file_size("link"));
    CHECK(directory.read_file("secret", 10) == "x");
    CHECK_THROWS_AS(directory.read_file("secret", 0), base::Error);
}

TEST_CASE("a lock excludes others, and its file is removed with it") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    {
        const auto lock = FileLock::try_acquire(directory, ".x.lock");
        REQUIRE(lock);
        CHECK_FALSE(FileLock::try_acquire(directory, ".x.lock"));
        CHECK(FileLock::find_holder(directory, ".x.lock").process == ::getpid());
        CHECK(FileLock::try_acquire(directory, ".y.lock"));
    }
    CHECK(names_in(temp.path()).empty());
    CHECK(FileLock::try_acquire(directory, ".x.lock"));
}

TEST_CASE("a process named in another user's lock file is not believed") {
    if (!test::can_be_others()) {
        return;
    }
    test::TempDir temp;
    test::write_file(temp / ".x.lock", "1\n");
    const Directory directory = Directory::open(temp.path());
    CHECK(FileLock::find_holder(directory, ".x.lock").process == 1);
    test::give(temp / ".x.lock", test::k_mallory);
    CHECK_FALSE(FileLock::find_holder(directory, ".x.lock").process);
    CHECK(FileLock::find_holder(directory, ".x.lock").stranger == test::k_mallory);
}

TEST_CASE("a dead run's lock file locks nobody out") {
    test::TempDir temp;
    test::write_file(temp / ".x.lock", "99999999\n");
    const Directory directory = Directory::open(temp.path());
    CHECK(FileLock::try_acquire(directory, ".x.lock"));
}

TEST_CASE("a lock file that is a hard link to another file is not written to") {
    test::TempDir temp;
    test::write_file(temp / "precious", "text");
    std::filesystem::create_hard_link(temp / "precious", temp / ".x.lock");
    const Directory directory = Directory::open(temp.path());
    CHECK_THROWS_AS(FileLock::try_acquire(directory, ".x.lock"), base::Error);
    CHECK(test::read_file(temp / "precious") == "text");
}

TEST_CASE("a lock never has two holders, however they come and go") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    std::atomic<int> holders{0};
    std::atomic<int> most{0};
    std::atomic<int> acquired{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 300; ++round) {
                if (const auto lock = FileLock::try_acquire(directory, ".x.lock")) {
                    most = std::max(most.load(), ++holders);
                    ++acquired;
                    std::this_thread::yield();
                    --holders;
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(most == 1);
    CHECK(acquired > 0);
}

TEST_CASE("a lock file not created here is never written to") {
    test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    test::write_file(temp / "precious", "precious");
    REQUIRE(::chmod((temp / "precious").c_str(), 0644) == 0);
    // As if it had another name only for a moment.
    std::filesystem::create_hard_link(temp / "precious", temp / ".x.lock");
    const int held = ::open((temp / "precious").c_str(), O_RDONLY | O_CLOEXEC);
    std::filesystem::remove(temp / "precious");
    {
        const auto lock = FileLock::try_acquire(directory, ".x.lock");
        REQUIRE(lock);
        CHECK(test::read_file(temp / ".x.lock") == std::to_string(::getpid()) + "\n");
        CHECK(mode_of(temp / ".x.lock") == 0600);
        CHECK_FALSE(FileLock::try_acquire(directory, ".x.lock"));
    }
    CHECK(sys::read_all(held, 100, "precious") == "precious");
    struct stat status {};
    REQUIRE(::fstat(held, &status) == 0);
    CHECK((status.st_mode & 07777U) == 0644U);
    ::close(held);
    CHECK(names_in(temp.path()).empty());
}
