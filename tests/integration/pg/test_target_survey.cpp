#include "support/catch.hpp"
#include "support/scene/target_scene.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/drop_plan.hpp>

#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;
using pg::DropScope;
using Names = std::vector<std::string>;

namespace {

/// A role with the database's name, which owns it and little else.
class OwnerRole {
public:
    explicit OwnerRole(const TestDatabase& database) : database_(database) {
        database.psql(
            fmt::format("create role {0} login; alter database {0} owner to {0}", database.name()));
    }

    ~OwnerRole() {
        database_.psql(fmt::format("reassign owned by {0} to postgres; drop owned by {0}; "
                                   "drop role {0}",
                                   database_.name()));
    }

    OwnerRole(const OwnerRole&) = delete;
    OwnerRole& operator=(const OwnerRole&) = delete;

    [[nodiscard]] pg::Session open() const {
        return pg::Session{pg::parse_connection_url(
            Cluster::shared().url(database_.name(), database_.name(), "none"))};
    }

private:
    const TestDatabase& database_;
};

} // namespace

TEST_CASE("target survey: a new database is empty, and nothing in it is dropped or kept") {
    TargetScene scene{""};
    for (const DropScope scope : {DropScope::nothing, DropScope::dumped_objects,
                                  DropScope::dumped_schemas, DropScope::everything}) {
        const pg::TargetSurvey survey = scene.survey(scope);
        CHECK(survey.empty);
        CHECK(survey.tables.empty());
        CHECK(survey.stays.empty());
        CHECK(survey.dependents.empty());
        CHECK(survey.conflicts.empty());
    }
    CHECK(scene.survey(DropScope::dumped_schemas).drop_statements.empty());
}

TEST_CASE("target survey: a single object of any kind makes a database not empty") {
    for (const char* sql : {"create table t ()", "create schema s", "create extension hstore",
                            "select lo_create(0)", "create publication p",
                            "create type t as enum ()", "create cast (int as json) with inout"}) {
        INFO(sql);
        TargetScene scene{sql};
        CHECK_FALSE(scene.survey(DropScope::nothing).empty);
    }
}

TEST_CASE("target survey: rows are counted exactly, each table's own") {
    TargetScene scene{R"(
        create schema "S.1";
        create table "S.1"."T ""x""" (i int); insert into "S.1"."T ""x""" values (1), (2);
        create table "S.1".heir () inherits ("S.1"."T ""x"""); insert into "S.1".heir values (3);
        create table "S.1".parent (i int) partition by list (i);
        create table public.part partition of "S.1".parent for values in (1);
        insert into "S.1".parent values (1), (1), (1);
        create unlogged table public.quick as select generate_series(1, 1234) i;
        create view public.v as select 1; create materialized view public.m as select 1;
        create temp table temporary (i int);
        create extension hstore; create extension citext;)"};
    scene.dump.inventory.created_schemas = {"S.1"};
    const pg::TargetSurvey survey = scene.survey(DropScope::dumped_schemas);
    CHECK(titles(survey.tables) == Names{"S.1.T \"x\" 2 goes", "S.1.heir 1 goes",
                                         "public.part ? stays", "public.quick ? stays"});
    CHECK(titles(scene.survey(DropScope::everything).tables).at(3) == "public.quick 1234 goes");
    CHECK(survey.stays ==
          Names{"schema public (2 tables)", "extension citext", "extension hstore"});
    const pg::DropPlan again =
        pg::plan_drops(scene.session(), scene.dump, DropScope::dumped_schemas);
    CHECK(again.statements == survey.drop_statements);
    CHECK(again.dependents == survey.dependents);
}

TEST_CASE("target survey: objects of the dump that the target already has are reported") {
    TargetScene scene{R"(
        create schema s; create schema "Q q";
        create table s.t (id int primary key, n int); create view s.v as select 1;
        create sequence s.q; create index i on s.t (id);
        create type s.e as enum (); create domain s.d as int; create type s.c as (x int);
        create function s.f(int) returns int language sql as 'select 1';
        create procedure s.p() language sql as '';
        create operator s.@+@ (leftarg = int, rightarg = int, function = int4pl);
        create operator family s.fam using btree;
        create collation s.co (locale = 'C');
        create text search dictionary s.di (template = simple);
        create statistics s.st on id, n from s.t;
        create publication pub; create foreign data wrapper w; create server srv
        foreign data wrapper w; create cast (int as json) with inout;
        create access method am type table handler heap_tableam_handler;
        select lo_create(4711);
        create extension pg_trgm; create extension postgres_fdw)"};
    scene.dump.inventory.created_schemas = {"public", "s", "new"};
    scene.dump.inventory.extensions = {{"pg_trgm", "public"}, {"no such", "public"}};
    scene.dump.inventory.large_objects = {4711, 4712};
    scene.dump.inventory.roles = {"no \"such\" \\role", "postgres"};
    scene.dump.inventory.objects = {{"view", "s", "t"},
                                    {"table", "s", "t_pkey"},
                                    {"index", "s", "q"},
                                    {"table", "s", "e"},
                                    {"type", "s", "t"},
                                    {"domain", "s", "c"},
                                    {"sequence", "s", "i"},
                                    {"procedure", "s", "f"},
                                    {"aggregate", "s", "p"},
                                    {"operator", "s", "@+@"},
                                    {"operator family", "s", "fam"},
                                    {"collation", "s", "co"},
                                    {"text search dictionary", "s", "di"},
                                    {"statistics", "s", "st"},
                                    {"publication", "", "pub"},
                                    {"server", "", "srv"},
                                    {"foreign data wrapper", "", "w"},
                                    {"cast", "", "integer AS json"},
                                    {"access method", "", "am"},
                                    {"foreign data wrapper", "", "postgres_fdw"}};
    const Names taken = titles(scene.dump.inventory.objects);
    Names expected{"schema s"};
    expected.insert(expected.end(), taken.begin(), taken.end());
    expected.push_back("large object 4711");
    for (const pg::DumpObject& free :
         std::vector<pg::DumpObject>{{"sequence", "s", "e"},
                                     {"sequence", "s", "c"},
                                     {"index", "s", "e"},
                                     {"type", "s", "q"},
                                     {"type", "s", "t_pkey"},
                                     {"table", "public", "t"},
                                     {"function", "s", "F"},
                                     {"publication", "", "Pub"},
                                     {"table", "Q q", "t"},
                                     {"function", "public", "similarity"},
                                     {"language", "", "plpgsql"},
                                     {"cast", "", "json AS integer"},
                                     {"operator", "public", "%"}}) {
        scene.dump.inventory.objects.push_back(free);
    }
    const pg::TargetSurvey survey = scene.survey(DropScope::nothing);
    CHECK(titles(survey.conflicts) == expected);
    CHECK(survey.missing_roles == Names{"no \"such\" \\role"});
    CHECK(survey.missing_extensions == Names{"no such"});
    CHECK(survey.goes.empty());
    CHECK(survey.drop_statements.empty());
    CHECK(scene.survey(DropScope::everything).conflicts.empty());
    // The dump's schema is dropped; objects it creates elsewhere under another kind's name are not.
    CHECK(titles(scene.survey(DropScope::dumped_schemas).conflicts) ==
          Names{"foreign data wrapper postgres_fdw"});
}

TEST_CASE("target survey: a user's search path and operators do not mislead it") {
    TargetScene scene{R"(
        create schema trap;
        create table trap.pg_class (oid int); create table trap.pg_namespace (oid int);
        create function trap.never(name, name) returns bool language sql as 'select false';
        create operator trap.<> (leftarg = name, rightarg = name, function = trap.never);
        create function trap.count(bigint) returns int language sql as 'select 0';
        create table public.t (i int);)"};
    (void)scene.session().query("set search_path = trap, pg_catalog");
    CHECK(titles(scene.survey(DropScope::everything).tables) ==
          Names{"public.t 0 goes", "trap.pg_class 0 goes", "trap.pg_namespace 0 goes"});
    CHECK(scene.session().query("show search_path")[0][0] == "trap, pg_catalog");
    (void)scene.bystanders(DropScope::nothing);
    CHECK(scene.session().query("show search_path")[0][0] == "trap, pg_catalog");
}

TEST_CASE("target survey: a database's owner need not be a superuser") {
    const TestDatabase database;
    const OwnerRole owner{database};
    database.psql("create schema hidden; create table hidden.t (i int); "
                  "insert into hidden.t values (1); grant select on hidden.t to public; "
                  "create schema bare; grant usage on schema bare to public; "
                  "create table bare.t (i int); select lo_create(1)");
    pg::Session session = owner.open();
    (void)session.query("create schema shop");
    (void)session.query("create table shop.t (i int)");
    (void)session.query("insert into shop.t values (1), (2)");
    (void)session.query("create table public.p (i int)");
    (void)session.query("create extension hstore");
    pg::DumpSummary dump;
    dump.inventory.created_schemas = {"shop"};
    dump.inventory.objects = {{"table", "public", "p"}};
    dump.inventory.extensions = {{"hstore", "public"}};
    const pg::TargetSurvey survey = pg::survey_target(session, dump, DropScope::dumped_schemas);
    CHECK(titles(survey.tables) ==
          Names{"bare.t ? stays", "hidden.t ? stays", "public.p 0 goes", "shop.t 2 goes"});
    CHECK(survey.dependents.empty());
    // Before 15 public belongs to postgres, and stays with the extensions that the dump makes
    // there.
    const bool keeps_public = Cluster::shared().major() < 15;
    CHECK(survey.stays == (keeps_public ? Names{"schema bare (1 table)", "schema hidden (1 table)",
                                                "extension hstore", "1 large object"}
                                        : Names{"schema bare (1 table)", "schema hidden (1 table)",
                                                "1 large object"}));
    const auto before = pg::list_bystanders(session, dump, DropScope::dumped_schemas);
    (void)session.query("begin");
    for (const std::string& statement : survey.drop_statements) {
        (void)session.query(statement);
    }
    CHECK(pg::list_bystanders(session, dump, DropScope::dumped_schemas) == before);
    (void)session.query("commit");
    CHECK(database.psql("select nspowner::regrole || array_to_string(nspacl, ',') from "
                        "pg_namespace where nspname = 'public'") ==
          (keeps_public
               ? "postgrespostgres=UC/postgres,=UC/postgres"
               : "pg_database_ownerpg_database_owner=UC/pg_database_owner,=U/pg_database_owner"));
}

TEST_CASE("target survey: a database's owner recreates public if pg_hba.conf checks groups") {
    const TestDatabase database;
    const OwnerRole owner{database};
    pg::Session surveying = owner.open();
    (void)surveying.query("create table public.p (i int)");
    const pg::TargetSurvey survey = pg::survey_target(surveying, {}, DropScope::everything);
    // A session that keeps its login's memberships, by the groups in the cluster's pg_hba.conf.
    pg::Session restoring = owner.open();
    for (const std::string& statement : survey.drop_statements) {
        (void)restoring.query(statement);
    }
    CHECK(pg::survey_target(surveying, {}, DropScope::everything).tables.empty());
}

TEST_CASE("target survey: rows that row-level security hides are not reported as counted") {
    TargetScene scene{"create table t (i int); alter table t enable row level security;"
                      "alter table t force row level security; insert into t values (1)"};
    CHECK(titles(scene.survey(DropScope::everything).tables) == Names{"public.t 1 goes"});
    const OwnerRole owner{scene.database()};
    scene.psql(fmt::format("alter table t owner to {}", scene.database().name()));
    pg::Session session = owner.open();
    CHECK(titles(pg::survey_target(session, {}, DropScope::everything).tables) ==
          Names{"public.t ? goes"});
}

TEST_CASE("target survey: a conflicting lock ends it after the session's lock_timeout") {
    TargetScene scene{"create table t (i int)"};
    pg::Session other{pg::parse_connection_url(scene.database().url())};
    (void)other.query("begin");
    (void)other.query("lock table t");
    (void)scene.session().query("set lock_timeout = '100ms'");
    CHECK_THROWS_AS((void)scene.survey(DropScope::everything), base::Error);
    CHECK(scene.session().query("show search_path")[0][0] == "\"$user\", public");
}

TEST_CASE("target survey: it changes nothing") {
    TargetScene scene{"create schema s; create table s.t (i int); create table t (i int);"
                      "select lo_create(1)"};
    scene.dump.inventory.created_schemas = {"s"};
    (void)scene.session().query("begin read only");
    CHECK(scene.survey(DropScope::everything).goes.size() == 3);
    (void)scene.bystanders(DropScope::dumped_schemas);
    (void)scene.session().query("commit");
}
