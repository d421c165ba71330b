// What the undo command of a part restores beside tables, and what it says it leaves.

#include "support/catch.hpp"
#include "support/scene/part_scene.hpp"
#include "support/server/server_side.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

constexpr int k_usage = 2;

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("undo: after a restore of rows, sequences are reset to their values") {
    const PartScene scene;
    const std::string content =
        "create table x (i serial, j int generated always as identity); "
        "create sequence lone; create schema s; create sequence s.\"L.2\"; ";
    scene.source().psql(content + "insert into x default values; select setval('lone', 5)");
    scene.target().psql(content + "select setval('lone', 500), setval('s.\"L.2\"', 7)");
    const auto rows = scene.dump({"-a"});
    const auto plan = scene.restore(rows, {"--clean", "--dry-run"});
    CHECK(plan.out.find("Replaced or lost: value of sequence public.lone, value of sequence "
                        "s.L.2.\n") != std::string::npos);
    const auto json = scene.restore(rows, {"--clean", "--dry-run", "--json"});
    CHECK(nlohmann::json::parse(json.out).at("plan").at("changes").size() == 2);
    for (const Words& words : std::vector<Words>{{}, {"--clean"}, {"--clean", "-n", "public"}}) {
        INFO(words.size());
        const std::string line = scene.check_way_back(rows, words);
        CHECK(line.find("-t public.lone") != std::string::npos);
        CHECK((line.find(R"(s."L.2")") != std::string::npos) == (words.size() < 2));
    }
}

TEST_CASE("undo: a dump that only sets sequences takes a safety dump first") {
    const PartScene scene;
    scene.source().psql("create sequence lone; select setval('lone', 5); create sequence more");
    scene.target().psql("create sequence lone; select setval('lone', 500); create sequence more; "
                        "create table stays as select 1 as i");
    for (const auto& dump : {scene.dump({"-a"}), scene.foreign_dump({"-a"})}) {
        for (const Words& words : std::vector<Words>{{}, {"--clean"}}) {
            const std::string line = scene.check_way_back(dump, words);
            CHECK(line.find("-t public.lone -t public.more --drop-missing") != std::string::npos);
        }
    }
}

TEST_CASE("undo: a sequence whose table is not in the dump makes it wide") {
    const PartScene scene;
    scene.source().psql("create table x (i serial); select setval('x_i_seq', 9)");
    scene.target().psql("create table x (i serial); insert into x values (1); "
                        "select setval('x_i_seq', 90)");
    const auto dump = scene.dump({"-a", "-t", "x_i_seq"});
    CHECK(scene.check_way_back(dump, {}).find("--exact") != std::string::npos);
}

TEST_CASE("undo: rows are undone by their tables if no other sequence can be set") {
    const PartScene scene;
    const std::string content = "create table x (i serial); create schema s; create sequence s.q; ";
    scene.source().psql(content + "insert into x default values");
    scene.target().psql(content + "insert into x values (7); select setval('x_i_seq', 70)");
    const auto rows = scene.dump({"-a"});
    for (const Words& part : std::vector<Words>{{"-n", "public"}, {"-t", "x"}}) {
        const std::string line = scene.check_way_back(rows, {"--clean", part[0], part[1]});
        CHECK(line.find("-t public.x --drop-missing") != std::string::npos);
    }
}

TEST_CASE("undo: a sequence that the restored table replaced comes back") {
    const PartScene scene;
    scene.source().psql("create table x (i serial); insert into x default values");
    scene.target().psql("create table x (i int); create sequence x_i_seq start 40");
    const auto dump = scene.dump();
    CHECK(scene.check_way_back(dump, {"--clean", "-t", "x"}).find("-t public.x_i_seq") !=
          std::string::npos);
}

TEST_CASE("undo: it is wide if the part moves an extension") {
    const PartScene scene;
    scene.source().psql("create extension pg_trgm; create table x (i int)");
    scene.target().psql("create schema ext; create extension pg_trgm schema ext; "
                        "create table x (i int)");
    CHECK(scene.check_way_back(scene.dump(), {"--clean", "-n", "public"}).find("--exact") !=
          std::string::npos);
}

TEST_CASE("restore --drop-missing refuses names that match nothing") {
    PartScene scene;
    scene.source().psql("create schema s; create table s.t (i int)");
    const auto dump = scene.dump();
    scene.target().psql("create schema there; create view there.v as select 1 as i");
    scene.remember();
    const auto refused = [&](const Words& words, const std::string& name) {
        Words all{"--clean", "--drop-missing"};
        all.insert(all.end(), words.begin(), words.end());
        const auto result = scene.restore(dump, all);
        scene.check_failed(result, k_usage, "nor the target has " + name);
    };
    refused({"-n", "tenant5"}, "schema 'tenant5'");
    refused({"-t", "pubic.orders"}, "table 'pubic.orders'");
    refused({"-t", "there.v", "-t", "there.w"}, "table 'there.w'");
    refused({"-n", "s", "-n", "tenant5", "--dry-run"}, "schema 'tenant5'");
    CHECK(scene.restore(dump, {"--clean", "--drop-missing", "-t", "there.v"}).exit_code == 0);
    CHECK(scene.restore(dump, {"--clean", "--drop-missing", "-n", "there"}).exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_namespace where nspname = 'there'") == "0");
}

TEST_CASE("undo: names with dots and quotes match only themselves") {
    const PartScene scene;
    scene.source().psql(R"(create schema a; create table a."b.c" (i int); )"
                        R"(create table a."""b.c""" (i int); create schema other; )"
                        R"(create table other."public.new" (i int); create table new (i int))");
    scene.target().psql(R"(create schema a; create table a."""b.c""" (old int); )"
                        R"(create schema other; create table other."public.new" (old int))");
    const auto dump = scene.dump();
    scene.check_way_back(
        dump, {"--clean", "-t", R"(a."b.c")", "-t", "public.new", "-t", R"(other."public.new")"});
    scene.check_way_back(dump, {"--clean", "-t", R"(a."""b.c""")"});
    // This one drops nothing, so it has no undo command of its own.
    CHECK(scene.run(dump, {"-t", "public.new"}).exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_class where relname = 'new'") == "1");
    const auto old_state = scene.state();
    const auto gone = scene.restore(dump, {"--clean", "-t", "public.other"});
    CHECK(gone.exit_code == k_usage);
    CHECK(scene.state() == old_state);
}

TEST_CASE("undo: it is wide if restored tables depend on objects it would not restore") {
    const PartScene scene;
    scene.source().psql("create type mood as enum ('good'); create table t as select "
                        "'good'::mood as m; create table big (i int)");
    scene.target().psql("create type mood as enum ('good', 'bad'); create table t as select "
                        "'bad'::mood as m; create table big as select 1 as i");
    const auto dump = scene.dump({"-T", "big"});
    CHECK(scene.check_way_back(dump, {"--clean"}).find("--exact") != std::string::npos);

    // New objects conflict with nothing: they stay, and are named.
    scene.target().psql("drop table t; drop type mood; create table t as select 'bad' as m");
    const auto result = scene.run(dump, {"--clean"});
    // Of a server before 15, pg_dump always writes the owner and the privileges of public.
    CHECK(PartScene::leaves(result) ==
          (Cluster::shared().major() < 15
               ? "type public.mood, owner of schema public, privileges of schema public"
               : "type public.mood"));
    const std::string line = PartScene::line_after(result, "to undo: ");
    CHECK(line.find("-t public.t --drop-missing") != std::string::npos);
    CHECK(scene.type(line).exit_code == 0);
    CHECK(scene.target().psql("select m from t") == "bad");
}

TEST_CASE("undo: it is wide if the dump creates objects outside schemas") {
    for (const char* outside :
         {"create publication p for table s.t",
          "create function s.f() returns event_trigger language plpgsql as 'begin end'; "
          "create event trigger e on ddl_command_end execute function s.f()"}) {
        INFO(outside);
        const PartScene scene;
        const std::string both = "create schema s; create table s.t (i int); create schema other; ";
        scene.source().psql(both + "insert into s.t values (1); " + outside);
        scene.target().psql(both + "create table s.more (); create table other.kept ()");
        CHECK(scene.check_way_back(scene.dump({"-N", "other"}), {"--clean"}).find("--exact") !=
              std::string::npos);
    }
}

TEST_CASE("undo: it says what it leaves of a schema that stays") {
    const TestRole clerk;
    const PartScene scene;
    scene.source().psql("create table public.t (i int); grant create on schema public to " +
                        clerk.name() + "; comment on schema public is 'new'; " +
                        "alter default privileges grant select on tables to " + clerk.name() +
                        "; create schema s; create table s.t (i int)");
    const auto dump = scene.dump({"-T", "public.t"});
    scene.target().psql("create schema s; create table s.t (i int, old int)");
    const auto result = scene.run(dump, {"--clean"});
    const std::string leaves = PartScene::leaves(result);
    INFO(leaves);
    CHECK(leaves.find("privileges of schema public") != std::string::npos);
    CHECK(leaves.find("comment of schema public") != std::string::npos);
    CHECK(leaves.find("default privileges of role ") != std::string::npos);
    const auto without = scene.run(dump, {"--clean", "--no-privileges", "--no-owner"});
    CHECK(PartScene::leaves(without) == "comment of schema public");
}
