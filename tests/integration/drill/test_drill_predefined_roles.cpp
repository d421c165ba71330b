// Drills of dumps that name roles of PostgreSQL's own, which nobody can create.

#include "support/catch.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("predefined roles are no obstacle to a drill") {
    const DrillScene scene{
        "create table t (a integer); insert into t values (1); alter table t owner to pg_monitor;"
        "grant select on t to pg_read_all_stats, pg_signal_backend, pg_write_server_files;"
        "create policy p on t to pg_monitor, pg_read_all_settings using (true);"
        "alter table t enable row level security;"
        "alter default privileges for role pg_monitor grant select on tables to "
        "pg_read_all_settings;"
        "create schema s authorization pg_stat_scan_tables;"};
    const ScratchRole role{"login superuser"};
    for (const char* format : {"plain", "custom"}) {
        const auto dump = scene.dump({"-F", format});
        scene.check_proven(scene.drill(dump));
        scene.check_proven(scene.drill(dump, role.with()));
    }
}

TEST_CASE("predefined roles that the server lacks are named, and the dump is not damaged") {
    const DrillScene scene;
    const ScratchRole role{"login superuser"};
    const auto dump =
        scene.write_dump(fmt::format("--\n-- PostgreSQL database dump\n--\n\n-- Dumped from "
                                     "database version {0}.1\n-- Dumped by "
                                     "pg_dump version {0}.1\n\nCREATE TABLE public.t (a "
                                     "integer);\nALTER TABLE public.t OWNER TO "
                                     "postgres;\nGRANT SELECT ON TABLE public.t TO "
                                     "pg_of_tomorrow;\n\n--\n-- PostgreSQL database "
                                     "dump complete\n--\n\n",
                                     Cluster::shared().major()));
    for (const Words& where : {Words{}, role.with()}) {
        const Drilled drilled = scene.drill(dump, where);
        scene.check_failed(drilled, 1, "does not have: pg_of_tomorrow");
        CHECK(text_of(drilled.dump.at("hint")).find("--no-owner --no-privileges") !=
              std::string::npos);
        Words without = where;
        without.insert(without.end(), {"-O", "-x"});
        CHECK(scene.drill(dump, without).result.exit_code == 0);
    }
}
