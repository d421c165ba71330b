// prune --from: whose notes count for what, and what protects copies from whoever forges some.

#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"
#include "support/scene/remote_scene.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

json manifest_there(const RemoteScene& scene, const std::string& remote, const std::string& name) {
    return json::parse(read_file(scene.place(remote) / (name + ".json")));
}

/// A note as another machine would write it: this one's records do not know it.
void put_note(const RemoteScene& scene, const std::string& remote, const std::string& name,
              const json& fields, const std::string& time = "2026-11-22T10-00-00-000Z") {
    json note = fields;
    note["format_version"] = "1.0";
    note["dump_id"] = manifest_there(scene, remote, name)["dump_id"];
    note["at"] = "2026-11-22T10:00:00.000Z";
    write_file(scene.place(remote) / fmt::format("{}.note-{}-0a1b2c3d.json", name, time),
               note.dump(2));
}

json verification(const std::string& result) {
    return {{"verifications", json::array({{{"level", "read"},
                                            {"at", "2026-11-22T10:00:00.000Z"},
                                            {"result", result},
                                            {"seconds", 0.1},
                                            {"tool_version", "1.0.0"}}})}};
}

/// Copies of three dumps, oldest first.
std::vector<std::string> three(const RemoteScene& scene, const std::string& remote) {
    std::vector<std::string> names;
    for (int i = 0; i < 3; ++i) {
        names.push_back(scene.take());
    }
    scene.check(0, {"push", names[0], names[1], names[2], "--to", remote});
    return names;
}

ProgramResult prune(const RemoteScene& scene, const std::string& remote, int exit_code = 0) {
    return scene.check(exit_code, {"prune", "--keep-last", "1", "--from", remote, "--json"});
}

std::vector<std::string> reasons(const ProgramResult& pruned, const std::string& name) {
    const json report = json::parse(pruned.out);
    for (const json& dump : report["dumps"]) {
        if (dump["name"] == name) {
            return dump["reasons"];
        }
    }
    return {};
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("another machine's pin protects a copy, its unpin does not unprotect one") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    put_note(scene, "disk", names[0], {{"pinned", true}});
    scene.check(0, {"pin", names[1], "--from", "disk"});
    put_note(scene, "disk", names[1], {{"pinned", false}}, "2027-01-01T00-00-00-000Z");
    prune(scene, "disk");
    CHECK(scene.listed("disk") == names);
}

TEST_CASE("what another machine found damaged or verified takes no protection from others") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    scene.check(0, {"verify", names[0], "--from", "disk"}); // the newest verified one, by us
    put_note(scene, "disk", names[0], verification("it differs"), "2027-01-01T00-00-00-000Z");
    put_note(scene, "disk", names[1], verification("ok"), "2027-01-01T00-00-00-000Z");
    const auto pruned = prune(scene, "disk");
    CHECK(scene.listed("disk") == names);
    CHECK(reasons(pruned, names[0]) == Names{"newest_verified"});
    CHECK(reasons(pruned, names[1]) == Names{"newest_verified"});
}

TEST_CASE("our own unpin and our own finding of damage count") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    scene.check(0, {"verify", names[0], "--from", "disk"});
    scene.check(0, {"pin", names[1], "--from", "disk"});
    scene.check(0, {"unpin", names[1], "--from", "disk"});
    prune(scene, "disk");
    CHECK(scene.listed("disk") == Names{names[0], names[2]});
}

TEST_CASE("a forged note on a forged dump does not push the real verified one out") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    scene.check(0, {"verify", names[0], "--from", "disk"});
    // Newer than the real one, and "verified" by a note.
    json manifest = manifest_there(scene, "disk", names[1]);
    manifest["dump_id"] = "0123456789abcdef0123456789abcdef";
    const std::string forged =
        names[1].substr(0, names[1].find("_20")) + "_2026-11-22T00-00-00-000Z.sql.gz";
    manifest["file"]["name"] = forged;
    write_file(scene.place("disk") / forged, read_file(scene.place("disk") / names[1]));
    write_file(scene.place("disk") / (forged + ".json"), manifest.dump(2));
    put_note(scene, "disk", forged, verification("ok"));
    prune(scene, "disk");
    const Names left = scene.listed("disk");
    CHECK(std::ranges::count(left, names[0]) == 1);
    CHECK(std::ranges::count(left, names[2]) == 1);
}

TEST_CASE("a note on another dump, or of a later version, unprotects nothing") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    scene.check(0, {"pin", names[0], "--from", "disk"});
    put_note(scene, "disk", names[0], {{"pinned", false}});
    write_file(scene.place("disk") / (names[1] + ".note-2027-01-01T00-00-00-000Z-01234567.json"),
               R"({"format_version": "2.0", "kept": "for ever"})");
    const auto pruned = prune(scene, "disk");
    CHECK(scene.listed("disk") == names);
    CHECK(reasons(pruned, names[0]) == Names{"pinned"});
    CHECK(reasons(pruned, names[1]) == Names{"held"});
}

TEST_CASE("a note on the dump that had that name before says nothing of this one") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    put_note(scene, "disk", names[0], {{"pinned", true}});
    json manifest = manifest_there(scene, "disk", names[0]);
    manifest["dump_id"] = "0123456789abcdef0123456789abcdef";
    write_file(scene.place("disk") / (names[0] + ".json"), manifest.dump(2));
    prune(scene, "disk");
    CHECK(scene.listed("disk") == Names{names[2]});
}

TEST_CASE("keep-at-least goes by when this machine first saw a copy, not by its times") {
    RemoteScene scene;
    scene.set("keep-at-least = \"1d\"");
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const Names names = three(scene, remote);
        const auto year = std::chrono::hours{24 * 365};
        for (const std::string& name : names_in(scene.place(remote))) { // as if it were old
            const fs::path path = scene.place(remote) / name;
            fs::last_write_time(path, fs::last_write_time(path) - year);
        }
        const auto pruned = prune(scene, remote);
        CHECK(scene.listed(remote) == names);
        CHECK(reasons(pruned, names[0]) == Names{"arrived"});
        prune(scene, remote);
        CHECK(scene.listed(remote) == names);
        for (const std::string& name : names_in(scene.place(remote))) { // as if it were to come
            const fs::path path = scene.place(remote) / name;
            fs::last_write_time(path, fs::last_write_time(path) + 2 * year);
        }
        scene.age_records(remote);
        prune(scene, remote);
        CHECK(scene.listed(remote) == Names{names[2]});
    }
}

TEST_CASE("without its records, a machine protects all for the whole time again") {
    RemoteScene scene;
    scene.set("keep-at-least = \"1d\"");
    const Names names = three(scene, "disk");
    prune(scene, "disk");
    scene.age_records("disk");
    fs::remove(scene.dumps() / ".remote-disk.json");
    prune(scene, "disk");
    CHECK(scene.listed("disk") == names);
    write_file(scene.dumps() / ".remote-disk.json", "{");
    const auto result = scene.check(1, {"prune", "--keep-last", "1", "--from", "disk"});
    CHECK(result.err.find(".remote-disk.json") != std::string::npos);
    CHECK(scene.listed("disk") == names);
}

TEST_CASE(
    "a copy that took another's name arrived when it did, and nothing arrives in the future") {
    RemoteScene scene;
    scene.set("keep-at-least = \"1d\"");
    const Names names = three(scene, "disk");
    prune(scene, "disk");
    scene.age_records("disk");
    json manifest = manifest_there(scene, "disk", names[0]);
    manifest["dump_id"] = "0123456789abcdef0123456789abcdef";
    write_file(scene.place("disk") / (names[0] + ".json"), manifest.dump(2));
    prune(scene, "disk");
    CHECK(scene.listed("disk") == Names{names[0], names[2]});

    const fs::path records = scene.dumps() / ".remote-disk.json";
    json json_of_records = json::parse(read_file(records));
    for (auto& [name, time] : json_of_records["first_seen"].items()) {
        time = "2100-01-01T00:00:00.000Z";
    }
    write_file(records, json_of_records.dump());
    prune(scene, "disk");
    CHECK(read_file(records).find("2100") == std::string::npos);
}

TEST_CASE("what a stranger put there or here takes no protection and gives none") {
    if (!can_be_others()) {
        return;
    }
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    scene.check(0, {"pin", names[0], "--from", "disk"});
    const std::string unpin_time = "2027-01-01T00-00-00-000Z";
    put_note(scene, "disk", names[0], {{"pinned", false}}, unpin_time);
    const fs::path records = scene.dumps() / ".remote-disk.json"; // which say that it is ours
    json forged = json::parse(read_file(records));
    forged["own_notes"].push_back(fmt::format("{}.note-{}-0a1b2c3d.json", names[0], unpin_time));
    write_file(records, forged.dump());
    give(records, k_mallory);
    put_note(scene, "disk", names[1], {{"pinned", true}});
    for (const std::string& name : names_in(scene.place("disk"))) {
        if (name.starts_with(names[1] + ".note-")) {
            give(scene.place("disk") / name, k_mallory);
        }
    }
    prune(scene, "disk");
    CHECK(scene.listed("disk") == Names{names[0], names[2]});
    give(scene.place("disk") / names[2], k_mallory);
    CHECK_FALSE(scene.list("disk")["dumps"][0]["problem"].is_null());
}

TEST_CASE("a dry run there changes nothing, and says what would go") {
    const RemoteScene scene;
    const Names names = three(scene, "disk");
    const Names before = names_in(scene.place("disk"));
    const auto result =
        scene.check(0, {"prune", "--keep-last", "1", "--from", "disk", "--dry-run"});
    CHECK(result.out.find(names[0]) != std::string::npos);
    CHECK(names_in(scene.place("disk")) == before);
    CHECK_FALSE(fs::exists(scene.dumps() / ".remote-disk.json"));
}

TEST_CASE("unfinished uploads go when they have been seen for a day, other files never") {
    const RemoteScene scene;
    for (const std::string& remote : k_open_remotes) {
        CAPTURE(remote);
        const std::string name = scene.take({"--to", remote});
        const std::string alone =
            name.substr(0, name.find("_20")) + "_2026-01-01T00-00-00-000Z.sql.gz";
        for (const std::string& file :
             {alone, "." + alone + ".0a1b2c3d.uploading", std::string{"notes.txt"},
              std::string{"mine.sql.gz"}, std::string{"other.json"}, std::string{".hidden"}}) {
            write_file(scene.place(remote) / file, "content");
        }
        prune(scene, remote);
        CHECK(fs::exists(scene.place(remote) / alone));
        scene.age_records(remote);
        prune(scene, remote);
        CHECK(names_in(scene.place(remote)) ==
              Names{".hidden", "mine.sql.gz", "notes.txt", "other.json", name, name + ".json"});
    }
}

TEST_CASE("the manifest goes first") {
    const RemoteScene scene;
    const Names names = three(scene, "cloud");
    scene.fake_rclone("if [[ $STEP == deletefile ]]; then echo \"${TARGET##*:cloud/}\" >> "
                      "$TMPDIR/../deleted; fi\nreal\n");
    prune(scene, "cloud");
    const std::string deleted = read_file(scene.temp() / "deleted");
    CHECK(deleted.find(names[0] + ".json\n" + names[0] + "\n") != std::string::npos);
    CHECK(deleted.find(names[1] + ".json\n" + names[1] + "\n") != std::string::npos);
}

TEST_CASE("copies after a loss are held back until this machine accepts it") {
    const RemoteScene scene;
    Names names = three(scene, "disk");
    const std::string& database = scene.database().name();
    Cluster::shared().psql("postgres", "drop database \"" + database + "\"");
    Cluster::shared().psql("postgres", "create database \"" + database + "\"");
    names.push_back(scene.take());
    scene.check(0, {"push", names[3], "--to", "disk"});
    const ProgramResult held = prune(scene, "disk");
    CHECK(scene.listed("disk") == names);
    CHECK(reasons(held, names[0]) == Names{"held_after_loss"});
    CHECK(json::parse(held.out)["held_after_loss"][0]["since"] == names[3]);

    SECTION("not by a note of another machine") {
        put_note(scene, "disk", names[3], {{"accepts_loss", true}}, "2100-01-01T00-00-00-000Z");
        prune(scene, "disk");
        CHECK(scene.listed("disk") == names);
    }
    SECTION("by a note of its own") {
        scene.check(0, {"prune", "--accept-loss", "--from", "disk"});
        CHECK(scene.listed("disk") == names);
        prune(scene, "disk");
        CHECK(scene.listed("disk") == Names{names[3]});
    }
    SECTION("by the copy of the next dump after it was accepted here") {
        scene.check(0, {"prune", "--accept-loss"});
        prune(scene, "disk");
        CHECK(scene.listed("disk") == names);
        const std::string next = scene.take();
        scene.check(0, {"push", next, "--to", "disk"});
        prune(scene, "disk");
        CHECK(scene.listed("disk") == Names{next});
    }
}
