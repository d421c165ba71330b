// What a drill must not reach outside its scratch database, whatever the dump contains.

#include "support/catch.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

std::string dump_of(const std::string& statements) {
    return "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 13.1\n"
           "-- Dumped by pg_dump version 13.1\n\nSET client_encoding = 'UTF8';\n" +
           statements + "\n--\n-- PostgreSQL database dump complete\n--\n\n";
}

} // namespace

TEST_CASE("a drill writes rows of a foreign table to no server") {
    const DrillScene scene;
    const auto dump = scene.write_dump(
        dump_of("CREATE TABLE public.near (a integer);\n"
                "CREATE FOREIGN DATA WRAPPER w;\nCREATE SERVER s FOREIGN DATA WRAPPER w;\n"
                "CREATE FOREIGN TABLE public.far (a integer) SERVER s;\n"
                "COPY public.far (a) FROM stdin;\n1\n\\.\n"));
    scene.check_failed(scene.drill(dump), 1, "rows of the foreign table public.far");
}

TEST_CASE("a drill on a server changes neither its roles nor its other databases") {
    const DrillScene scene;
    const ScratchRole role{"login superuser"};
    const Cluster& cluster = Cluster::shared();
    const TestDatabase bystander;
    cluster.psql("postgres",
                 fmt::format("comment on database {} is 'as it was'", bystander.name()));
    for (const char* statement :
         {"CREATE ROLE drill_evil SUPERUSER;", "ALTER ROLE {0} CREATEDB PASSWORD 'x';",
          "ALTER DATABASE {1} SET work_mem = '1MB';", "DROP DATABASE {1};"}) {
        const std::string sql = fmt::format(fmt::runtime(statement), role.name(), bystander.name());
        INFO(sql);
        scene.check_failed(scene.drill(scene.write_dump(dump_of(sql + "\n")), role.with()), 3,
                           "changes roles, databases or settings of the whole server");
    }
    // Before version 11 pg_dump wrote this to each dump of a database that has one.
    const auto old = scene.write_dump(dump_of(
        fmt::format("COMMENT ON DATABASE {} IS 'another';\nCREATE TABLE public.t (a integer);\n",
                    bystander.name())));
    const Drilled drilled = scene.drill(old, role.with());
    CHECK(drilled.result.exit_code == 0);
    CHECK(drilled.drill().at("left_out").dump().find("database itself") != std::string::npos);
    CHECK(cluster.psql("postgres", fmt::format("select shobj_description(oid, 'pg_database') from "
                                               "pg_database where datname = '{}'",
                                               bystander.name())) == "as it was");
    CHECK(cluster.psql("postgres", "select count(*) from pg_roles where rolname = 'drill_evil'") ==
          "0");
    role.check_nothing_left();
}
