#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/locked_file.hpp>

#include <thread>

using namespace dbbackup;
using namespace std::chrono_literals;
using sys::AtomicFile;
using sys::Directory;
using sys::LockedFile;
using test::names_in;

TEST_CASE("a locked file makes a second holder wait, but not for ever") {
    const test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    test::write_file(temp / "x", "content");
    auto first = LockedFile::acquire(directory, "x", 0ms);
    REQUIRE(first);
    CHECK(first->read(100) == "content");
    CHECK(first->read(100) == "content");
    CHECK_THROWS_AS(first->read(6), base::Error);
    const auto before = std::chrono::steady_clock::now();
    CHECK_FALSE(LockedFile::acquire(directory, "x", 60ms));
    CHECK(std::chrono::steady_clock::now() - before >= 60ms);
    first.reset();
    CHECK(LockedFile::acquire(directory, "x", 0ms));
}

TEST_CASE("a lock on a file whose name now leads elsewhere is not a lock") {
    const test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    test::write_file(temp / "x", "old");
    auto first = LockedFile::acquire(directory, "x", 0ms);
    std::string seen;
    std::thread waiting{[&] { seen = LockedFile::acquire(directory, "x", 10s)->read(100); }};
    std::this_thread::sleep_for(50ms);
    AtomicFile file{directory, "x"};
    sys::write_all(file.fd(), base::as_bytes("new"), "x");
    file.sync();
    CHECK(first->is_in_place());
    file.replace();
    CHECK_FALSE(first->is_in_place());
    first.reset();
    waiting.join();
    CHECK(seen == "new");
}

TEST_CASE("a file that replaces another takes its name, and cannot be withdrawn") {
    const test::TempDir temp;
    const Directory directory = Directory::open(temp.path());
    test::write_file(temp / "x", "old");
    {
        AtomicFile file{directory, "x", ".other"};
        CHECK(names_in(temp.path()) == std::vector<std::string>{".other", "x"});
        CHECK_THROWS_AS(file.replace(), std::logic_error);
        sys::write_all(file.fd(), base::as_bytes("new"), "x");
        file.sync();
        CHECK(test::read_file(temp / "x") == "old");
        file.replace();
        file.withdraw();
    }
    CHECK(names_in(temp.path()) == std::vector<std::string>{"x"});
    CHECK(test::read_file(temp / "x") == "new");
}
