// A server whose lock table is too small for a dump: the warning before a restore, and the message
// of a failed dump.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/target_scene.hpp"
#include "support/server/cluster.hpp"
#include "support/server/own_cluster.hpp"

#include <dbbackup/pg/lock_need.hpp>

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

std::string make_tables(int number) {
    return fmt::format("do $$ begin for i in 1..{} loop execute pg_catalog.format("
                       "'create table t%s (id int primary key, v text)', i); end loop; end $$",
                       number);
}

ProgramResult run(const TempDir& temp, const std::string& url,
                  const std::vector<std::string>& arguments) {
    ProgramOptions options;
    options.directory = temp.path();
    options.environment["DATABASE_URL"] = url;
    return run_dbbackup(arguments, options);
}

std::uint64_t locks_held(pg::Session& session) {
    return std::stoull(
        session
            .query("select pg_catalog.count(*) from (select distinct locktype, database, relation, "
                   "classid, objid, objsubid from pg_catalog.pg_locks "
                   "where pid = pg_catalog.pg_backend_pid()) l")
            .at(0)
            .at(0));
}

} // namespace

TEST_CASE("locks: the estimate for drops and creations is about right") {
    TargetScene scene{"create schema s; create table s.t (id serial primary key, v text); "
                      "create index on s.t (v); create view s.v as select * from s.t; "
                      "create materialized view s.m as select * from s.t; "
                      "create type s.e as enum ('a'); "
                      "create function s.f() returns int language sql as 'select 1'; "
                      "create table s.p (id int) partition by range (id); "
                      "create table s.p1 partition of s.p for values from (0) to (9)"};
    const std::string sql = scene.read_dump();
    const pg::TargetSurvey survey = scene.survey(pg::DropScope::dumped_schemas);
    pg::Session& session = scene.session();
    session.execute("begin");
    const std::uint64_t before = locks_held(session);
    for (const std::string& statement : survey.drop_statements) {
        session.execute(statement);
    }
    const std::uint64_t dropped = locks_held(session) - before;
    session.execute("rollback");
    CAPTURE(dropped, survey.locks_to_drop);
    CHECK(survey.locks_to_drop * 5 >= dropped * 4);
    CHECK(survey.locks_to_drop * 4 <= dropped * 5);
    // A table with its TOAST table and index, or a view, or similar; the index of a constraint too.
    CHECK(pg::locks_to_create(scene.dump.inventory) >= 3 * 4 + 6);
    CHECK(pg::locks_to_create(scene.dump.inventory) <= 3 * 4 + 9);
}

TEST_CASE("locks: a restore warns beforehand if the server may lack room, and says what to set") {
    const OwnCluster own;
    const Cluster& cluster = own.cluster();
    const TempDir temp;
    cluster.psql("postgres", "alter system set max_locks_per_transaction = 10");
    own.restart();
    cluster.psql("postgres", "create database small");
    cluster.psql("postgres", "create database large");
    cluster.psql("small", make_tables(10));
    cluster.psql("large", make_tables(700));
    for (const std::string database : {"small", "large"}) {
        REQUIRE(run(temp, cluster.url(database), {"dump", "--dir", database}).exit_code == 0);
    }
    cluster.psql("postgres", "create database empty");
    const std::string url = cluster.url("empty");
    const auto plan_of = [&](const std::string& directory) {
        std::string dump;
        for (const auto& entry : std::filesystem::directory_iterator{temp / directory}) {
            dump = entry.path().extension() == ".gz" ? entry.path().string() : dump;
        }
        const ProgramResult result = run(temp, url, {"restore", dump, "--dry-run"});
        CAPTURE(result.err);
        CHECK(result.exit_code == 0);
        return result.out + result.err;
    };
    const std::string words = "lock table has room for";
    CHECK(plan_of("small").find(words) == std::string::npos);
    const std::string plan = plan_of("large");
    CAPTURE(plan);
    CHECK(plan.find(words) != std::string::npos);
    CHECK(plan.find("max_locks_per_transaction = 64") != std::string::npos);
    // As the message says.
    cluster.psql("postgres", "alter system set max_locks_per_transaction = 64");
    own.restart();
    CHECK(plan_of("large").find(words) == std::string::npos);
}

TEST_CASE("locks: if pg_dump runs out of them, the dump says what to set") {
    const OwnCluster own;
    const Cluster& cluster = own.cluster();
    const TempDir temp;
    cluster.psql("postgres", "alter system set max_locks_per_transaction = 10");
    own.restart();
    for (int part = 0; part < 9; ++part) { // no transaction here has room for all of them either
        cluster.psql("postgres",
                     fmt::format("do $$ begin for i in 1..1000 loop execute pg_catalog.format("
                                 "'create table t%s_{} ()', i); end loop; end $$",
                                 part));
    }
    const ProgramResult result = run(temp, cluster.url("postgres"), {"dump"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("out of shared memory") != std::string::npos);
    CHECK(result.err.find("each of the 9,000 tables") != std::string::npos);
    CHECK(result.err.find("set max_locks_per_transaction = 64 in") != std::string::npos);
}
