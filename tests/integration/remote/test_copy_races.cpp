// Others who write to a remote, or to the same copy, while dbbackup is at work there.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/remote_scene.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

/// Runs `body` instead of the `number`th call of rclone for which `condition` holds. There, $PLACE
/// is where the copies are.
void at_call(const RemoteScene& scene, const std::string& condition, int number,
             const std::string& body) {
    scene.fake_rclone(fmt::format("PLACE='{0}'\nCALLS='{1}'\n"
                                  "uploads_manifest() {{\n"
                                  "  [[ $STEP == copy && $TARGET == loc:* ]] || return 1\n"
                                  "  for a in \"${{ALL[@]}}\"; do case $a in --files-from-raw=*)\n"
                                  "    grep -q '\\.json' \"${{a#*=}}\" && return 0;; esac; done\n"
                                  "  return 1\n}}\n"
                                  "if {2}; then\n  echo >> \"$CALLS\"\n  if (( $(wc -l < "
                                  "\"$CALLS\") == {3} )); then\n{4}\n  fi\nfi\n"
                                  "real\n",
                                  scene.place("cloud").string(), (scene.temp() / "calls").string(),
                                  condition, number, body));
    fs::remove(scene.temp() / "calls");
}

/// Waits, as rclone, until the test lets it go on.
std::string gate(const RemoteScene& scene) {
    return fmt::format(": > '{0}/started'\nuntil [[ -e '{0}/go' ]]; do sleep 0.05; done",
                       scene.temp().string());
}

} // namespace

TEST_CASE("what comes there during a push is not overwritten") {
    const RemoteScene scene;
    const std::string name = scene.take();
    const fs::path there = scene.place("cloud") / name;
    at_call(scene, "[[ $STEP == copy && $TARGET == loc:* ]]", 1,
            "printf other > \"$PLACE/" + name + "\"");
    const auto result = scene.check(6, {"push", name, "--to", "cloud"});
    CHECK(result.err.find("appeared there meanwhile") != std::string::npos);
    CHECK(read_file(there) == "other");
    CHECK(names_in(scene.place("cloud")) == std::vector<std::string>{name});
}

TEST_CASE("a copy that was swept before its manifest came is not called copied") {
    const RemoteScene scene;
    const std::string name = scene.take();
    at_call(scene, "uploads_manifest", 1, "rm \"$PLACE/" + name + "\"");
    const auto result = scene.check(6, {"push", name, "--to", "cloud"});
    CHECK(result.err.find("is not there") != std::string::npos);
    scene.use_real_rclone();
    scene.check(0, {"push", name, "--to", "cloud"});
    scene.check_copies("cloud", {name});
}

TEST_CASE("a second run waits for the one that makes the same copy, and prune leaves it alone") {
    const RemoteScene scene;
    const std::string name = scene.take();
    // An upload of yesterday, which the run that holds the lock is about to replace.
    write_file(scene.place("cloud") / name, "half");
    scene.check(0, {"prune", "--keep-last", "9", "--from", "cloud"});
    scene.age_records("cloud");
    at_call(scene, "[[ $STEP == copy && $TARGET == loc:* ]]", 1, gate(scene));
    Program first{scene.words({"push", name, "--to", "cloud"}), scene.options()};
    REQUIRE(eventually([&] { return fs::exists(scene.temp() / "started"); }));
    scene.check(0, {"prune", "--keep-last", "9", "--from", "cloud"});
    CHECK(fs::exists(scene.place("cloud") / name));
    Program second{scene.words({"push", name, "--to", "cloud"}), scene.options()};
    CHECK(eventually(
        [&] { return second.err_so_far().find("waiting for another run") != std::string::npos; }));
    write_file(scene.temp() / "go", "");
    CHECK(first.wait().exit_code == 0);
    CHECK(second.wait().exit_code == 0);
    // The dump and its manifest, once.
    CHECK(read_file(scene.temp() / "calls") == "\n\n");
    scene.check_copies("cloud", {name});
}

TEST_CASE("a copy that is noted while prune decides is kept") {
    const RemoteScene scene;
    const std::string first = scene.take({"--to", "cloud"});
    const std::string second = scene.take({"--to", "cloud"});
    at_call(scene, "[[ $STEP == lsjson ]]", 2,
            "echo '{}' > \"$PLACE/" + first + ".note-2026-11-22T10-00-00-000Z-0a1b2c3d.json\"");
    const auto result = scene.check(0, {"prune", "--keep-last", "1", "--from", "cloud"});
    CHECK(result.err.find("changed meanwhile") != std::string::npos);
    scene.use_real_rclone();
    CHECK(scene.listed("cloud") == std::vector<std::string>{first, second});
}

TEST_CASE("a copy that is exchanged while it is fetched is not taken") {
    const RemoteScene scene;
    const std::string name = scene.take({"--to", "cloud"});
    at_call(scene, "[[ $STEP == copy && $TARGET != loc:* ]]", 2,
            "real; sed -i 's/\"size\": /\"size\": 9/' \"$TARGET\"/*.json; exit 0");
    const fs::path to = scene.temp() / "pulled";
    const auto pulled = run_program(
        {dbbackup_path(), "pull", name, "--from", "cloud", "--dir", to.string()}, scene.options());
    CHECK(pulled.exit_code == 1);
    INFO(pulled.err);
    CHECK(pulled.err.find("changed while it was fetched") != std::string::npos);
    CHECK_FALSE(fs::exists(to / name));
}
