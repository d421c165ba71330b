// Whether the database behind the URL is still the one that was dumped before.

#include "support/catch.hpp"
#include "support/scene/dump_scene.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using nlohmann::json;

namespace {

constexpr const char* k_filled = "create table t as select generate_series(1, 1000) as a;"
                                 "create table knex_migrations (id int, name text, batch int, "
                                 "migration_time timestamptz);"
                                 "insert into knex_migrations values (1, '001_a', 1, now()), "
                                 "(2, '002_b', 1, now())";

struct RightScene : DumpScene {
    RightScene() { database().psql(k_filled); }

    json run(std::vector<std::string> arguments) const {
        const ProgramResult result = run_program(words_of(arguments, {"--json"}), options());
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        return json::parse(result.out);
    }

    /// How many dumps a prune with `--keep-last 1` would remove.
    [[nodiscard]] int pruned() const {
        return run({"prune", "--keep-last", "1", "--dry-run"}).at("removed").get<int>();
    }

    void recreate() const {
        Cluster::shared().psql("postgres", "drop database \"" + database().name() + "\"");
        Cluster::shared().psql("postgres", "create database \"" + database().name() + "\"");
    }
};

} // namespace

TEST_CASE("a dump of a database that was made anew warns, and prune holds all back") {
    const RightScene scene;
    CHECK(scene.run({"dump"}).at("loss").is_null());
    const int before = scene.pruned();
    CHECK(before > 0);
    scene.recreate();
    const ProgramResult result = scene.dump();
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("the database was made anew: its OID is ") != std::string::npos);
    CHECK(result.err.find("it has 0 rows, the previous one had 1,002: 100 % fewer") !=
          std::string::npos);
    CHECK(result.err.find("prune --accept-loss --database " + scene.database().name()) !=
          std::string::npos);
    CHECK(scene.pruned() == 0);
    const json next = scene.run({"dump", "--keep-last", "1"});
    CHECK(next.at("prune").at("removed") == 0);
    CHECK(next.at("loss").at("changes").size() >= 2);

    (void)scene.run({"prune", "--accept-loss"});
    CHECK(scene.pruned() > before);
    CHECK(scene.run({"dump"}).at("loss").is_null());
}

TEST_CASE("an older state in the same database is a migration that went back") {
    const RightScene scene;
    CHECK(scene.run({"dump"}).at("loss").is_null());
    scene.database().psql("delete from knex_migrations where id = 2");
    const json loss = scene.run({"dump"}).at("loss");
    REQUIRE(loss.is_object());
    CHECK(loss.at("changes") ==
          json{"the newest migration went back: '002_b' is not applied any more"});
    CHECK(scene.pruned() == 0);
}

TEST_CASE("a restore of ours is no loss") {
    const RightScene scene;
    const std::string path = scene.run({"dump"}).at("path");
    scene.database().psql("insert into knex_migrations values (3, '003_c', 1, now());"
                          "insert into t select generate_series(1, 9000)");
    CHECK(scene.run({"dump"}).at("loss").is_null());
    const std::string& name = scene.database().name();
    SECTION("in place") {
        (void)scene.run({"restore", path, "--clean", "--confirm", name});
    }
    SECTION("into a database that was made anew") {
        Cluster::shared().psql("postgres", "drop database \"" + name + "\"");
        (void)scene.run({"restore", path, "--create"});
    }
    const json next = scene.run({"dump"});
    CHECK(next.at("loss").is_null());
    CHECK(next.at("manifest").at("before").at("restored_at").is_string());
    CHECK(scene.pruned() > 0);
    INFO("what is missing after it is");
    scene.database().psql("truncate t");
    CHECK(scene.run({"dump"}).at("loss").is_object());
}
