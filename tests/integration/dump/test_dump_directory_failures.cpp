// The dump directory is not as expected, or changes during a dump.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/scene/small_disk.hpp"

#include <fmt/format.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

/// A pg_dump that writes a good dump while shell commands change the dump directory: `$dir` is its
/// path and `$name` the name that the dump will have.
struct MeddledScene {
    DumpScene scene;
    FakeTools tools{scene.temp()};

    [[nodiscard]] ProgramResult run(const std::string& commands) {
        tools.make("pg_dump", fmt::format("cat '{}'\n"
                                          "dir='{}'\n"
                                          "for partial in \"$dir\"/.*.partial; do\n"
                                          "    name=${{partial##*/.}}\n"
                                          "    name=${{name%.partial}}\n"
                                          "done\n"
                                          "{}\n",
                                          tools.file("sql", sample::whole()),
                                          scene.dumps().string(), commands));
        return scene.dump({"--bin-dir", tools.directory()});
    }
};

ProgramResult dump_to(const DumpScene& scene, const std::filesystem::path& directory) {
    return run_program({dbbackup_path(), "dump", "--dir", directory}, scene.options());
}

} // namespace

TEST_CASE("a dump directory that is a file") {
    const DumpScene scene;
    const auto path = scene.temp() / "file";
    write_file(path, "precious");
    scene.check_failed(dump_to(scene, path), 1, "Not a directory");
    scene.check_failed(dump_to(scene, path / "below"), 1, "Not a directory");
    CHECK(read_file(path) == "precious");
}

TEST_CASE("a dump directory that is a dangling symbolic link") {
    const DumpScene scene;
    const auto path = scene.temp() / "link";
    std::filesystem::create_symlink(scene.temp() / "nowhere", path);
    const auto result = dump_to(scene, path);
    scene.check_failed(result, 1, "link");
    CHECK(std::filesystem::is_symlink(path));
    CHECK_FALSE(std::filesystem::exists(scene.temp() / "nowhere"));
}

TEST_CASE("a dump directory that is not writable") {
    // Root can write everywhere: so the server's user tries instead.
    const TempDir place;
    const std::filesystem::path server = Cluster::shared().socket_directory();
    std::filesystem::permissions(place.path(), std::filesystem::perms{0755});
    const auto program = place / "dbbackup";
    std::filesystem::copy_file(dbbackup_path(), program);
    const DumpScene scene;
    const auto closed = place / "closed";
    std::filesystem::create_directory(closed);
    std::filesystem::permissions(closed, std::filesystem::perms{0555});

    ProgramOptions options = scene.options();
    options.directory = "/";
    for (const auto& directory : {closed, closed / "below"}) {
        const auto result = run_program(
            as_owner_of(server, {program, "dump", "--dir", directory.string()}), options);
        scene.check_failed(result, 1, "Permission denied");
        CHECK(names_in(closed).empty());
    }
}

TEST_CASE("a dump directory on a read-only file system") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const DumpScene scene{disk / "dumps"};
    disk.make_read_only();
    scene.check_failed(scene.dump(), 1, "Read-only file system");
}

TEST_CASE("the dump directory is removed during the dump") {
    MeddledScene meddled;
    const auto result = meddled.run("rm -rf \"$dir\"");
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("No such file or directory") != std::string::npos);
    CHECK(result.out.empty());
    CHECK_FALSE(std::filesystem::exists(meddled.scene.dumps()));
    meddled.scene.check_nothing_runs();
}

TEST_CASE("the dump directory is moved away during the dump") {
    MeddledScene meddled;
    const auto result = meddled.run("mv \"$dir\" \"$dir.moved\"");
    INFO(result.out << result.err);
    const auto moved = meddled.scene.dumps().string() + ".moved";
    CHECK(result.exit_code == 1);
    CHECK(result.err.find(meddled.scene.dumps().string()) != std::string::npos);
    CHECK(names_in(moved).size() == 2);
    std::filesystem::rename(moved, meddled.scene.dumps());
    meddled.scene.check_untouched();
}

TEST_CASE("the dump directory is replaced by another one during the dump") {
    MeddledScene meddled;
    const auto result = meddled.run("mv \"$dir\" \"$dir.moved\"; mkdir \"$dir\"");
    INFO(result.out << result.err);
    CHECK(result.exit_code == 1);
    CHECK(names_in(meddled.scene.dumps()).empty());
    CHECK(names_in(meddled.scene.dumps().string() + ".moved").size() == 2);
}

TEST_CASE("the partial file is removed during the dump") {
    MeddledScene meddled;
    meddled.scene.check_failed(meddled.run("rm \"$partial\""), 1, "No such file or directory");
}

TEST_CASE("the dump's name is taken during the dump") {
    MeddledScene meddled;
    const auto result = meddled.run("echo theirs > \"$dir/$name\"");
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("File exists") != std::string::npos);
    const auto names = meddled.scene.new_names();
    REQUIRE(names.size() == 1);
    CHECK(read_file(meddled.scene.dumps() / names[0]) == "theirs\n");
    meddled.scene.check_earlier_untouched();
    meddled.scene.check_nothing_runs();
}

TEST_CASE("the manifest's name is taken during the dump") {
    for (const char* command : {"echo theirs > \"$dir/$name.json\"", "mkdir \"$dir/$name.json\"",
                                "ln -s nowhere \"$dir/$name.json\""}) {
        CAPTURE(command);
        MeddledScene meddled;
        const auto result = meddled.run(command);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("File exists") != std::string::npos);
        // The archive was withdrawn; their file is not ours to remove.
        const auto names = meddled.scene.new_names();
        REQUIRE(names.size() == 1);
        CHECK(names[0].ends_with(".sql.gz.json"));
        meddled.scene.check_earlier_untouched();
        meddled.scene.check_nothing_runs();
    }
}

TEST_CASE("the name of the manifest's partial file is taken during the dump") {
    MeddledScene meddled;
    const auto result = meddled.run("echo theirs > \"$dir/.$name.json.partial\"");
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("File exists") != std::string::npos);
    const auto names = meddled.scene.new_names();
    REQUIRE(names.size() == 1);
    CHECK(read_file(meddled.scene.dumps() / names[0]) == "theirs\n");
    meddled.scene.check_earlier_untouched();
}
