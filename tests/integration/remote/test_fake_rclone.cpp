// An rclone that hangs, lies or dies, at each step: never a copy that is not one.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/program/processes.hpp"
#include "support/scene/remote_scene.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

struct Lie {
    std::string name;
    std::string body;
};

/// What goes wrong, once the step is the one meant.
const std::vector<Lie>& lies() {
    static const std::vector<Lie> all{
        {"hangs", "exec sleep 100\n"},
        {"does nothing", "exit 0\n"},
        {"dies", "kill -KILL $$\n"},
        {"fails", "echo '2026/11/22 17:54:58 Failed: the cause' >&2; exit 1\n"},
        {"says nothing is there", "echo '[]'; exit 0\n"},
        // Half of a file, or of an output.
        {"does half",
         "case $STEP in\n"
         "copy) real; for f in \"$TARGET\"/* \"$PLACE\"/.*.uploading; do\n"
         "  test -f \"$f\" && truncate -s $(( $(stat -c %s \"$f\") / 2 )) \"$f\"; done; exit 0;;\n"
         "moveto) real; f=\"$PLACE/${TARGET##*/}\"\n"
         "  truncate -s $(( $(stat -c %s \"$f\") / 2 )) \"$f\"; exit 0;;\n"
         "*) real | head -c 100; exit 0;;\n"
         "esac\n"}};
    return all;
}

std::string at(const std::string& step, const RemoteScene& scene, const std::string& remote,
               const std::string& body) {
    return fmt::format("PLACE='{}'\nif [[ $STEP == {} ]]; then\n{}\nfi\nexec /usr/bin/rclone "
                       "\"${{ALL[@]}}\"\n",
                       scene.place(remote).string(), step, body);
}

} // namespace

TEST_CASE("an rclone that misbehaves at any step makes no copy, and leaves the dump") {
    RemoteScene scene;
    const auto first = names_in(scene.dumps()).at(0);
    const auto ran = scene.temp() / "ran";
    std::size_t round = 0;
    for (const char* step : {"backend", "lsjson", "copy", "moveto", "cat"}) {
        for (const Lie& lie : lies()) {
            // In a short run, one of both remotes each.
            for (const std::string remote : {"cloud", "cloudvault"}) {
                if (!is_long() && (round++ / 2 + (remote == "cloud" ? 0 : 1)) % 2 == 0) {
                    continue;
                }
                CAPTURE(step, lie.name, remote);
                scene.fake_rclone(at(step, scene, remote, lie.body));
                scene.set("timeout = \"1s\"");
                const auto names = names_in(scene.dumps());
                const auto result = scene.run({"dump", "--to", remote, "--keep-last", "1"});
                INFO("stdout: " << result.out << "stderr: " << result.err);
                CHECK(result.exit_code == 6);
                CHECK(fs::exists(scene.dumps() / first)); // nothing is pruned
                CHECK(names_in(scene.dumps()).size() == names.size() + 2);
                scene.use_real_rclone();
                scene.set("timeout = \"30s\""); // a busy machine is no lie
                for (const std::string& copy : scene.listed(remote)) {
                    CHECK(scene.run({"verify", copy, "--from", remote}).exit_code == 0);
                }
            }
        }
    }
    scene.seal().dumps().check_nothing_runs();
    scene.check(0, {"verify", "--all"});
    scene.check(0, {"prune", "--keep-last", "2"});
    for (const std::string remote : {"cloud", "cloudvault"}) {
        scene.check(0, {"push", "--missing", "--to", remote});
        scene.check(0, {"verify", "--all", "--from", remote});
        CHECK(scene.listed(remote).size() >= 2);
    }
    CHECK(names_in(scene.temp() / "tmp").empty());
}

TEST_CASE("an rclone that copies other bytes of the right size makes no copy") {
    const RemoteScene scene;
    scene.fake_rclone(at("copy", scene, "cloud",
                         "real; for f in \"$PLACE\"/.*.sql.gz.????????.uploading; do\n"
                         "  test -f \"$f\" && printf XYZ | dd of=\"$f\" bs=1 seek=100 conv=notrunc "
                         "status=none\ndone; exit 0"));
    const auto result = scene.run({"dump", "--to", "cloud"});
    INFO(result.err);
    CHECK(result.exit_code == 6);
    CHECK(result.err.find("differs from the dump here") != std::string::npos);
    CHECK(scene.listed("cloud").empty());
}

TEST_CASE("guard does not run its command without the copy") {
    const RemoteScene scene;
    scene.fake_rclone(at("moveto", scene, "cloud", "exit 0"));
    const auto ran = scene.temp() / "ran";
    const auto result =
        scene.check(6, {"guard", "--to", "cloud", "--", "/usr/bin/touch", ran.string()});
    CHECK_FALSE(fs::exists(ran));
    CHECK(scene.listed("cloud").empty());
}

TEST_CASE("an rclone that misbehaves while copies are read tells nothing wrong") {
    RemoteScene scene;
    const std::string name = scene.take({"--to", "cloud"});
    scene.set("timeout = \"1s\"");
    const auto other = scene.temp() / "other";
    for (const char* step : {"copy", "cat"}) {
        for (const Lie& lie : lies()) {
            if (std::string{step} == "copy" && lie.name == "does half") {
                continue; // half a manifest is a manifest that cannot be read: see below
            }
            CAPTURE(step, lie.name);
            scene.fake_rclone(at(step, scene, "cloud", lie.body));
            CHECK(scene.run({"verify", name, "--from", "cloud"}).exit_code != 0);
            const auto pulled = run_program(
                {dbbackup_path(), "pull", name, "--from", "cloud", "--dir", other.string()},
                scene.options());
            CHECK(pulled.exit_code != 0);
            CHECK((!fs::exists(other) || !fs::exists(other / name)));
        }
    }
    scene.use_real_rclone();
    CHECK(scene.list("cloud")["dumps"][0]["problem"].is_null()); // no false note was written
    scene.check(0, {"verify", "--all", "--from", "cloud"});
}

TEST_CASE("prune deletes nothing because of what could not be read") {
    RemoteScene scene;
    const std::string first = scene.take({"--to", "cloud"});
    const std::string second = scene.take({"--to", "cloud"});
    scene.check(0, {"pin", first, "--from", "cloud"});
    const auto names = names_in(scene.place("cloud"));
    scene.set("timeout = \"1s\"");
    // The manifests come, the notes do not: among them the pin.
    const std::string without_notes = "real; rm -f \"$TARGET\"/*.note-*; exit 0";
    const std::string half_notes = "real; truncate -s 20 \"$TARGET\"/*.note-*; exit 0";
    for (const std::string& body : {without_notes, half_notes, std::string{"exit 0"},
                                    std::string{"kill -KILL $$"}, std::string{"sleep 100"}}) {
        CAPTURE(body);
        scene.fake_rclone(at("copy", scene, "cloud", body));
        (void)scene.run({"prune", "--keep-last", "1", "--from", "cloud"});
        CHECK(names_in(scene.place("cloud")) == names);
    }
    scene.fake_rclone(at("lsjson", scene, "cloud", "echo '[]'"));
    (void)scene.run({"prune", "--keep-last", "1", "--from", "cloud"});
    CHECK(names_in(scene.place("cloud")) == names);
}

TEST_CASE("an rclone that does not delete makes prune fail") {
    RemoteScene scene;
    const std::string first = scene.take({"--to", "cloud"});
    (void)scene.take({"--to", "cloud"});
    scene.set("timeout = \"1s\"");
    for (const std::string body :
         {"echo 'Failed to deletefile: AccessDenied' >&2; exit 1", "kill -KILL $$", "sleep 100"}) {
        CAPTURE(body);
        scene.fake_rclone(at("deletefile", scene, "cloud", body));
        const auto result = scene.check(1, {"prune", "--keep-last", "1", "--from", "cloud"});
        CHECK(result.err.find("could not be deleted") != std::string::npos);
        CHECK(scene.listed("cloud").size() == 2);
    }
}

TEST_CASE("a signal ends an rclone that hangs") {
    const RemoteScene scene;
    for (const char* step : {"lsjson", "copy", "cat"}) {
        CAPTURE(step);
        const auto started = scene.temp() / "started";
        scene.fake_rclone(
            at(step, scene, "cloud", fmt::format(": > '{}'; exec sleep 100", started.string())));
        Program run{scene.words({"push", "--to", "cloud"}), scene.options()};
        REQUIRE(eventually([&] { return fs::exists(started); }));
        run.send(SIGTERM);
        CHECK(run.wait().exit_code == 143);
        scene.seal().dumps().check_nothing_runs();
        CHECK(names_in(scene.temp() / "tmp").empty());
        fs::remove(started);
        scene.use_real_rclone();
        CHECK(scene.listed("cloud").empty());
    }
}
