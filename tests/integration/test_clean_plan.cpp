#include "support/catch.hpp"
#include "support/target_scene.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::CleanScope;
using Names = std::vector<std::string>;

namespace {

/// Tables, views, sequences and so on, by schema and name.
std::string relations(const TargetScene& scene) {
    return scene.psql("select string_agg(n.nspname || '.' || c.relname, ' ' order by 1) "
                      "from (select n.nspname, c.relname from pg_class c "
                      "join pg_namespace n on n.oid = c.relnamespace "
                      "where c.relkind <> 'i' and n.nspname !~ '^pg_' "
                      "and n.nspname <> 'information_schema' order by 1, 2) c (relname_, relname), "
                      "lateral (select c.relname_) n (nspname)");
}

const std::string k_shop = R"(
create schema shop; create schema audit;
create type shop.mood as enum ('sad', 'happy');
create table shop.customers (id int generated always as identity primary key, mood shop.mood);
create table shop.orders (id serial primary key, customer int references shop.customers);
alter table shop.customers add last_order int references shop.orders;
create view shop.totals as select count(*) from shop.orders;
create table audit.log (id int primary key, line text);
insert into audit.log values (1, 'kept');
insert into shop.customers (mood) values ('sad'), ('happy');
)";

void add_shop(pg::DumpInventory& inventory) {
    inventory.created_schemas = {"shop"};
    inventory.objects = {{"type", "shop", "mood"},
                         {"table", "shop", "customers"},
                         {"table", "shop", "orders"},
                         {"view", "shop", "totals"}};
}

} // namespace

TEST_CASE("clean plan: a dumped schema goes with all that is in it, and nothing else") {
    TargetScene scene{k_shop + "create table shop.newer (id int); create table public.stays ();"};
    add_shop(scene.inventory);
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_schemas);
    CHECK(survey.drop_statements == Names{"drop schema if exists shop cascade"});
    CHECK(survey.goes == Names{"schema shop"});
    CHECK(survey.stays == Names{"schema audit (1 table)", "schema public (1 table)"});
    CHECK(relations(scene) == "audit.log public.stays");
}

TEST_CASE("clean plan: hostile names go, and their likes stay") {
    const std::string other = R"(create schema """a.b"""; create table """a.b"""."t" (i int);)";
    TargetScene scene{
        R"(create schema "a.b"; create schema a; create table a."b.t" (i int);
           create table "a.b"."T; drop table a.""b.t"" --" (i int);
           create schema "Ünï {cödé} 'x'\"; create table "Ünï {cödé} 'x'\"."O'Neil" ();
           create publication "p ""q""" for all tables;
           create publication "p";)" +
        other};
    scene.inventory.created_schemas = {"a.b", "Ünï {cödé} 'x'\\"};
    scene.inventory.objects = {{"publication", "", "p \"q\""}};
    scene.clean(CleanScope::dumped_schemas);
    CHECK(relations(scene) == "\"a.b\".t a.b.t");
    CHECK(scene.psql("select pubname from pg_publication") == "p");
    scene.inventory.created_schemas = {"\"a.b\"", "a"};
    scene.inventory.objects = {};
    scene.clean(CleanScope::dumped_schemas);
    CHECK(relations(scene).empty());
}

TEST_CASE("clean plan: single tables go in one statement, whatever refers to what") {
    TargetScene scene{k_shop + "create table shop.stays (mood shop.mood);"};
    scene.inventory.objects = {{"table", "shop", "customers"},
                               {"table", "shop", "orders"},
                               {"view", "shop", "totals"},
                               {"sequence", "shop", "orders_id_seq"},
                               {"index", "shop", "orders_pkey"}};
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_objects);
    CHECK(survey.drop_statements == Names{"drop view if exists shop.totals",
                                          "drop table if exists shop.customers, shop.orders"});
    CHECK(survey.goes == Names{"table shop.customers", "table shop.orders", "view shop.totals"});
    CHECK(relations(scene) == "audit.log shop.stays");
}

TEST_CASE("clean plan: single objects go in an order that needs no CASCADE") {
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
    scene.inventory.objects = {{"domain", "s", "positive"},
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
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_objects);
    for (const std::string& statement : survey.drop_statements) {
        CHECK(statement.find("cascade") == std::string::npos);
    }
    CHECK(survey.goes.size() == scene.inventory.objects.size());
    CHECK(scene.survey(CleanScope::nothing).stays == Names{"schema s (empty)"});
}

TEST_CASE("clean plan: an overloaded function is a conflict, a single one goes") {
    TargetScene scene{"create function public.f(int) returns int language sql as 'select 1';"
                      "create function public.f(text) returns int language sql as 'select 1';"
                      "create function public.g(int, text[]) returns int language sql as "
                      "'select 1'"};
    scene.inventory.objects = {{"function", "public", "f"}, {"function", "public", "g"}};
    const pg::TargetSurvey survey = scene.survey(CleanScope::dumped_objects);
    CHECK(survey.drop_statements ==
          Names{"drop routine if exists public.g(integer,pg_catalog.text[])"});
    CHECK(titles(survey.conflicts) == Names{"function public.f"});
}

TEST_CASE("clean plan: partitions and children that the dump lacks hold their parent") {
    TargetScene scene{"create schema s; create schema t;"
                      "create table s.parent (i int) partition by list (i);"
                      "create table s.one partition of s.parent for values in (1);"
                      "create table t.two partition of s.parent for values in (2);"
                      "create table s.base (i int); create table t.heir () inherits (s.base);"};
    scene.inventory.created_schemas = {"s"};
    CHECK(scene.survey(CleanScope::dumped_schemas).dependents ==
          Names{"table t.heir", "table t.two"});
    scene.inventory.created_schemas = {};
    scene.inventory.objects = {{"table", "s", "parent"}};
    CHECK(scene.survey(CleanScope::dumped_objects).dependents ==
          Names{"table s.one", "table t.two"});
    scene.inventory.objects = {{"table", "s", "parent"},
                               {"table", "s", "one"},
                               {"table", "t", "two"},
                               {"table", "t", "heir"},
                               {"table", "s", "base"}};
    scene.clean(CleanScope::dumped_objects);
    CHECK(relations(scene).empty());
}

TEST_CASE("clean plan: what outside depends on a dumped schema is named") {
    TargetScene scene{k_shop + R"(
        create view audit.sums as select * from shop.totals;
        create view audit."Sums 2" as select * from audit.sums;
        alter table audit.log add customer int references shop.customers;
        alter table audit.log add feeling shop.mood default 'sad';
        create table audit.other (n int default nextval('shop.orders_id_seq'));
        create function audit.cheer(shop.mood) returns int language sql as 'select 1';
        create function shop.fire() returns trigger language plpgsql as 'begin return new; end';
        create trigger fire before insert on audit.log execute function shop.fire();
        create policy mine on audit.log using (exists (select from shop.orders));
        create publication news for table shop.orders, audit.log;
        create publication whole for all tables;
        create publication part for tables in schema shop, audit;
        create function shop.watch() returns event_trigger language plpgsql as 'begin end';
        create event trigger watcher on ddl_command_end execute function shop.watch();
        alter event trigger watcher disable;
        create extension citext schema shop;
        create table audit.words (word shop.citext, many shop.citext[]);
        create index on audit.words (word);)"};
    add_shop(scene.inventory);
    const Names expected{"column audit.log.feeling",
                         "column audit.words.many",
                         "column audit.words.word",
                         "constraint log_customer_fkey on audit.log",
                         "default value for audit.other.n",
                         "event trigger watcher",
                         "extension citext",
                         "function audit.cheer(shop.mood)",
                         "policy mine on audit.log",
                         "schema shop in publication part",
                         "table shop.orders in publication news",
                         "trigger fire on audit.log",
                         "view audit.\"Sums 2\"",
                         "view audit.sums"};
    Names found = scene.survey(CleanScope::dumped_schemas).dependents;
    found.erase(std::remove_if(found.begin(), found.end(),
                               [](const std::string& name) {
                                   return name.find("index ") == 0 || // of a column that is named
                                          name == "default value for audit.log.feeling";
                               }),
                found.end());
    CHECK(found == expected);
}

TEST_CASE("clean plan: an extension is left where it can be used as it is") {
    TargetScene scene{
        "create schema s; create schema ext;"
        "create extension citext schema ext; create extension hstore schema public;"
        "create extension pg_trgm schema s; create table public.words (w ext.citext);"
        "create extension cube schema ext; create extension earthdistance schema ext"};
    scene.inventory.created_schemas = {"s"};
    scene.inventory.extensions = {{"plpgsql", "pg_catalog"},
                                  {"citext", "ext"},
                                  {"hstore", "ext"},
                                  {"pg_trgm", "s"},
                                  {"cube", "ext"}};
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_schemas);
    CHECK(survey.goes == Names{"schema s", "extension hstore", "extension pg_trgm"});
    CHECK(survey.stays == Names{"schema ext (empty)", "schema public (1 table)", "extension citext",
                                "extension cube", "extension earthdistance"});
    CHECK(scene.psql("select string_agg(extname, ' ' order by extname) from pg_extension") ==
          "citext cube earthdistance plpgsql");
}

TEST_CASE("clean plan: what lives outside schemas goes where the dump makes it") {
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
        create cast (int as bytea) with inout;
        create cast (bytea as json) with inout;
        select lo_create(4711), lo_create(4712), lo_create(4713);)"};
    scene.inventory.created_schemas = {"s"};
    scene.inventory.large_objects = {4711, 4713, 4715};
    scene.inventory.objects = {{"event trigger", "", "mine"}, {"server", "", "near"},
                               {"server", "", "far"},         {"foreign data wrapper", "", "mine"},
                               {"subscription", "", "feed"},  {"cast", "", "integer AS bytea"},
                               {"publication", "", "missing"}};
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_schemas);
    CHECK(survey.goes == Names{"schema s", "server far", "server near", "foreign data wrapper mine",
                               "cast integer AS bytea", "event trigger mine", "subscription feed",
                               "2 large objects"});
    CHECK(scene.survey(CleanScope::nothing).stays ==
          Names{"schema public (1 object)", "extension postgres_fdw", "server farther",
                "cast bytea AS json", "event trigger other", "subscription feed2",
                "1 large object"});
    scene.psql("alter subscription feed2 disable; alter subscription feed2 set (slot_name = none);"
               "drop subscription feed2");
}

TEST_CASE("clean plan: everything goes, so that the dump stands alone") {
    TargetScene scene{k_shop + R"(
        create extension hstore; create extension citext schema audit; create extension pg_trgm;
        create table public.t (h hstore); create publication p for all tables;
        create function public.watch() returns event_trigger language plpgsql as 'begin end';
        create event trigger other on ddl_command_end execute function public.watch();
        create foreign data wrapper f; create server s foreign data wrapper f;
        create user mapping for public server s;
        create subscription feed connection 'dbname=x' publication p with (connect = false);
        create cast (int as bytea) with inout; create access method am type table
        handler heap_tableam_handler;
        select lo_create(0), lo_create(0);)"};
    add_shop(scene.inventory);
    scene.inventory.extensions = {{"hstore", "public"}};
    const pg::TargetSurvey survey = scene.clean(CleanScope::everything);
    CHECK(survey.stays.empty());
    CHECK(std::all_of(survey.tables.begin(), survey.tables.end(),
                      [](const pg::TargetTable& table) { return table.goes; }));
    const TestDatabase fresh;
    CHECK(Cluster::shared().dump_of(scene.database().name()) ==
          Cluster::shared().dump_of(fresh.name()));
    CHECK(scene.survey(CleanScope::nothing).empty);
}

TEST_CASE("clean plan: an extension that the dump refills or moves goes by itself") {
    TargetScene scene{"create schema ext; create extension hstore schema ext;"
                      "create table ext.settings (i int); insert into ext.settings values (1);"
                      "create extension citext; create extension cube schema ext;"
                      "create extension earthdistance schema ext;"
                      "alter extension hstore add table ext.settings"};
    scene.inventory.extensions = {{"hstore", "ext"}, {"citext", "ext"}, {"cube", "ext"}};
    CHECK(scene.survey(CleanScope::dumped_schemas).tables.empty());
    scene.add_rows("ext", "settings");
    const pg::TargetSurvey survey = scene.survey(CleanScope::dumped_schemas);
    CHECK(survey.drop_statements == Names{"drop extension if exists \"citext\" cascade",
                                          "drop extension if exists \"hstore\" cascade"});
    CHECK(titles(survey.tables) == Names{"ext.settings 1 goes"});
    CHECK(survey.conflicts.empty());
    scene.psql("create table public.user (h ext.hstore)");
    CHECK(scene.survey(CleanScope::dumped_schemas).dependents == Names{"column public.\"user\".h"});
    scene.inventory.extensions[2].schema = "other";
    CHECK(scene.survey(CleanScope::dumped_schemas).dependents ==
          Names{"column public.\"user\".h", "extension earthdistance"});
}

TEST_CASE("clean plan: a schema that an extension made stays with it") {
    TargetScene scene{"create schema inner_; create table inner_.t (i int);"
                      "create extension hstore schema public;"
                      "alter extension hstore add schema inner_"};
    scene.inventory.created_schemas = {"inner_"};
    const pg::TargetSurvey survey = scene.survey(CleanScope::dumped_schemas);
    CHECK(titles(survey.tables) == Names{"inner_.t 0 stays"});
    CHECK(titles(survey.conflicts) == Names{"schema inner_"});
    CHECK(survey.drop_statements.empty());
    scene.inventory.extensions = {{"hstore", "public"}};
    CHECK(scene.survey(CleanScope::everything).goes ==
          Names{"schema public", "table inner_.t", "extension hstore"});
}

TEST_CASE("clean plan: tables that the dump only has rows for are emptied together") {
    TargetScene scene{k_shop + "create table shop.child () inherits (audit.log);"
                               "insert into shop.child values (7);"};
    scene.add_rows("shop", "orders");
    scene.add_rows("shop", "customers");
    scene.add_rows("audit", "log");
    for (const CleanScope scope : {CleanScope::dumped_schemas, CleanScope::dumped_objects}) {
        const pg::TargetSurvey survey = scene.survey(scope);
        CHECK(survey.drop_statements ==
              Names{"truncate table only audit.log, only shop.customers, only shop.orders"});
        CHECK(survey.goes == Names{"rows of table audit.log", "rows of table shop.customers",
                                   "rows of table shop.orders"});
    }
    CHECK(titles(scene.survey(CleanScope::nothing).conflicts) ==
          Names{"rows of table audit.log", "rows of table shop.customers"});
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_schemas);
    CHECK(titles(survey.tables) == Names{"audit.log 1 goes", "shop.child 1 stays",
                                         "shop.customers 2 goes", "shop.orders 0 goes"});
    CHECK(scene.psql("select (select count(*) from audit.log), (select count(*) from shop.child), "
                     "(select count(*) from shop.customers)") == "1|1|0");
}

TEST_CASE("clean plan: rows in public alone do not take its tables away") {
    TargetScene scene{"create table public.a (i int primary key); insert into a values (1);"
                      "create table public.b (i int references a);"};
    scene.add_rows("public", "a");
    CHECK(scene.survey(CleanScope::dumped_schemas).dependents ==
          Names{"constraint b_i_fkey on public.b"});
    scene.add_rows("public", "b");
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_schemas);
    CHECK(survey.drop_statements == Names{"truncate table only public.a, only public.b"});
    CHECK(scene.psql("select count(*) from a") == "0");
}

TEST_CASE("clean plan: a partitioned table is emptied with the partitions that refer to it") {
    TargetScene scene{"create table p (i int primary key, up int references p) "
                      "partition by list (i); create table p1 partition of p for values in (1);"
                      "insert into p values (1, 1);"};
    scene.add_rows("public", "p");
    const pg::TargetSurvey survey = scene.clean(CleanScope::dumped_objects);
    CHECK(survey.drop_statements == Names{"truncate table public.p"});
    CHECK(scene.psql("select count(*) from p") == "0");
}

TEST_CASE("clean plan: a table that a subscription fills is not taken from it") {
    TargetScene scene{k_shop + "create subscription feed connection 'dbname=x' publication p "
                               "with (connect = false);"
                               "insert into pg_subscription_rel (srsubid, srrelid, srsubstate) "
                               "select oid, 'shop.orders'::regclass, 'r' from pg_subscription "
                               "where subdbid = (select oid from pg_database where datname = "
                               "current_database())"};
    add_shop(scene.inventory);
    CHECK(scene.survey(CleanScope::dumped_schemas).dependents ==
          Names{"table shop.orders in subscription feed"});
    scene.inventory.objects.push_back({"subscription", "", "feed"});
    scene.clean(CleanScope::dumped_schemas);
}

TEST_CASE("clean plan: two thousand tables are planned and dropped in seconds") {
    TargetScene scene{"create schema s; create schema t; do $$ begin for n in 1..2000 loop "
                      "execute format('create table s.t%s (id int primary key, x text, "
                      "parent int references s.t%s)', n, greatest(n - 1, 1)); end loop; end $$;"};
    const auto start = std::chrono::steady_clock::now();
    scene.inventory.created_schemas = {"s"};
    CHECK(scene.survey(CleanScope::dumped_schemas).tables.size() == 2000);
    scene.inventory.created_schemas = {};
    for (int n = 1; n <= 2000; ++n) {
        scene.inventory.objects.push_back({"table", "s", fmt::format("t{}", n)});
    }
    const pg::TargetSurvey survey = scene.survey(CleanScope::dumped_objects);
    CHECK(survey.dependents.empty());
    CHECK(survey.drop_statements.size() == 1);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
    CHECK(seconds.count() < 10);
}
