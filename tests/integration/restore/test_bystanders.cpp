#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/target_scene.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <iterator>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::DropScope;
using Names = std::vector<std::string>;

namespace {

/// The bystanders that a restore that runs `sql` would lose.
Names losses(TargetScene& scene, DropScope scope, const std::string& sql) {
    const Names before = scene.bystanders(scope);
    (void)scene.session().query("begin");
    (void)scene.session().query(sql);
    const Names after = scene.bystanders(scope);
    (void)scene.session().query("rollback");
    Names lost;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(lost));
    return lost;
}

/// Publications of schemas exist since 15.
bool publishes_schemas() {
    return Cluster::shared().major() >= 15;
}

std::string scene_sql() {
    const std::string sql = R"(
create schema shop; create schema audit;
create type shop.mood as enum ('sad');
create table shop.orders (id int primary key);
create table audit.log (id serial primary key, feeling shop.mood default 'sad',
    "Order" int constraint "for ""it""" references shop.orders, check (id > 0));
create index by_order on audit.log ("Order");
create view audit.sums as select count(*) from shop.orders;
create function audit.cheer(shop.mood, int default 1) returns int language sql as 'select 1';
create function audit.fire() returns trigger language plpgsql as 'begin return new; end';
create trigger fire before insert on audit.log execute function audit.fire();
create policy mine on audit.log using (true);
create rule quiet as on delete to audit.log do instead nothing;
create domain audit.positive as int constraint above check (value > 0);
create type audit.pair as (a int, b shop.mood);
create publication news for table audit.log, shop.orders;
create foreign data wrapper w; create server s foreign data wrapper w;
create user mapping for public server s;
create extension hstore schema audit; create cast (int as json) with inout;
create function public.watch() returns event_trigger language plpgsql as 'begin end';
create event trigger watcher on ddl_command_end execute function public.watch();
alter event trigger watcher disable;
select lo_create(4711);
create publication part)";
    return publishes_schemas() ? sql + " for tables in schema audit" : sql;
}

} // namespace

TEST_CASE("bystanders: each kind of loss outside the dump's schemas is seen") {
    TargetScene scene{scene_sql()};
    scene.dump.inventory.created_schemas = {"shop"};
    std::vector<std::pair<std::string, Names>> cases{
        {"drop table shop.orders cascade",
         {"constraint \"for \"\"it\"\"\" on audit.log", "rule \"_RETURN\" on audit.sums",
          "column audit.sums.count", "view audit.sums"}},
        {"drop type shop.mood cascade",
         {"column audit.log.feeling with default", "column audit.pair.b",
          "function audit.cheer(shop.mood,integer)"}},
        {"alter table audit.log alter feeling drop default",
         {"column audit.log.feeling with default"}},
        {"drop index audit.by_order", {"index audit.by_order"}},
        {"drop trigger fire on audit.log", {"trigger fire on audit.log"}},
        {"drop policy mine on audit.log", {"policy mine on audit.log"}},
        {"drop rule quiet on audit.log", {"rule quiet on audit.log"}},
        {"alter table audit.log drop constraint log_id_check",
         {"constraint log_id_check on audit.log"}},
        {"alter domain audit.positive drop constraint above",
         {"domain constraint above on audit.positive"}},
        {"alter publication news drop table audit.log", {"table audit.log in publication news"}},
        {"drop user mapping for public server s", {"user mapping public on server s"}},
        {"drop server s cascade", {"server s", "user mapping public on server s"}},
        {"drop extension hstore", {"extension \"hstore\""}},
        {"drop cast (int as json)", {"cast (integer AS json)"}},
        {"drop event trigger watcher", {"event trigger watcher"}},
        {"select lo_unlink(4711)", {"large object 4711"}}};
    if (publishes_schemas()) {
        cases.push_back({"alter publication part drop tables in schema audit",
                         {"schema audit in publication part"}});
        cases.push_back(
            {"drop publication part", {"publication part", "schema audit in publication part"}});
    } else {
        cases.push_back({"drop publication part", {"publication part"}});
    }
    for (const auto& [sql, expected] : cases) {
        INFO(sql);
        Names sorted = expected;
        std::sort(sorted.begin(), sorted.end());
        CHECK(losses(scene, DropScope::dumped_schemas, sql) == sorted);
    }
}

TEST_CASE("bystanders: objects that the dump replaces are none, whatever happens to them") {
    TargetScene scene{scene_sql()};
    scene.dump.inventory.created_schemas = {"audit"};
    scene.dump.inventory.extensions = {{"hstore", "audit"}};
    scene.dump.inventory.objects = {
        {"publication", "", "news"}, {"publication", "", "part"}, {"event trigger", "", "watcher"}};
    scene.dump.inventory.large_objects = {4711};
    CHECK(scene.survey(DropScope::dumped_schemas).dependents.empty());
    CHECK(losses(scene, DropScope::dumped_schemas,
                 "do $$ begin drop event trigger watcher; drop publication news, part; "
                 "drop schema audit cascade; perform lo_unlink(4711); end $$")
              .empty());
    CHECK(losses(scene, DropScope::everything,
                 "do $$ begin drop schema audit, shop, public cascade; end $$")
              .empty());
}

TEST_CASE("bystanders: a dump restores its own objects, and those beside them stay the same") {
    TargetScene scene{scene_sql()};
    const std::string dump = scene.read_dump();
    const std::string before = Cluster::shared().dump_of(scene.database().name());
    scene.psql("create schema beside; create table beside.t (id int primary key, h text);"
               "create view beside.v as select * from beside.t; create publication other;"
               "create table shop.later (); create function shop.f() returns int language sql "
               "as 'select 1'; select lo_create(4712)");
    for (const DropScope scope : {DropScope::dumped_schemas, DropScope::everything}) {
        scene.clean(scope);
        scene.psql(dump);
    }
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before).empty());
}

TEST_CASE("bystanders: the zoo is dropped and restored, in each scope") {
    TargetScene scene{""};
    Cluster::shared().load(scene.database().name(), data_file("zoo.sql"));
    const std::string before = Cluster::shared().dump_of(scene.database().name());
    const std::string dump = scene.read_dump();
    for (const DropScope scope : {DropScope::dumped_schemas, DropScope::everything}) {
        INFO(static_cast<int>(scope));
        scene.clean(scope);
        scene.psql(dump);
        CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before).empty());
    }
}

TEST_CASE("bystanders: public ends up as in the dump") {
    for (const std::string change :
         {"", "alter schema public owner to postgres", "grant create on schema public to public",
          "revoke all on schema public from public", "grant all on schema public to pg_monitor",
          "comment on schema public is 'ours'", "comment on schema public is null"}) {
        INFO(change);
        TargetScene scene{"create table t (i int); " + change};
        const std::string before = Cluster::shared().dump_of(scene.database().name());
        const std::string dump = scene.read_dump();
        scene.psql("comment on schema public is 'other'; alter schema public owner to "
                   "pg_read_all_settings; grant all on schema public to pg_read_all_stats");
        for (const DropScope scope : {DropScope::dumped_schemas, DropScope::everything}) {
            scene.clean(scope);
            scene.psql(dump);
            CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before)
                      .empty());
        }
    }
}

TEST_CASE("bystanders: chosen tables are dropped and restored, and the others stay") {
    TargetScene scene{""};
    Cluster::shared().load(scene.database().name(), shop_file());
    // A function with a parsed body depends on its tables; no dump of chosen tables has it.
    scene.psql("drop function order_total");
    const std::string before = Cluster::shared().dump_of(scene.database().name());
    const std::string dump = scene.read_dump({"-t", "order*", "-t", "customers", "-t", "revenue*"});
    scene.clean(DropScope::dumped_objects);
    scene.psql(dump);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before).empty());
    const std::string rows = scene.read_dump({"-a"});
    scene.clean(DropScope::dumped_objects);
    CHECK(scene.psql("select count(*) from orders") == "0");
    scene.psql(rows);
    CHECK(first_difference(Cluster::shared().dump_of(scene.database().name()), before).empty());
}

TEST_CASE("bystanders: thousands of tables are checked quickly") {
    TargetScene scene{"create schema s; create schema t"};
    scene.psql("do $$ begin for n in 1..2000 loop execute format('create table s.t%s (id int "
               "primary key, a text, b int, c int, d int default 1)', n); end loop; end $$");
    scene.dump.inventory.created_schemas = {"t"};
    const auto start = std::chrono::steady_clock::now();
    CHECK(scene.bystanders(DropScope::dumped_schemas).size() > 16000);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    CHECK(seconds.count() < 2); // a tenth of it if nothing else is running
}
