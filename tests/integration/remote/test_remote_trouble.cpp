// Places that are full, gone, or that permit only some things.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/remote_scene.hpp"
#include "support/scene/settings_place.hpp"
#include "support/scene/small_disk.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

TEST_CASE("a full disk there makes no copy, and a later push does") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    RemoteScene scene;
    scene.add_to_rclone(fmt::format("[small]\ntype = alias\nremote = {}\n", disk.path().string()));
    const std::string seals = fmt::format("recipients = [\"{}\"]\n", scene.seal().recipient());
    scene.add("full", disk.path());
    scene.add("fullcloud", "small:");
    scene.add("fullvault", disk.path(), seals);
    scene.seal().dumps().fill(4000);
    for (const std::string remote : {"full", "fullcloud", "fullvault"}) {
        CAPTURE(remote);
        const auto result = scene.check(6, {"dump", "--to", remote});
        INFO(result.err);
        CHECK((result.err.find("pace left") != std::string::npos ||
               result.err.find("disk space") != std::string::npos));
        CHECK(scene.listed(remote).empty());
        for (const auto& entry : fs::directory_iterator{disk.path()}) {
            fs::remove(entry.path());
        }
    }
    scene.check(0, {"verify", "--all"});
    scene.database().psql("drop table filler");
    for (const std::string remote : {"full", "fullcloud"}) {
        scene.check(0, {"dump", "--to", remote});
    }
}

TEST_CASE("a full disk here makes no dump of a copy") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const RemoteScene scene;
    scene.seal().dumps().fill(4000);
    const std::string name = scene.take({"--to", "disk", "--to", "cloud"});
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const fs::path to = disk / "dumps";
        const auto pulled =
            run_program({dbbackup_path(), "pull", name, "--from", remote, "--dir", to.string()},
                        scene.options());
        INFO(pulled.err);
        CHECK(pulled.exit_code == 1);
        CHECK(pulled.err.find("room") != std::string::npos);
        CHECK((!fs::exists(to) || !fs::exists(to / name)));
        ProgramOptions options = scene.options();
        options.environment["TMPDIR"] = disk.path();
        const TestDatabase other;
        options.environment["DATABASE_URL"] = other.url();
        const auto restored =
            run_program(scene.words({"restore", name, "--from", remote}), options);
        CHECK(restored.exit_code == 1);
        CHECK(restored.err.find("TMPDIR") != std::string::npos);
        CHECK(other.psql("select count(*) from pg_class where relname = 'canary'") == "0");
        // Verifying needs no room.
        CHECK(run_program(scene.words({"verify", name, "--from", remote}), options).exit_code == 0);
    }
}

TEST_CASE("a directory that is not there is not made") {
    RemoteScene scene;
    scene.add("gone", scene.place("gone"));
    const auto result = scene.check(6, {"dump", "--to", "gone"});
    CHECK(result.err.find("there is no directory") != std::string::npos);
    CHECK_FALSE(fs::exists(scene.place("gone")));
    CHECK(scene.run({"list", "--from", "gone"}).exit_code == 1);
    scene.check(0, {"verify", "--all"});
}

TEST_CASE("a directory that vanishes in the middle gets no copy") {
    const RemoteScene scene;
    scene.seal().dumps().fill(30000);
    (void)scene.take();
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        Program run{scene.words({"push", "--to", remote}), scene.options()};
        REQUIRE(eventually([&] { return !names_in(scene.place(remote)).empty(); }));
        fs::rename(scene.place(remote), scene.place("moved-" + remote));
        const auto result = run.wait();
        INFO("stdout: " << result.out << "stderr: " << result.err);
        if (!fs::exists(scene.place(remote))) {
            fs::create_directory(scene.place(remote));
        }
        // rclone makes the directory again, and may try again. Then it is all there.
        if (remote == "cloud" && result.exit_code == 0) {
            scene.check(0, {"verify", "latest", "--from", remote});
        } else {
            CHECK(result.exit_code == 6);
            CHECK(scene.listed(remote).empty());
        }
        scene.check(0, {"push", "--to", remote});
        CHECK(scene.listed(remote).size() == 1);
    }
}

TEST_CASE("rights to write but not to delete suffice for push, and prune says what it lacks") {
    const RemoteScene scene;
    const std::string first = scene.take();
    const std::string second = scene.take();
    scene.fake_rclone("if [[ $STEP == delete* || $STEP == purge ]]; then\n"
                      "echo '2026/11/22 17:54:58 Failed to deletefile: AccessDenied' >&2\nexit 1\n"
                      "fi\nreal\n");
    scene.check(0, {"push", "--missing", "--to", "cloud"});
    CHECK(scene.listed("cloud").size() == 3);
    scene.check(0, {"pin", second, "--from", "cloud"});
    const auto result = scene.check(1, {"prune", "--keep-last", "1", "--from", "cloud"});
    CHECK(result.err.find("AccessDenied") != std::string::npos);
    CHECK(result.err.find("right to delete") != std::string::npos);
    CHECK(scene.listed("cloud").size() == 3);
}

TEST_CASE("rights to list but not to read make nothing good") {
    const RemoteScene scene;
    const std::string first = scene.take({"--to", "disk", "--to", "cloud"});
    const std::string second = scene.take({"--to", "disk", "--to", "cloud"});
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        // One manifest that nobody may read does not hide the other.
        for (const std::string& name : {first + ".json", first}) {
            give(scene.place(remote) / name, k_stranger, k_stranger);
            set_mode(scene.place(remote) / name, 0);
        }
        set_mode(scene.place(remote), 0755);
        // Not above: TMPDIR is not the test's to change.
        for (fs::path up = scene.place(remote); up != scene.temp().parent_path();
             up = up.parent_path()) {
            set_mode(up, 0755);
        }
    }
    if (::geteuid() != 0) {
        return;
    }
    // Root may read all: a user who may not.
    ProgramOptions options = scene.options();
    fs::create_directory(scene.temp() / "nobody");
    give(scene.temp() / "nobody", 65534, 65534);
    options.environment["TMPDIR"] = scene.temp() / "nobody";
    options.environment["HOME"] = scene.temp() / "nobody";
    give(scene.temp() / "dbbackup.toml", 65534, 65534);
    give(scene.temp() / "rclone.conf", 65534, 65534);
    options.directory = scene.temp();
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const auto run = [&](std::vector<std::string> words) {
            words.insert(words.begin(), {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                                         "--clear-groups", dbbackup_path()});
            words.insert(words.end(), {"--dir", (scene.temp() / "nobody").string(), "--config",
                                       (scene.temp() / "dbbackup.toml").string()});
            return run_program(words, options);
        };
        const auto verified = run({"verify", first, "--from", remote});
        INFO(verified.err);
        CHECK((verified.exit_code == 1 || verified.exit_code == 3));
        const auto pulled = run({"pull", first, "--from", remote});
        CHECK((pulled.exit_code == 1 || pulled.exit_code == 3));
        CHECK_FALSE(fs::exists(scene.temp() / "nobody" / first));
        const auto listed = run({"list", "--from", remote, "--json"});
        INFO(listed.err);
        CHECK(listed.exit_code == 0);
        CHECK(listed.out.find(second) != std::string::npos);
    }
}
