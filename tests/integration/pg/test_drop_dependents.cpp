#include "support/catch.hpp"
#include "support/scene/target_scene.hpp"

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::DropScope;
using Names = std::vector<std::string>;

TEST_CASE("drop dependents: partitions and children outside the dump depend on their parent") {
    TargetScene scene{"create schema s; create schema t;"
                      "create table s.parent (i int) partition by list (i);"
                      "create table s.one partition of s.parent for values in (1);"
                      "create table t.two partition of s.parent for values in (2);"
                      "create table s.base (i int); create table t.heir () inherits (s.base);"};
    scene.dump.inventory.created_schemas = {"s"};
    CHECK(scene.survey(DropScope::dumped_schemas).dependents ==
          Names{"table t.heir", "table t.two"});
    scene.dump.inventory.created_schemas = {};
    scene.dump.inventory.objects = {{"table", "s", "parent"}};
    CHECK(scene.survey(DropScope::dumped_objects).dependents ==
          Names{"table s.one", "table t.two"});
    scene.dump.inventory.objects = {{"table", "s", "parent"},
                                    {"table", "s", "one"},
                                    {"table", "t", "two"},
                                    {"table", "t", "heir"},
                                    {"table", "s", "base"}};
    scene.clean(DropScope::dumped_objects);
    CHECK(relations(scene).empty());
}

TEST_CASE("drop dependents: outside objects that depend on a dumped schema are named") {
    if (Cluster::shared().major() < 15) {
        WARN("needs PostgreSQL 15: FOR TABLES IN SCHEMA");
        return;
    }
    TargetScene scene{k_shop_and_audit + R"(
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
    add_shop(scene.dump.inventory);
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
    Names found = scene.survey(DropScope::dumped_schemas).dependents;
    found.erase(std::remove_if(found.begin(), found.end(),
                               [](const std::string& name) {
                                   return name.find("index ") == 0 || // of a column that is named
                                          name == "default value for audit.log.feeling";
                               }),
                found.end());
    CHECK(found == expected);
}

TEST_CASE("drop dependents: an extension that can be used as it is stays") {
    TargetScene scene{
        "create schema s; create schema ext;"
        "create extension citext schema ext; create extension hstore schema public;"
        "create extension pg_trgm schema s; create table public.words (w ext.citext);"
        "create extension cube schema ext; create extension earthdistance schema ext"};
    scene.dump.inventory.created_schemas = {"s"};
    scene.dump.inventory.extensions = {{"plpgsql", "pg_catalog"},
                                       {"citext", "ext"},
                                       {"hstore", "ext"},
                                       {"pg_trgm", "s"},
                                       {"cube", "ext"}};
    const pg::TargetSurvey survey = scene.clean(DropScope::dumped_schemas);
    CHECK(survey.goes == Names{"schema s", "extension hstore", "extension pg_trgm"});
    CHECK(survey.stays == Names{"schema ext (empty)", "schema public (1 table)", "extension citext",
                                "extension cube", "extension earthdistance"});
    CHECK(scene.psql("select string_agg(extname, ' ' order by extname) from pg_extension") ==
          "citext cube earthdistance plpgsql");
}

TEST_CASE("drop dependents: an extension that the dump refills or moves is dropped by itself") {
    TargetScene scene{"create schema ext; create extension hstore schema ext;"
                      "create table ext.settings (i int); insert into ext.settings values (1);"
                      "create extension citext; create extension cube schema ext;"
                      "create extension earthdistance schema ext;"
                      "alter extension hstore add table ext.settings"};
    scene.dump.inventory.extensions = {{"hstore", "ext"}, {"citext", "ext"}, {"cube", "ext"}};
    CHECK(scene.survey(DropScope::dumped_schemas).tables.empty());
    scene.add_rows("ext", "settings");
    const pg::TargetSurvey survey = scene.survey(DropScope::dumped_schemas);
    CHECK(survey.drop_statements == Names{"drop extension if exists \"citext\" cascade",
                                          "drop extension if exists \"hstore\" cascade"});
    CHECK(titles(survey.tables) == Names{"ext.settings 1 goes"});
    CHECK(survey.conflicts.empty());
    scene.psql("create table public.user (h ext.hstore)");
    CHECK(scene.survey(DropScope::dumped_schemas).dependents == Names{"column public.\"user\".h"});
    scene.dump.inventory.extensions[2].schema = "other";
    CHECK(scene.survey(DropScope::dumped_schemas).dependents ==
          Names{"column public.\"user\".h", "extension earthdistance"});
}

TEST_CASE("drop dependents: a schema that an extension created stays with it") {
    TargetScene scene{"create schema inner_; create table inner_.t (i int);"
                      "create extension hstore schema public;"
                      "alter extension hstore add schema inner_"};
    scene.dump.inventory.created_schemas = {"inner_"};
    const pg::TargetSurvey survey = scene.survey(DropScope::dumped_schemas);
    CHECK(titles(survey.tables) == Names{"inner_.t ? stays"});
    CHECK(titles(survey.conflicts) == Names{"schema inner_"});
    CHECK(survey.drop_statements.empty());
    scene.dump.inventory.extensions = {{"hstore", "public"}};
    CHECK(scene.survey(DropScope::everything).goes ==
          Names{"schema public", "table inner_.t", "extension hstore"});
}

TEST_CASE("drop dependents: a table that a subscription fills is not removed from it") {
    TargetScene scene{k_shop_and_audit +
                      "create subscription feed connection 'dbname=x' publication p "
                      "with (connect = false);"
                      "insert into pg_subscription_rel (srsubid, srrelid, srsubstate) "
                      "select oid, 'shop.orders'::regclass, 'r' from pg_subscription "
                      "where subdbid = (select oid from pg_database where datname = "
                      "current_database())"};
    add_shop(scene.dump.inventory);
    CHECK(scene.survey(DropScope::dumped_schemas).dependents ==
          Names{"table shop.orders in subscription feed"});
    scene.dump.inventory.objects.push_back({"subscription", "", "feed"});
    scene.clean(DropScope::dumped_schemas);
}
