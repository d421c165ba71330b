#include "support/catch.hpp"
#include "support/scene/target_scene.hpp"

#include <chrono>
#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::DropScope;
using Names = std::vector<std::string>;

TEST_CASE("single drops: single tables are dropped in one statement, whatever refers to them") {
    TargetScene scene{k_shop_and_audit + "create table shop.stays (mood shop.mood);"};
    scene.dump.inventory.objects = {{"table", "shop", "customers"},
                                    {"table", "shop", "orders"},
                                    {"view", "shop", "totals"},
                                    {"sequence", "shop", "orders_id_seq"},
                                    {"index", "shop", "orders_pkey"}};
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_objects);
    CHECK(survey.drop_statements == Names{"drop view if exists shop.totals",
                                          "drop table if exists shop.customers, shop.orders"});
    CHECK(survey.goes == Names{"table shop.customers", "table shop.orders", "view shop.totals"});
    CHECK(relations(scene) == "audit.log shop.stays");
}

TEST_CASE("single drops: single objects are dropped in an order that needs no CASCADE") {
    if (Cluster::shared().major() < 14) {
        WARN("needs PostgreSQL 14: BEGIN ATOMIC");
        return;
    }
    TargetScene scene{R"(
        create schema s;
        create domain s.positive as int check (value > 0);
        create type s.pair as (a s.positive, b int);
        create sequence s.numbers;
        create function s.next() returns int language sql begin atomic
            select nextval('s.numbers')::int; end;
        create table s.base (id int default s.next(), p s.pair, unique (id));
        create function s.ids() returns setof s.base language sql begin atomic
            select * from s.base; end;
        create view s.first as select * from s.base;
        create materialized view s.second as select * from s.first;
        create view s.third as select * from s.second, s.ids() i(x, y);
        create statistics s.stats on id, p from s.base;
        create aggregate s.total(int) (sfunc = int4pl, stype = int);
        create procedure s.nothing() language sql as '';
        create function s.same(s.pair, s.pair) returns bool language sql as 'select true';
        create operator s.=== (leftarg = s.pair, rightarg = s.pair, function = s.same);
        create operator family s.family using btree;
        create operator class s.class for type int using btree family s.family as
            function 1 btint4cmp(int, int);
        create function s.to_int(s.pair) returns int language sql as 'select 1';
        create cast (s.pair as int) with function s.to_int(s.pair);
        create cast (s.pair as json) with inout;
        create collation s.c (locale = 'C');
        create text search dictionary s.dict (template = simple);
        create text search configuration s.config (copy = simple);
        alter text search configuration s.config alter mapping for word with s.dict;
        create conversion s.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
        create access method am type table handler heap_tableam_handler;)"};
    scene.dump.inventory.objects = {{"domain", "s", "positive"},
                                    {"type", "s", "pair"},
                                    {"sequence", "s", "numbers"},
                                    {"function", "s", "next"},
                                    {"table", "s", "base"},
                                    {"function", "s", "ids"},
                                    {"view", "s", "first"},
                                    {"materialized view", "s", "second"},
                                    {"view", "s", "third"},
                                    {"statistics", "s", "stats"},
                                    {"aggregate", "s", "total"},
                                    {"procedure", "s", "nothing"},
                                    {"function", "s", "same"},
                                    {"operator", "s", "==="},
                                    {"operator family", "s", "family"},
                                    {"operator class", "s", "class"},
                                    {"function", "s", "to_int"},
                                    {"cast", "", "s.pair AS integer"},
                                    {"cast", "", "s.pair AS json"},
                                    {"collation", "s", "c"},
                                    {"text search dictionary", "s", "dict"},
                                    {"text search configuration", "s", "config"},
                                    {"conversion", "s", "conv"},
                                    {"access method", "", "am"}};
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_objects);
    for (const std::string& statement : survey.drop_statements) {
        CHECK(statement.find("cascade") == std::string::npos);
    }
    CHECK(survey.goes.size() == scene.dump.inventory.objects.size());
    CHECK(scene.survey(DropScope::nothing).stays == Names{"schema s (empty)"});
}

TEST_CASE("single drops: an overloaded function is a conflict, a single one is dropped") {
    TargetScene scene{"create function public.f(int) returns int language sql as 'select 1';"
                      "create function public.f(text) returns int language sql as 'select 1';"
                      "create function public.g(int, text[]) returns int language sql as "
                      "'select 1'"};
    scene.dump.inventory.objects = {{"function", "public", "f"}, {"function", "public", "g"}};
    const pg::TargetSurvey survey = scene.survey(DropScope::dumped_objects);
    CHECK(survey.drop_statements ==
          Names{"drop routine if exists public.g(integer,pg_catalog.text[])"});
    CHECK(titles(survey.conflicts) == Names{"function public.f"});
}

TEST_CASE("single drops: two thousand tables are planned and dropped quickly") {
    const auto begin = std::chrono::steady_clock::now();
    TargetScene scene{"create schema s; create schema t; do $$ begin for n in 1..2000 loop "
                      "execute format('create table s.t%s (id int primary key, x text, "
                      "parent int references s.t%s)', n, greatest(n - 1, 1)); end loop; end $$;"};
    const auto start = std::chrono::steady_clock::now();
    scene.dump.inventory.created_schemas = {"s"};
    CHECK(scene.survey(DropScope::dumped_schemas).tables.size() == 2000);
    scene.dump.inventory.created_schemas = {};
    for (int n = 1; n <= 2000; ++n) {
        scene.dump.inventory.objects.push_back({"table", "s", fmt::format("t{}", n)});
    }
    const pg::TargetSurvey survey = scene.survey(DropScope::dumped_objects);
    CHECK(survey.dependents.empty());
    CHECK(survey.drop_statements.size() == 1);
    // Creating them takes three times as long, on however busy a machine.
    CHECK(std::chrono::steady_clock::now() - start < 2 * (start - begin));
}
