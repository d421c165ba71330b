// A copy that is not what it was: always told, never used.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/remote_scene.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A database to restore into; nothing there may change.
class Target {
public:
    Target() { database_.psql("create table mine as select 1 as x"); }

    [[nodiscard]] std::string state() const { return Cluster::shared().dump_of(database_.name()); }

    [[nodiscard]] ProgramResult restore(const RemoteScene& scene, const std::string& name,
                                        const std::string& remote) const {
        ProgramOptions options = scene.options();
        options.environment["DATABASE_URL"] = database_.url();
        return run_program(scene.words({"restore", name, "--from", remote, "--clean", "--confirm",
                                        database_.name(), "--identity", scene.seal().key()}),
                           options);
    }

    /// Checks that all that reads the copy tells that it is damaged.
    void check_damaged(const RemoteScene& scene, const std::string& name,
                       const std::string& remote) const {
        const std::string before = state();
        scene.check(3, {"verify", name, "--from", remote});
        const auto opened = scene.run_open({"verify", name, "--from", remote});
        INFO(opened.err);
        CHECK(opened.exit_code == 3);
        const auto restored = restore(scene, name, remote);
        INFO(restored.err);
        CHECK(restored.exit_code == 3);
        CHECK(state() == before);
        const fs::path to = scene.temp() / "pulled";
        const auto pulled =
            run_program({dbbackup_path(), "pull", name, "--from", remote, "--dir", to.string()},
                        scene.options());
        INFO(pulled.err);
        CHECK(pulled.exit_code == 3);
        CHECK((!fs::exists(to / name) && !fs::exists(to / (name + ".json"))));
    }

private:
    TestDatabase database_;
};

void remove_notes(const RemoteScene& scene, const std::string& remote) {
    for (const std::string& name : names_in(scene.place(remote))) {
        if (name.find(".note-") != std::string::npos) {
            fs::remove(scene.place(remote) / name);
        }
    }
}

json manifest_there(const fs::path& file) {
    return json::parse(read_file(file.string() + ".json"));
}

void put_manifest(const fs::path& file, const json& manifest) {
    write_file(file.string() + ".json", manifest.dump(2));
}

} // namespace

TEST_CASE("a single flipped bit in a copy is found") {
    const RemoteScene scene;
    const Target target;
    for (const auto& [remote, format] : std::vector<std::pair<std::string, std::string>>{
             {"disk", "plain"}, {"disk", "custom"}, {"vault", "plain"}, {"cloud", "plain"}}) {
        const std::string name =
            scene.take({"-F", format, "--to", remote}) + (remote == "vault" ? ".age" : "");
        const fs::path file = scene.place(remote) / name;
        const std::string content = read_file(file);
        std::size_t round = 0;
        for (std::size_t byte = 0; byte < content.size(); byte += is_long() ? 100 : 1000) {
            CAPTURE(remote, format, byte);
            write_file(file, flipped(content, byte * 8 + round++ % 8));
            if (is_long() || byte == 0) {
                target.check_damaged(scene, name, remote);
            } else {
                scene.check(3, {"verify", name, "--from", remote});
            }
            remove_notes(scene, remote);
        }
        write_file(file, content);
        scene.check(0, {"verify", name, "--from", remote});
    }
}

TEST_CASE("a copy that was exchanged for another is found") {
    const RemoteScene scene;
    const Target target;
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const std::string first = scene.take({"--to", remote});
        scene.database().psql("update canary set song = song || 'x' where id % 2 = 0");
        const std::string second = scene.take({"--to", remote});
        const fs::path file = scene.place(remote) / first;
        const fs::path other = scene.place(remote) / second;
        const json manifest = manifest_there(file);
        const std::string content = read_file(file);

        fs::copy_file(other, file, fs::copy_options::overwrite_existing); // the dump
        target.check_damaged(scene, first, remote);
        remove_notes(scene, remote);
        write_file(file, content);

        put_manifest(file, manifest_there(other)); // the manifest
        CHECK(scene.run({"verify", first, "--from", remote}).exit_code == 3);
        CHECK(target.restore(scene, first, remote).exit_code == 3);

        json forged = manifest_there(other); // with the right name
        forged["file"]["name"] = first;
        put_manifest(file, forged);
        target.check_damaged(scene, first, remote);
        remove_notes(scene, remote);

        forged = manifest; // to fit another file, whose rows are other ones
        fs::copy_file(other, file, fs::copy_options::overwrite_existing);
        forged["file"] = manifest_there(other)["file"];
        forged["file"]["name"] = first;
        put_manifest(file, forged);
        target.check_damaged(scene, first, remote);
        remove_notes(scene, remote);

        forged = manifest;
        write_file(file, content);
        forged["contents"]["tables"][0]["rows"] = 7;
        put_manifest(file, forged);
        target.check_damaged(scene, first, remote);
        remove_notes(scene, remote);

        put_manifest(file, manifest);
        const std::string renamed = // whole, under a name that is not its own
            first.substr(0, first.find("_20")) + "_2026-01-01T00-00-00-000Z.sql.gz";
        const fs::path third = scene.place(remote) / renamed;
        fs::copy_file(file, third);
        put_manifest(third, manifest);
        target.check_damaged(scene, renamed, remote);
        fs::remove(third);
        fs::remove(third.string() + ".json");
        remove_notes(scene, remote);

        scene.check(0, {"verify", first, "--from", remote});
        if (!is_long()) {
            break;
        }
    }
}

TEST_CASE("a manifest from the future or of nonsense is told") {
    const RemoteScene scene;
    const Target target;
    for (const std::string& remote : k_all_remotes) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote}) +
                                 (remote.find("vault") != std::string::npos ? ".age" : "");
        const fs::path file = scene.place(remote) / name;
        const json manifest = manifest_there(file);
        json future = manifest;
        future["format_version"] = "9.0";
        for (const std::string& text : {future.dump(2), std::string{"{"}, std::string{},
                                        std::string{"[1, 2]"}, manifest.dump(2).substr(0, 300)}) {
            CAPTURE(text);
            write_file(file.string() + ".json", text);
            const auto list = scene.list(remote);
            CHECK_FALSE(list["dumps"][0]["problem"].is_null());
            CHECK(scene.run({"verify", name, "--from", remote}).exit_code != 0);
            CHECK(scene.run({"verify", "--all", "--from", remote}).exit_code != 0);
            CHECK(scene.run({"verify", name, "--listed", "--from", remote}).exit_code != 0);
            CHECK(target.restore(scene, name, remote).exit_code != 0);
            CHECK(scene.run({"show", name, "--from", remote}).exit_code != 0);
            CHECK(scene.run({"status", "--max-age", "1h", "--from", remote}).exit_code != 0);
        }
        if (!is_long()) {
            break;
        }
    }
}

TEST_CASE("verify --listed finds what is missing, cut short or grown") {
    const RemoteScene scene;
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote});
        const fs::path file = scene.place(remote) / name;
        for (const std::size_t size : {std::size_t{0}, fs::file_size(file) + 1}) {
            fs::resize_file(file, size);
            scene.check(3, {"verify", name, "--listed", "--from", remote});
            remove_notes(scene, remote);
        }
        fs::remove(file);
        CHECK(scene.run({"verify", "--all", "--listed", "--from", remote}).exit_code == 3);
    }
}
