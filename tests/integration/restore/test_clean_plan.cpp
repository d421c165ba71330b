#include "support/catch.hpp"
#include "support/scene/target_scene.hpp"

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::DropScope;
using Names = std::vector<std::string>;

TEST_CASE("clean plan: a dumped schema is dropped with its content, and nothing else") {
    TargetScene scene{k_shop_and_audit +
                      "create table shop.newer (id int); create table public.stays ();"};
    add_shop(scene.dump.inventory);
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_schemas);
    CHECK(survey.drop_statements == Names{"drop schema if exists shop cascade"});
    CHECK(survey.goes == Names{"schema shop"});
    CHECK(survey.stays == Names{"schema audit (1 table)", "schema public (1 table)"});
    CHECK(relations(scene) == "audit.log public.stays");
}

TEST_CASE("clean plan: objects with hostile names are dropped, similar names stay") {
    const std::string other = R"(create schema """a.b"""; create table """a.b"""."t" (i int);)";
    TargetScene scene{
        R"(create schema "a.b"; create schema a; create table a."b.t" (i int);
           create table "a.b"."T; drop table a.""b.t"" --" (i int);
           create schema "Ünï {cödé} 'x'\"; create table "Ünï {cödé} 'x'\"."O'Neil" ();
           create publication "p ""q""" for all tables;
           create publication "p";)" +
        other};
    scene.dump.inventory.created_schemas = {"a.b", "Ünï {cödé} 'x'\\"};
    scene.dump.inventory.objects = {{"publication", "", "p \"q\""}};
    scene.clean(DropScope::dumped_schemas);
    CHECK(relations(scene) == "\"a.b\".t a.b.t");
    CHECK(scene.psql("select pubname from pg_publication") == "p");
    scene.dump.inventory.created_schemas = {"\"a.b\"", "a"};
    scene.dump.inventory.objects = {};
    scene.clean(DropScope::dumped_schemas);
    CHECK(relations(scene).empty());
}

TEST_CASE("clean plan: objects outside schemas are dropped if the dump creates them") {
    TargetScene scene{R"(
        create schema s;
        create function s.watch() returns event_trigger language plpgsql as 'begin end';
        create event trigger mine on ddl_command_end execute function s.watch();
        create function public.watch() returns event_trigger language plpgsql as 'begin end';
        create event trigger other on ddl_command_end execute function public.watch();
        create extension postgres_fdw;
        create server near foreign data wrapper postgres_fdw;
        create user mapping for public server near options (user 'x', password 'secret');
        create user mapping for current_user server near;
        create foreign table s.remote (i int) server near;
        create foreign data wrapper mine;
        create server far foreign data wrapper mine;
        create server farther foreign data wrapper postgres_fdw;
        create subscription feed connection 'host=/nowhere dbname=x' publication p
            with (connect = false, slot_name = 'a_slot');
        create subscription feed2 connection 'host=/nowhere dbname=x' publication p
            with (connect = false);
        create cast (int as json) with inout;
        create cast (bytea as json) with inout;
        select lo_create(4711), lo_create(4712), lo_create(4713);)"};
    scene.dump.inventory.created_schemas = {"s"};
    scene.dump.inventory.large_objects = {4711, 4713, 4715};
    scene.dump.inventory.objects = {
        {"event trigger", "", "mine"}, {"server", "", "near"},
        {"server", "", "far"},         {"foreign data wrapper", "", "mine"},
        {"subscription", "", "feed"},  {"cast", "", "integer AS json"},
        {"publication", "", "missing"}};
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_schemas);
    CHECK(survey.goes == Names{"schema s", "server far", "server near", "foreign data wrapper mine",
                               "cast integer AS json", "event trigger mine", "subscription feed",
                               "2 large objects"});
    CHECK(scene.survey(DropScope::nothing).stays ==
          Names{"schema public (1 object)", "extension postgres_fdw", "server farther",
                "cast bytea AS json", "event trigger other", "subscription feed2",
                "1 large object"});
    scene.psql("alter subscription feed2 disable; alter subscription feed2 set (slot_name = none);"
               "drop subscription feed2");
}

TEST_CASE("clean plan: everything is dropped, so that only the dump's content remains") {
    TargetScene scene{k_shop_and_audit + R"(
        create extension hstore; create extension citext schema audit; create extension pg_trgm;
        create table public.t (h hstore); create publication p for all tables;
        create function public.watch() returns event_trigger language plpgsql as 'begin end';
        create event trigger other on ddl_command_end execute function public.watch();
        create foreign data wrapper f; create server s foreign data wrapper f;
        create user mapping for public server s;
        create subscription feed connection 'dbname=x' publication p with (connect = false);
        create cast (int as json) with inout; create access method am type table
        handler heap_tableam_handler;
        select lo_create(0), lo_create(0);)"};
    add_shop(scene.dump.inventory);
    scene.dump.inventory.extensions = {{"hstore", "public"}};
    const pg::TargetSurvey survey = scene.clean(DropScope::everything);
    CHECK(survey.stays.empty());
    CHECK(std::all_of(survey.tables.begin(), survey.tables.end(),
                      [](const pg::TargetTable& table) { return table.goes; }));
    const TestDatabase fresh;
    CHECK(Cluster::shared().dump_of(scene.database().name()) ==
          Cluster::shared().dump_of(fresh.name()));
    CHECK(scene.survey(DropScope::nothing).empty);
}

TEST_CASE("clean plan: tables for which the dump has only rows are emptied together") {
    TargetScene scene{k_shop_and_audit + "create table shop.child () inherits (audit.log);"
                                         "insert into shop.child values (7);"};
    scene.add_rows("shop", "orders");
    scene.add_rows("shop", "customers");
    scene.add_rows("audit", "log");
    for (const DropScope scope : {DropScope::dumped_schemas, DropScope::dumped_objects}) {
        const pg::TargetSurvey survey = scene.survey(scope);
        CHECK(survey.drop_statements ==
              Names{"truncate table only audit.log, only shop.customers, only shop.orders"});
        CHECK(survey.goes == Names{"rows of table audit.log", "rows of table shop.customers",
                                   "rows of table shop.orders"});
    }
    CHECK(titles(scene.survey(DropScope::nothing).conflicts) ==
          Names{"rows of table audit.log", "rows of table shop.customers"});
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_schemas);
    CHECK(titles(survey.tables) == Names{"audit.log 1 goes", "shop.child ? stays",
                                         "shop.customers 2 goes", "shop.orders 0 goes"});
    CHECK(scene.psql("select (select count(*) from audit.log), (select count(*) from shop.child), "
                     "(select count(*) from shop.customers)") == "1|1|0");
}

TEST_CASE("clean plan: rows in public alone do not drop its tables") {
    TargetScene scene{"create table public.a (i int primary key); insert into a values (1);"
                      "create table public.b (i int references a);"};
    scene.add_rows("public", "a");
    CHECK(scene.survey(DropScope::dumped_schemas).dependents ==
          Names{"constraint b_i_fkey on public.b"});
    scene.add_rows("public", "b");
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_schemas);
    CHECK(survey.drop_statements == Names{"truncate table only public.a, only public.b"});
    CHECK(scene.psql("select count(*) from a") == "0");
}

TEST_CASE("clean plan: a partitioned table is emptied with the partitions that refer to it") {
    TargetScene scene{"create table p (i int primary key, up int references p) "
                      "partition by list (i); create table p1 partition of p for values in (1);"
                      "insert into p values (1, 1);"};
    scene.add_rows("public", "p");
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_objects);
    CHECK(survey.drop_statements == Names{"truncate table public.p"});
    CHECK(scene.psql("select count(*) from p") == "0");
}
