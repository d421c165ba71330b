// Copies go there and come back: in a directory and through rclone, as they are and sealed.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/scene/remote_scene.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace dbbackup::test;
using nlohmann::json;

namespace {

bool is_sealing(const std::string& remote) {
    return remote.find("vault") != std::string::npos;
}

std::string name_there(const std::string& remote, const std::string& name) {
    return is_sealing(remote) && !name.ends_with(".age") ? name + ".age" : name;
}

std::string songs(const std::string& database) {
    return Cluster::shared().psql(database, "select count(*), sum(length(song)) from canary");
}

/// Restores the newest copy into another database.
void check_restores(const RemoteScene& scene, const std::string& remote, const std::string& name) {
    const TestDatabase other;
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = other.url();
    const auto result = run_program(
        scene.words({"restore", name, "--from", remote, "--identity", scene.seal().key()}),
        options);
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(songs(other.name()) == songs(scene.database().name()));
}

void check_pulls(const RemoteScene& scene, const std::string& remote, const std::string& name) {
    const auto to = scene.temp() / ("pulled-" + remote + name);
    const auto pull = [&] {
        ProgramOptions options = scene.options();
        options.environment["DBBACKUP_IDENTITY_FILE"] = scene.seal().key();
        return run_program({dbbackup_path(), "pull", name, "--from", remote, "--dir", to.string()},
                           options);
    };
    const auto result = pull();
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(read_file(to / name) == read_file(scene.place(remote) / name));
    const auto verified = run_program(
        {dbbackup_path(), "verify", name, "--dir", to.string(), "--identity", scene.seal().key()},
        scene.options());
    CHECK(verified.exit_code == 0);
    const auto again = pull();
    CHECK(again.exit_code == 0);
    CHECK(again.out.find("here already") != std::string::npos);
}

} // namespace

TEST_CASE("a copy goes there with the dump and is used from there") {
    const RemoteScene scene;
    for (const std::string& remote : k_all_remotes) {
        for (const std::string format : {"plain", "custom"}) {
            const bool is_sample =
                !remote.starts_with("cloud") || (format == "plain") == (remote == "cloud");
            if (!is_sample && !is_long()) {
                continue;
            }
            CAPTURE(remote, format);
            const std::string name = scene.take({"-F", format, "--to", remote});
            const std::string there = name_there(remote, name);
            const json record =
                json::parse(read_file(scene.dumps() / (name + ".json")))["copies"].at(0);
            CHECK(record["remote"] == remote);
            CHECK(record["name"] == there);
            CHECK(record["checked_by"] == "read");
            CHECK(scene.list(remote)["dumps"][0]["name"] == there);
            scene.check(0, {"show", there, "--from", remote});
            scene.check(0, {"status", "--max-age", "1h", "--from", remote});
            scene.check(0, {"verify", there, "--from", remote});
            scene.check(0, {"verify", there, "--listed", "--from", remote});
            CHECK(scene.run_open({"verify", there, "--from", remote}).exit_code == 0);
            check_restores(scene, remote, there);
            check_pulls(scene, remote, there);
        }
        CHECK(names_in(scene.temp() / "tmp").empty());
    }
}

TEST_CASE("what is weaker than reading never counts as verified") {
    const RemoteScene scene;
    for (const auto& [remote, format, is_read] :
         std::vector<std::tuple<std::string, std::string, bool>>{
             {"disk", "plain", true}, {"cloud", "custom", true}, {"vault", "plain", false}}) {
        CAPTURE(remote, format);
        const std::string name = name_there(remote, scene.take({"-F", format, "--to", remote}));
        const auto find = [&, of = remote] {
            return json::parse(scene.check(0, {"show", name, "--json", "--from", of}).out);
        };
        scene.check(0, {"verify", name, "--listed", "--from", remote});
        json found = find();
        INFO(found.dump());
        CHECK(found["manifest"]["verifications"].empty());
        REQUIRE(found["manifest"]["checks"].size() == 1);
        CHECK(found["manifest"]["checks"][0]["level"] == "listed");
        scene.check(0, {"verify", name, "--from", remote});
        found = find();
        CHECK(found["manifest"]["verifications"].size() == (is_read ? 1 : 0));
        CHECK(found["manifest"]["checks"].size() == (is_read ? 1 : 2));
    }
}

TEST_CASE("an identity opens copies as they are read") {
    const RemoteScene scene;
    for (const std::string format : {"plain", "custom"}) {
        CAPTURE(format);
        const std::string name = name_there("vault", scene.take({"-F", format, "--to", "vault"}));
        const auto verified = scene.run_open({"verify", name, "--json", "--from", "vault"});
        INFO(verified.out << verified.err);
        CHECK(verified.exit_code == 0);
        CHECK(json::parse(verified.out)["dumps"][0]["rows"] == 500);
        const json found =
            json::parse(scene.check(0, {"show", name, "--json", "--from", "vault"}).out);
        REQUIRE(found["manifest"]["verifications"].size() == 1);
        CHECK(found["manifest"]["verifications"][0]["level"] == "read");
        CHECK(found["manifest"]["checks"].empty());

        const auto other =
            scene.run({"verify", name, "--from", "vault", "--identity", scene.seal().other_key()});
        INFO(other.err);
        CHECK(other.exit_code == 1);
    }
    CHECK(names_in(scene.temp() / "tmp").empty());
}

TEST_CASE("push copies the newest, the named and the missing ones, each once") {
    const RemoteScene scene;
    const std::string first = names_in(scene.dumps()).at(0); // of the empty database
    const std::string second = scene.take();
    const std::string third = scene.take({"-F", "custom"});
    for (const std::string& remote : some_remotes()) {
        CAPTURE(remote);
        const auto there = [&](const std::string& name) { return name_there(remote, name); };
        scene.check(0, {"push", "--to", remote});
        scene.check_copies(remote, {there(third)});
        scene.check(0, {"push", second, "--to", remote});
        scene.check_copies(remote, {there(second), there(third)});
        const auto before = names_in(scene.place(remote));
        const auto again = scene.check(0, {"push", second, "--to", remote});
        CHECK(again.out.find("there already") != std::string::npos);
        scene.check(0, {"push", "--missing", "--to", remote});
        scene.check_copies(remote, {there(first), there(second), there(third)});
        const auto nothing = scene.check(0, {"push", "--missing", "--to", remote});
        CHECK(nothing.out.find("Nothing to copy") != std::string::npos);
        const auto names = names_in(scene.place(remote)); // and no other files but notes
        CHECK(std::ranges::none_of(names, [](const auto& name) { return name.starts_with('.'); }));
    }
}

TEST_CASE("what is sealed is not sealed again") {
    const RemoteScene scene;
    const std::string name = scene.take({"--encrypt", scene.seal().recipient()});
    REQUIRE(name.ends_with(".sql.gz.age"));
    for (const std::string& remote : some_remotes()) {
        scene.check(0, {"push", name, "--to", remote});
        CHECK(read_file(scene.place(remote) / name) == read_file(scene.dumps() / name));
        scene.check_copies(remote, {name});
    }
}

TEST_CASE("copies are pinned, unpinned and pruned there") {
    const RemoteScene scene;
    const std::string first = names_in(scene.dumps()).at(0);
    const std::string second = scene.take();
    const std::string third = scene.take();
    for (const std::string& remote : some_remotes()) {
        CAPTURE(remote);
        const auto there = [&](const std::string& name) { return name_there(remote, name); };
        scene.check(0, {"push", "--missing", "--to", remote});
        const std::string manifest = read_file(scene.place(remote) / (there(first) + ".json"));
        scene.check(0, {"pin", there(first), "--from", remote});
        scene.check(0, {"prune", "--keep-last", "1", "--from", remote});
        CHECK(scene.listed(remote) == std::vector{there(first), there(third)});
        scene.check(0, {"unpin", there(first), "--from", remote});
        CHECK(read_file(scene.place(remote) / (there(first) + ".json")) == manifest);
        scene.check(0, {"prune", "--keep-last", "1", "--from", remote, "--dry-run"});
        CHECK(scene.listed(remote).size() == 2);
        scene.check(0, {"prune", "--keep-last", "1", "--from", remote});
        CHECK(scene.listed(remote) == std::vector{there(third)});
        for (const std::string& name : names_in(scene.place(remote))) {
            CHECK(name.starts_with(there(third))); // with the notes of what is gone
        }
    }
    CHECK(std::filesystem::exists(scene.dumps() / first)); // those here are as they were
    CHECK(std::filesystem::exists(scene.dumps() / second));
}

TEST_CASE("a label, latest and a beginning name a copy") {
    const RemoteScene scene;
    const std::string name = scene.take({"--label", "before", "--to", "disk"});
    (void)scene.take({"--to", "disk"});
    for (const std::string reference : {"before", "latest~1"}) {
        const auto shown = scene.check(0, {"show", reference, "--from", "disk"});
        CHECK(shown.out.find(name) != std::string::npos);
    }
    const auto missing = scene.check(1, {"show", "nosuch", "--from", "disk"});
    CHECK(missing.err.find("nosuch") != std::string::npos);
    CHECK(scene.check(2, {"list", "--from", "nosuch"}).err.find("disk") != std::string::npos);
}

TEST_CASE("guard copies before its command and names its way back") {
    const RemoteScene scene;
    const auto result = scene.check(
        0, {"guard", "--to", "cloud", "--", "/usr/bin/touch", (scene.temp() / "ran").string()});
    CHECK(std::filesystem::exists(scene.temp() / "ran"));
    CHECK(scene.listed("cloud").size() == 1);
}
