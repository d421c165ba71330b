// Dumps that are restored exactly: the drill says so, and what it has compared.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

/// The whole dump was compared, row by row, and the text of the schema too, unless there is only a
/// later version for a throwaway server.
void check_compared_in_full(const DrillScene& scene, const Drilled& drilled) {
    scene.check_proven(drilled);
    CHECK(drilled.compared() == "contents");
    CHECK(drilled.drill().at("text_not_compared").is_null() == drilled.on_major_of_server());
    CHECK(drilled.dump.at("recorded") == true);
}

/// A table t, and how it was compared on a scratch database beside it.
Drilled drill_of(const std::string& sql, const Words& way = {}) {
    const DrillScene scene{sql};
    const ScratchRole role{"login superuser"};
    Drilled drilled = scene.drill(scene.dump(way), role.with());
    scene.check_proven(drilled);
    role.check_nothing_left();
    return drilled;
}

} // namespace

TEST_CASE("a drill proves the shop, on a throwaway server", "[matrix]") {
    const DrillScene scene;
    Cluster::shared().load(scene.database().name(), shop_file());
    const Drilled drilled = scene.drill(scene.dump());
    check_compared_in_full(scene, drilled);
    CHECK(drilled.drill().at("scratch") == "a throwaway server");
    CHECK(drilled.drill().at("tables").size() == rows_by_server(scene.database().name()).size());
    CHECK(drilled.drill().at("sequences") > 0);
    CHECK(drilled.drill().at("objects") > 0);
}

TEST_CASE("a drill proves the zoo in each format, with roles and tablespaces", "[matrix]") {
    const DrillScene scene;
    Cluster::shared().load(scene.database().name(), data_file("zoo.sql"));
    for (const Words& format :
         {Words{"-Z", "gzip"}, Words{"-Z", "zstd"}, Words{"-Z", "none"}, Words{"-F", "custom"}}) {
        INFO(format[1]);
        const Drilled drilled = scene.drill(scene.dump(format));
        check_compared_in_full(scene, drilled);
        CHECK(drilled.drill().at("large_objects") == 3);
        CHECK(drilled.drill().at("objects") > 300);
    }
}

TEST_CASE("a drill proves a public schema with another owner") {
    const DrillScene scene;
    for (const char* file : {"zoo.sql", "zoo_public.sql"}) {
        Cluster::shared().load(scene.database().name(), data_file(file));
    }
    check_compared_in_full(scene, scene.drill(scene.dump()));
}

TEST_CASE("a drill proves a public schema in which PUBLIC may not create", "[matrix]") {
    const DrillScene scene{"create table t (i int); revoke create on schema public from public"};
    const ScratchRole role{"login superuser"}; // on a server of the dump's version, of any
    check_compared_in_full(scene, scene.drill(scene.dump(), role.with()));
}

TEST_CASE("a drill proves objects of the database's owner") {
    if (Cluster::shared().major() < 14) {
        WARN("left out, as this PostgreSQL has no pg_database_owner");
        return;
    }
    const DrillScene scene{"create table t (a int); insert into t values (1);"
                           "alter table t owner to pg_database_owner"};
    check_compared_in_full(scene, scene.drill(scene.dump()));
}

TEST_CASE("a drill proves a database whose statements are read back in other words") {
    if (Cluster::shared().major() < 14) {
        WARN("left out, as this PostgreSQL cannot join arrays of different types");
        return;
    }
    const DrillScene scene{read_file(data_file("written_otherwise.sql"))};
    const Drilled drilled = scene.drill(scene.dump());
    scene.check_proven(drilled);
    CHECK(drilled.drill().at("text_not_compared").is_null() == drilled.on_major_of_server());
    CHECK(drilled.compared("public", "codes") == "contents");
    CHECK(drilled.compared("public", "children") == "contents by column");
}

TEST_CASE("rows in another physical order are the same rows") {
    // The first copy has them in heap order, with updated rows at the end.
    const Drilled drilled =
        drill_of("create table t (id integer primary key, x text);"
                 "insert into t select g, md5(g::text) from generate_series(1, 3000) g;"
                 "update t set x = x || '!' where id % 3 = 0; delete from t where id % 7 = 0;"
                 "vacuum t; insert into t select -g, 'again' from generate_series(1, 300) g;"
                 "create materialized view m as select x from t order by x desc;"
                 "create table parts (id integer, x text) partition by hash (id);"
                 "create table parts_0 partition of parts for values with (modulus 2, remainder 0);"
                 "create table parts_1 partition of parts for values with (modulus 2, remainder 1);"
                 "insert into parts select g % 50, 'same' from generate_series(1, 500) g");
    CHECK(drilled.compared() == "contents");
    CHECK(drilled.drill().at("text_not_compared").is_null() == drilled.on_major_of_server());
}

TEST_CASE("columns in another order are compared column by column") {
    for (const char* format : {"plain", "custom"}) {
        const Drilled drilled = drill_of(
            "create table parents (a integer, b varchar(3), c text default 'p');"
            "create table t (q integer, c text, b varchar(3), a integer);"
            "alter table t inherit parents;"
            "insert into t values (1, 'one', 'x', 10), (2, null, E'\\t', 20), (2, null, E'\\t', "
            "20);"
            "create table late (z integer) inherits (parents);"
            "insert into late (a, z) values (1, 2);"
            "alter table parents add column later timestamptz default '2020-01-01 00:00:00+00';"
            "create table other (x integer); insert into other values (1)",
            {"-F", format});
        CHECK(drilled.compared("public", "t") == "contents by column");
        CHECK(drilled.compared("public", "late") == "contents by column");
        CHECK(drilled.compared("public", "other") == "contents");
        CHECK(drilled.compared("public", "parents") == "contents");
        CHECK(drilled.drill().at("text_not_compared").is_null() == drilled.on_major_of_server());
    }
}

TEST_CASE("a drill proves an empty database, and one without rows") {
    CHECK(drill_of("").drill().at("tables").empty());
    CHECK(drill_of("create table t (x integer); create table nothing ()").compared() == "contents");
}

TEST_CASE("a drill compares sequences and large objects") {
    const Drilled drilled =
        drill_of("create sequence counts; select setval('counts', 4711);"
                 "create sequence fresh; create sequence \"Down 1\" increment -1;"
                 "select setval('\"Down 1\"', -5, false);"
                 "create table t (id bigint generated always as identity, x serial);"
                 "insert into t (x) values (default), (default);"
                 "select lo_from_bytea(70001, '\\x00ff0a5c2e'), lo_create(70002), "
                 "lo_from_bytea(70003, convert_to(repeat('x', 300000), 'UTF8'))");
    CHECK(drilled.drill().at("sequences") == 5);
    CHECK(drilled.drill().at("large_objects") == 3);
}

TEST_CASE("a drill proves a database of another encoding in that encoding") {
    const TestDatabase latin{fmt::format("latin{}", ::getpid())};
    Cluster::shared().psql("postgres", fmt::format("drop database {}", latin.name()));
    Cluster::shared().psql("postgres",
                           fmt::format("create database {} template template0 encoding 'LATIN1' "
                                       "locale 'C'",
                                       latin.name()));
    latin.psql("set client_encoding = 'UTF8';"
               "create table \"Größe\" (id integer, word text check (word <> 'Öl'));"
               "insert into \"Größe\" values (1, 'grün'), (2, 'ÿ'); "
               "comment on table \"Größe\" is 'in Metern; é'");
    const DrillScene scene;
    const ScratchRole role{"login superuser"};
    for (const char* format : {"plain", "custom"}) {
        const auto dump = take_dump(latin.url(), scene.dumps(), {"-F", format});
        CHECK(dump.manifest.at("database").at("encoding") == "LATIN1");
        check_compared_in_full(scene, scene.drill(dump.path));
        check_compared_in_full(scene, scene.drill(dump.path, role.with()));
        role.check_nothing_left();
    }
}

TEST_CASE("a drill proves a database with an ICU locale in that locale") {
    const TestDatabase icu{fmt::format("icu{}", ::getpid())};
    if (Cluster::shared().psql("postgres", "select current_setting('server_version_num')::int >= "
                                           "150000 and exists (select from pg_collation where "
                                           "collprovider = 'i')") != "t") {
        WARN("left out, as this PostgreSQL knows no ICU databases");
        return;
    }
    Cluster::shared().psql("postgres", fmt::format("drop database {}", icu.name()));
    Cluster::shared().psql("postgres",
                           fmt::format("create database {} template template0 locale 'C.UTF-8' "
                                       "locale_provider icu icu_locale 'de-AT'",
                                       icu.name()));
    // True in that locale's order, and in no other one available.
    icu.psql("create table t (x text check (x < 'b')); insert into t values ('A'), ('ä')");
    const DrillScene scene;
    const auto dump = take_dump(icu.url(), scene.dumps());
    CHECK(dump.manifest.at("database").at("icu_locale") == "de-AT");
    check_compared_in_full(scene, scene.drill(dump.path));
}
