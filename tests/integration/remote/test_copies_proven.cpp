// What verify finds out about copies by fetching them is known afterwards, and one bad copy hides
// no other.

#include "support/catch.hpp"
#include "support/scene/remote_scene.hpp"

#include <algorithm>
#include <filesystem>

using namespace dbbackup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<std::string> levels_of_notes(const RemoteScene& scene, const std::string& remote) {
    std::vector<std::string> levels;
    for (const std::string& name : names_in(scene.place(remote))) {
        if (holds(name, ".note-")) {
            const json note = json::parse(read_file(scene.place(remote) / name));
            levels.push_back(note["verifications"][0]["level"]);
        }
    }
    return levels;
}

void flip_a_byte(const fs::path& file) {
    std::string content = read_file(file);
    content[content.size() / 2] ^= 1;
    write_file(file, content);
}

} // namespace

TEST_CASE("every drill of a copy is recorded, whatever was known of it before") {
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "disk"});
    scene.check(0, {"verify", "--from", "disk"});
    ProgramOptions options = scene.options();
    options.environment["TMPDIR"] = "/tmp"; // which the throwaway server's user may enter
    for (int i = 0; i < 2; ++i) {
        const auto drill =
            run_program(scene.words({"verify", "--restore", "--from", "disk"}), options);
        INFO(drill.out << drill.err);
        CHECK(drill.exit_code == 0);
    }
    CHECK(levels_of_notes(scene, "disk") == std::vector<std::string>{"read", "restore", "restore"});
    scene.check(0, {"status", "--from", "disk", "--max-proof-age", "1h"});
}

TEST_CASE("a damaged copy hides no other from verify, and is known to be damaged") {
    const RemoteScene scene;
    const std::string good = scene.take({"--to", "disk"});
    const std::string lost = scene.take({"--to", "disk"});
    const std::string bad = scene.take({"--to", "disk"});
    flip_a_byte(scene.place("disk") / bad);
    fs::remove(scene.place("disk") / lost);
    const auto result = scene.run_open({"verify", "--all", "--from", "disk", "--json"});
    CHECK(result.exit_code == 3);
    const json dumps = json::parse(result.out)["dumps"];
    REQUIRE(dumps.size() == 3);
    for (const json& dump : dumps) {
        const std::string path = dump["path"];
        CAPTURE(path);
        CHECK(dump["result"] == (path.ends_with(good) ? "good" : "damaged"));
    }
    CHECK_FALSE(holds(result.out + result.err, "dbbackup-fetched"));
    const json listed = scene.list("disk")["dumps"];
    CHECK(listed[0]["name"] == bad);
    CHECK(holds(listed[0]["problem"].dump(), "damaged"));
    CHECK(listed[1]["problem"].is_null());
}

TEST_CASE("verify of all copies names those of other users that it leaves out") {
    if (::geteuid() != 0) {
        return;
    }
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "disk"});
    const std::string theirs = scene.take({"--to", "disk"});
    REQUIRE(::chown((scene.place("disk") / theirs).c_str(), 65534, 65534) == 0);
    const auto result = scene.check(0, {"verify", "--all", "--from", "disk"});
    CHECK(holds(result.err, theirs + "' was not verified"));
    CHECK(holds(result.out, name));
}

TEST_CASE("what is sealed is not fetched without an identity") {
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "cloudvault"});
    scene.fake_rclone("echo $STEP >> \"$TMPDIR/../steps\"\nreal\n");
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"restore", "--clean", "--dry-run", "--from", "cloudvault"},
             {"verify", "--restore", "--from", "cloudvault"}}) {
        const auto result = scene.check(1, words);
        CHECK(holds(result.err, "'loc:cloudvault/" + name + ".age' is sealed"));
        CHECK(holds(result.err, "--identity"));
    }
    CHECK_FALSE(holds(read_file(scene.temp() / "steps"), "cat"));
}
