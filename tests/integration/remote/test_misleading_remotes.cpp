// Remotes that are not what they seem, and what the user must be told of them.

#include "support/catch.hpp"
#include "support/scene/remote_scene.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the dump directory itself is no place for copies") {
    RemoteScene scene;
    const std::string name = scene.take();
    fs::create_directory_symlink(scene.dumps(), scene.temp() / "link");
    scene.add("self", scene.dumps());
    scene.add("link", scene.temp() / "link");
    const auto before = names_in(scene.dumps());
    for (const std::string remote : {"self", "link"}) {
        for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
                 {"dump", "--to", remote},
                 {"push", "--to", remote},
                 {"guard", "--to", remote, "--", "touch", scene.temp() / "ran"},
                 {"pull", name, "--from", remote},
                 {"verify", "--from", remote},
                 {"prune", "--keep-last", "1", "--from", remote}}) {
            const auto result = scene.check(2, words);
            CHECK(holds(result.err, "is the dump directory itself"));
        }
    }
    CHECK(holds(scene.check(2, {"status"}).err, "is the dump directory itself"));
    CHECK(names_in(scene.dumps()) == before);
    CHECK_FALSE(fs::exists(scene.temp() / "ran"));
}

TEST_CASE("copies in clear at a remote that seals are told of") {
    RemoteScene scene;
    scene.add("sealing", scene.place("disk"),
              fmt::format("recipients = [\"{}\"]\n", scene.seal().recipient()));
    const std::string name = scene.take({"--to", "disk"});
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"push", "--to", "sealing"},
                                               {"push", "--missing", "--to", "sealing"},
                                               {"dump", "--to", "sealing"}}) {
        const auto result = scene.check(0, words);
        CHECK(holds(result.err, "in clear and stays so: '" + name + "'"));
    }
    fs::remove(scene.place("disk") / name);
    fs::remove(scene.place("disk") / (name + ".json"));
    CHECK(scene.check(0, {"push", "--missing", "--to", "sealing"}).err.find("in clear") ==
          std::string::npos);
    const auto listed = scene.listed("disk");
    CHECK(std::ranges::count(listed, name + ".age") == 1);
    CHECK(std::ranges::count(listed, name) == 0);
}

TEST_CASE("an identity seals nothing, and dump says so") {
    const RemoteScene scene;
    CHECK(holds(scene.run_open({"dump"}).err, "the dump is not sealed"));
    CHECK_FALSE(holds(scene.run_open({"dump", "--encrypt", scene.seal().recipient()}).err,
                      "is not sealed"));
    CHECK_FALSE(holds(scene.run({"dump"}).err, "is not sealed"));
}

TEST_CASE("a configuration of rclone in the current directory is not used") {
    const RemoteScene scene;
    const fs::path there = scene.temp() / "there";
    fs::create_directory(there);
    write_file(there / "rclone.conf", "[planted]\ntype = local\n");
    write_file(there / ".rclone.conf", "[planted]\ntype = local\n");
    write_file(there / "dbbackup.toml",
               fmt::format("[remote.x]\ntarget = \"planted:{}\"\n", scene.place("disk").string()));
    fs::create_directories(scene.temp() / "bin");
    fs::create_symlink("/usr/bin/rclone", scene.temp() / "bin" / "rclone");
    ProgramOptions options = scene.options();
    options.directory = there;
    options.environment["PATH"] = scene.temp() / "bin"; // no getent, which tells rclone its home
    for (const bool has_empty_home : {true, false}) {
        options.environment.erase("HOME");
        if (has_empty_home) {
            options.environment["HOME"] = "";
        }
        const auto result = run_program(scene.words({"list", "--from", "x"}), options);
        CHECK(result.exit_code == 1);
        CHECK(holds(result.err, "rclone's configuration has no remote 'planted'"));
        CHECK(holds(result.err, "rclone listremotes"));
    }
}

TEST_CASE("a place that is missing, and pin without a name, are told with commands that work") {
    RemoteScene scene;
    const fs::path gone = scene.temp() / "gone place";
    scene.add("gone", gone);
    const auto result = scene.check(1, {"list", "--from", "gone"});
    CHECK(holds(result.err, "mkdir -m 700 '" + gone.string() + "'"));
    const auto pin = scene.check(2, {"pin", "--from", "disk"});
    CHECK(holds(pin.err, "dbbackup list --from disk"));
    CHECK(holds(pin.err, "dbbackup pin latest --from disk"));
    CHECK(holds(scene.check(2, {"push", "--to", "/mnt/backup"}).err, "not its place"));
}

TEST_CASE("a prune of one database forgets nothing about the copies of others") {
    RemoteScene scene;
    scene.set("keep-at-least = \"1d\"");
    const std::string first = scene.take({"--to", "disk"});
    const std::string second = scene.take({"--to", "disk"});
    const std::vector<std::string> prune{"prune", "--keep-last", "1", "--from", "disk"};
    scene.check(0, prune);
    scene.age_records("disk");
    scene.check(0, {"prune", "--keep-last", "1", "--from", "disk", "--database", "other"});
    scene.check(0, prune);
    CHECK(scene.listed("disk") == std::vector<std::string>{second});
}
