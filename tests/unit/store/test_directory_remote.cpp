#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/remote.hpp>
#include <dbbackup/sys/directory.hpp>

#include <filesystem>
#include <stdexcept>

using namespace dbbackup;
using namespace dbbackup::test;

TEST_CASE(
    "a file of a directory remote gets its name after the last check, and none if that fails") {
    const TempDir temp;
    const auto there = temp.path() / "there";
    std::filesystem::create_directory(there);
    const auto remote = store::open_remote({.name = "disk", .target = there.native()}, {});
    const std::string content(3'000'000, 'x');
    write_file(temp.path() / "here", content);
    const auto file = sys::Directory::open(temp.path()).open_file("here");

    const auto whole_without_name = [&] {
        const auto names = names_in(there);
        REQUIRE(names.size() == 1);
        CHECK(store::is_unfinished_upload(names.front()));
        CHECK(read_file(there / names.front()) == content);
    };
    SECTION("good") {
        remote->write(file.get(), "a", store::Existing::refused,
                      {.before_naming = whole_without_name});
        CHECK(names_in(there) == std::vector<std::string>{"a"});
        CHECK(read_file(there / "a") == content);
    }
    SECTION("another came there meanwhile") {
        const auto add = [&] { write_file(there / "a", "other"); };
        CHECK_THROWS_AS(
            remote->write(file.get(), "a", store::Existing::refused, {.before_naming = add}),
            base::Error);
        CHECK(names_in(there) == std::vector<std::string>{"a"});
        CHECK(read_file(there / "a") == "other");
    }
    SECTION("bad") {
        const auto refuse = [&] {
            whole_without_name();
            throw std::runtime_error{"not that of its manifest"};
        };
        CHECK_THROWS_WITH(
            remote->write(file.get(), "a", store::Existing::refused, {.before_naming = refuse}),
            "not that of its manifest");
        CHECK(names_in(there).empty());
    }
}
