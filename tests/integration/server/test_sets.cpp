#include "support/catch.hpp"
#include "support/scene/server_scene.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace dbbackup {

namespace {

using test::ProgramResult;
using test::ServerScene;
using Names = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("dump --globals writes roles without password hashes, and no command takes it for a "
          "database",
          "[server]") {
    const ServerScene scene;
    REQUIRE(scene.run({"dump", "--globals", "-Z", "none"}, scene.source()).exit_code == 0);
    const Names files = scene.names("@globals_localhost_", ".sql");
    REQUIRE(files.size() == 1);
    const std::string sql = test::read_file(scene.dumps() / files[0]);
    CHECK(has(sql, "CREATE ROLE readers;"));
    CHECK(!has(sql, "SCRAM-SHA-256"));
    const auto manifest =
        nlohmann::json::parse(test::read_file(scene.dumps() / (files[0] + ".json")));
    CHECK(manifest["format_version"] == "3.0");
    CHECK(manifest["kind"] == "globals");
    CHECK(manifest["file"]["size"] == sql.size());

    CHECK(has(scene.run({"list"}, scene.source()).out, files[0] + ": roles and tablespaces"));
    for (const Names& words : {Names{"show", files[0]}, Names{"restore", files[0]},
                               Names{"verify", (scene.dumps() / files[0]).string()}}) {
        const ProgramResult result = scene.run(words, scene.source());
        INFO(words[0] << result.err);
        CHECK(result.exit_code == 2);
        CHECK(has(result.err, "roles and tablespaces, not a dump of a database"));
    }
    CHECK(has(scene.run({"restore", "latest"}, scene.source()).err, "no dump"));

    REQUIRE(scene.run({"dump", "--globals", "--role-passwords", "-Z", "none"}, scene.source())
                .exit_code == 0);
    const std::string with =
        test::read_file(scene.dumps() / scene.names("@globals_", ".sql").back());
    CHECK(has(with, "SCRAM-SHA-256"));
}

TEST_CASE("dump --all-databases writes a set of all databases and the roles", "[server]") {
    const ServerScene scene;
    const std::string name = scene.take_set();
    const std::filesystem::path path = scene.dumps() / name;
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    const auto set = nlohmann::json::parse(test::read_file(path));
    REQUIRE(set["databases"].size() == 3);
    CHECK(set["databases"][0]["name"] == "@odd name");
    CHECK(scene.names("%40odd%20name_", ".sql.gz").size() == 1);
    const auto& shop = set["databases"][2];
    CHECK(shop["name"] == "shop");
    CHECK(shop["encoding"] == "LATIN1");
    CHECK(shop["owner"] == "app owner");
    CHECK(shop["connection_limit"] == 9);
    CHECK(shop["settings"].size() == 3);
    CHECK(has(scene.run({"list"}, scene.source()).out, name + ": 3 databases"));
}

TEST_CASE("A database that cannot be dumped stops no other, and there is no set", "[server]") {
    const ServerScene scene;
    // Its connection fails: no session may be opened there.
    scene.source().psql("postgres", "create role nobody login; create database closed; revoke "
                                    "connect on database shop from public; grant pg_read_all_data "
                                    "to nobody");
    const ProgramResult result =
        scene.run_as({"dump", "--all-databases"}, scene.source().url("postgres", "nobody", "x"));
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK(has(result.err, "shop"));
    CHECK(has(result.err, "there is no set"));
    CHECK(scene.names("closed_", ".sql.gz").size() == 1);
    CHECK(scene.names("shop_", ".sql.gz").empty());
    CHECK(scene.names("@set_", ".set").empty());

    const ProgramResult part = scene.run({"dump", "--all-databases", "-t", "x"}, scene.source());
    CHECK(part.exit_code == 2);
}

TEST_CASE("prune keeps a set while one of its dumps is kept, and else removes all of it",
          "[server]") {
    const ServerScene scene;
    const std::string first = scene.take_set();
    const std::string pinned = scene.names("shop_", ".sql.gz").front();
    REQUIRE(scene.run({"pin", pinned}, scene.source()).exit_code == 0);
    (void)scene.take_set({"--keep-last", "1"});
    CHECK(scene.names("@set_", ".set").size() == 2);
    CHECK(scene.names("postgres_", ".sql.gz").size() == 2);
    const std::string why =
        scene.run({"prune", "--keep-last", "1", "--dry-run"}, scene.source()).out;
    CHECK(has(why, "in set"));
    CHECK(has(why, "kept set " + first));

    REQUIRE(scene.run({"unpin", pinned}, scene.source()).exit_code == 0);
    // A prune of one database leaves the others' dumps, and so the set.
    REQUIRE(
        scene.run({"prune", "--keep-last", "1", "--database", "shop"}, scene.source()).exit_code ==
        0);
    CHECK(scene.names("shop_", ".sql.gz").size() == 2);
    REQUIRE(scene.run({"prune", "--keep-last", "1"}, scene.source()).exit_code == 0);
    CHECK(scene.names("@set_", ".set").size() == 1);
    CHECK(scene.names("@set_", ".set").front() != first);
    CHECK(scene.names("@globals_", ".sql.gz").size() == 1);
    CHECK(scene.names("shop_", ".sql.gz").size() == 1);
    CHECK(scene.names("postgres_", ".sql.gz").size() == 1);
}

} // namespace dbbackup
