// No room: a full disk, a file size limit, and the check before anything is started.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/scene/small_disk.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

/// Rows that need more than 1 MiB even when compressed.
constexpr int k_too_many_kilobytes = 2500;

using Arguments = std::vector<std::string>;

const std::vector<Arguments> k_ways{
    {"-Z", "gzip"}, {"-Z", "gzip:6"}, {"-Z", "zstd"}, {"-Z", "none"}, {"-F", "custom"}};

} // namespace

TEST_CASE("the disk fills up") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const DumpScene scene{disk / "dumps"};
    scene.fill(k_too_many_kilobytes);
    for (const Arguments& way : k_ways) {
        CAPTURE(way);
        // A filter, because otherwise the check for free space refuses to start.
        Arguments arguments = way;
        arguments.insert(arguments.end(), {"-t", "filler"});
        scene.check_failed(scene.dump(arguments), 1, "No space left on device");
    }
}

TEST_CASE("the disk is full at the archive's last bytes") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const DumpScene scene{disk / "dumps"};
    scene.fill(200);
    disk.fill_up(80 * 1024); // more than the check for free space requires
    for (const char* compression : {"gzip", "none"}) {
        const auto result = scene.dump({"-Z", compression, "-t", "filler"});
        scene.check_failed(result, 1, "No space left on device");
    }
}

TEST_CASE("the disk is full when the manifest is written") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const DumpScene scene{disk / "dumps"};
    FakeTools tools{scene.temp()};
    const std::string sql = tools.file("sql", sample::whole());
    // The archive takes one page and no other page is free.
    tools.make("pg_dump", fmt::format("cat '{}'\n"
                                      "free=$(df --output=avail -B 1 '{}' | tail -n 1)\n"
                                      "head -c $((free - 4096)) /dev/zero > '{}'\n",
                                      sql, disk.path().string(), (disk / "filler").string()));
    const auto result = scene.dump({"--bin-dir", tools.directory()});
    scene.check_failed(result, 1, "No space left on device");
    CHECK(result.err.find(".json.partial") != std::string::npos);
}

TEST_CASE("a file size limit") {
    const DumpScene scene;
    scene.fill(k_too_many_kilobytes);
    ProgramOptions options = scene.options();
    options.file_size_limit = 512 * 1024;
    for (const Arguments& way : k_ways) {
        CAPTURE(way);
        scene.check_failed(run_program(scene.words(way), options), 1, "File too large");
    }
}

TEST_CASE("too little room for a dump like the last one is refused before pg_dump starts") {
    const SmallDisk disk{"2m"};
    if (!disk.there()) {
        return;
    }
    const DumpScene scene{disk / "dumps"};
    scene.fill(1500);
    REQUIRE(scene.dump().exit_code == 0);
    const auto there = names_in(scene.dumps());
    disk.fill_up(300 * 1024);

    FakeTools tools{scene.temp()};
    const auto mark = scene.temp() / "ran";
    tools.make("pg_dump", fmt::format(": > '{}'\nexit 1\n", mark.string()));
    const auto result = scene.dump({"--bin-dir", tools.directory()});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("not enough space in '" + scene.dumps().string()) != std::string::npos);
    CHECK(result.err.find("hint: ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(mark));
    CHECK(names_in(scene.dumps()) == there);
    scene.check_nothing_runs();
}

TEST_CASE("a disk without free space is refused before pg_dump starts") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const DumpScene scene{disk / "dumps"};
    FakeTools tools{scene.temp()};
    const auto mark = scene.temp() / "ran";
    tools.make("pg_dump", fmt::format(": > '{}'\nexit 1\n", mark.string()));
    disk.fill_up(0);
    scene.check_failed(scene.dump({"--bin-dir", tools.directory()}), 1, "not enough space");
    CHECK_FALSE(std::filesystem::exists(mark));
}
