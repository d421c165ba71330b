// What has a copy's name there already: the same, another one, or half of one.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/remote_scene.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
namespace fs = std::filesystem;

namespace {

/// The dump as another one: with its own identity and content.
void put_another(const RemoteScene& scene, const std::string& remote, const std::string& name) {
    const std::string other = scene.take();
    auto manifest = nlohmann::json::parse(read_file(scene.dumps() / (other + ".json")));
    manifest["file"]["name"] = name;
    write_file(scene.place(remote) / name, read_file(scene.dumps() / other));
    write_file(scene.place(remote) / (name + ".json"), manifest.dump(2));
}

void same_mtime(const fs::path& of, const fs::path& to) {
    fs::last_write_time(to, fs::last_write_time(of));
}

} // namespace

TEST_CASE("another dump under that name is never overwritten") {
    const RemoteScene scene;
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const std::string name = scene.take();
        put_another(scene, remote, name);
        const fs::path there = scene.place(remote) / name;
        const std::string file = read_file(there);
        const std::string manifest = read_file(there.string() + ".json");
        const auto result = scene.check(6, {"push", name, "--to", remote});
        CHECK(result.err.find("another dump") != std::string::npos);
        scene.check(6, {"push", "--missing", "--to", remote});
        CHECK(read_file(there) == file);
        CHECK(read_file(there.string() + ".json") == manifest);
        scene.check(0, {"verify", name, "--from", remote});
    }
}

TEST_CASE("a manifest that cannot be read protects its file") {
    const RemoteScene scene;
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote});
        const fs::path manifest = scene.place(remote) / (name + ".json");
        auto future = nlohmann::json::parse(read_file(manifest));
        future["format_version"] = "9.0";
        write_file(manifest, future.dump(2));
        const std::string file = read_file(scene.place(remote) / name);
        scene.check(6, {"push", name, "--to", remote});
        CHECK(read_file(manifest) == future.dump(2));
        CHECK(read_file(scene.place(remote) / name) == file);
    }
}

TEST_CASE("an unfinished upload is replaced, whatever it looks like") {
    const RemoteScene scene;
    const std::string name = scene.take();
    const std::string whole = read_file(scene.dumps() / name);
    for (const std::string& remote : is_long() ? k_all_remotes : k_open_remotes) {
        const std::string there = name + (remote.find("vault") != std::string::npos ? ".age" : "");
        const fs::path file = scene.place(remote) / there;
        for (const std::string& content :
             {std::string{}, whole.substr(0, whole.size() / 2), std::string(whole.size(), 'x')}) {
            CAPTURE(remote, content.size());
            write_file(file, content);
            same_mtime(scene.dumps() / name, file);
            CHECK(scene.listed(remote).empty());
            scene.check(0, {"push", name, "--to", remote});
            scene.check_copies(remote, {there});
            fs::remove(file.string() + ".json");
        }
    }
}

TEST_CASE("a copy that is not whole is not there already") {
    const RemoteScene scene;
    for (const std::string& remote : some_remotes()) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote});
        const std::string there = name + (remote.find("vault") != std::string::npos ? ".age" : "");
        fs::resize_file(scene.place(remote) / there, 100);
        scene.check(6, {"push", name, "--to", remote});
        const auto missing = scene.check(6, {"push", "--missing", "--to", remote});
        CHECK(missing.err.find("not good") != std::string::npos);
    }
}

TEST_CASE("a manifest whose dump is gone gets it back") {
    const RemoteScene scene;
    for (const std::string& remote : some_remotes()) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote});
        const std::string there = name + (remote.find("vault") != std::string::npos ? ".age" : "");
        fs::remove(scene.place(remote) / there);
        CHECK(scene.listed(remote).empty());
        const auto lost = scene.run({"verify", "--all", "--from", remote});
        CHECK(lost.exit_code != 0);
        scene.check(0, {"push", name, "--to", remote});
        scene.check_copies(remote, {there});
    }
}

TEST_CASE("a damaged dump here goes nowhere") {
    const RemoteScene scene;
    const std::string name = scene.take();
    std::string content = read_file(scene.dumps() / name);
    content[content.size() / 2] ^= 1;
    write_file(scene.dumps() / name, content);
    for (const std::string& remote : k_all_remotes) {
        CAPTURE(remote);
        scene.check(3, {"push", name, "--to", remote});
        CHECK(scene.listed(remote).empty());
        CHECK(names_in(scene.place(remote)).empty());
    }
}

TEST_CASE("a dump here that was cut or renamed goes nowhere") {
    const RemoteScene scene;
    const std::string name = scene.take();
    const std::string renamed =
        name.substr(0, name.find("_20")) + "_2026-01-01T00-00-00-000Z.sql.gz";
    for (const char* end : {"", ".json"}) {
        fs::copy_file(scene.dumps() / (name + end), scene.dumps() / (renamed + end));
    }
    fs::resize_file(scene.dumps() / name, 100);
    for (const std::string& dump : {name, renamed}) {
        CAPTURE(dump);
        scene.check(3, {"push", dump, "--to", "disk"});
        CHECK(names_in(scene.place("disk")).empty());
    }
}

TEST_CASE("a copy found damaged and pushed again is good again") {
    const RemoteScene scene;
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote});
        const fs::path file = scene.place(remote) / name;
        std::string content = read_file(file);
        content[content.size() / 2] ^= 1;
        write_file(file, content);
        scene.check(3, {"verify", name, "--from", remote});
        fs::remove(file); // as the hint says
        fs::remove(file.string() + ".json");
        scene.check(0, {"push", name, "--to", remote});
        scene.check(0, {"verify", name, "--from", remote});
        CHECK(scene.list(remote)["dumps"][0]["problem"].is_null());
    }
}
