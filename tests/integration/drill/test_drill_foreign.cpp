// Drills of other programs' dumps, without a manifest: values written differently are compared by
// value, and rows written as INSERT are counted.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/drill_scene.hpp"
#include "support/scene/shop_restore.hpp"

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_no_manifest = "without a manifest it is unknown how the dump was made";

/// Proven, except for the text of the schema, whose expected form is unknown.
void check_foreign(const DrillScene& scene, const Drilled& drilled) {
    scene.check_proven(drilled);
    CHECK(drilled.drill().at("text_not_compared") == k_no_manifest);
    CHECK(drilled.dump.at("has_manifest") == false);
    CHECK(drilled.dump.at("recorded") == false);
}

struct ForeignDrill {
    explicit ForeignDrill(const std::string& sql = {}) : scene(sql) {}

    [[nodiscard]] Drilled drill(const std::filesystem::path& dump) const {
        Drilled drilled = scene.drill(dump, role.with());
        role.check_nothing_left();
        return drilled;
    }

    DrillScene scene;
    ScratchRole role{"login superuser"};
};

/// A dump of one table as another version of pg_dump writes it.
std::string dump_of(const std::string& version, const std::string& columns,
                    const std::string& rows) {
    return "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version " + version +
           "\n-- Dumped by pg_dump version " + version +
           "\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n"
           "SELECT pg_catalog.set_config('search_path', '', false);\n\n"
           "CREATE TABLE public.t (\n" +
           columns + "\n);\n\nCOPY public.t FROM stdin;\n" + rows +
           "\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n";
}

} // namespace

TEST_CASE("a drill proves dumps of other versions of pg_dump") {
    const ForeignDrill foreign;
    for (const char* name : {"9.0", "9.2", "9.6", "10.1", "10", "11", "12", "13", "14"}) {
        INFO("pg_dump " << name);
        if (std::stoi(name) > Cluster::shared().major()) {
            continue; // this server is older
        }
        const Drilled drilled =
            foreign.drill(data_file(std::string{"foreign/pg_dump-"} + name + ".sql"));
        check_foreign(foreign.scene, drilled);
        CHECK(drilled.drill().at("tables").size() == 4);
        CHECK(drilled.drill().at("large_objects") == 2);
        CHECK(drilled.compared() == "contents");
    }
}

TEST_CASE("a drill proves pg_dump's own dumps without a manifest, on a throwaway server") {
    const ForeignDrill foreign;
    Cluster::shared().load(foreign.scene.database().name(), data_file("foreign/source.sql"));
    for (const Words& words : {Words{}, Words{"-Fc"}, Words{"--clean", "--if-exists"}}) {
        const Drilled drilled = foreign.scene.drill(foreign.scene.foreign_dump(words));
        check_foreign(foreign.scene, drilled);
        CHECK(drilled.compared() == "contents");
    }
}

TEST_CASE("rows written as INSERT are counted only, and the report says so") {
    const ForeignDrill foreign;
    Cluster::shared().load(foreign.scene.database().name(), data_file("foreign/source.sql"));
    for (const char* option : {"--inserts", "--column-inserts", "--rows-per-insert=2"}) {
        INFO(option);
        const Drilled drilled = foreign.drill(foreign.scene.foreign_dump({option}));
        check_foreign(foreign.scene, drilled);
        CHECK(drilled.compared() == "row count");
        CHECK(drilled.dump.at("rows") == 15);
    }
}

TEST_CASE("times written in another time zone are compared by value") {
    const ForeignDrill foreign{
        "create table t (id integer, at timestamptz);"
        "insert into t select g, '2026-03-28 22:00:00+00'::timestamptz + g * interval '1 hour' "
        "from generate_series(1, 100) g;"
        "create table plain (at timestamp); insert into plain values ('2026-01-01')"};
    const auto dump = foreign.scene.foreign_dump({}, {{"PGTZ", "Europe/Berlin"}});
    REQUIRE(read_file(dump).find("+02\n") != std::string::npos);
    const Drilled drilled = foreign.drill(dump);
    check_foreign(foreign.scene, drilled);
    CHECK(drilled.compared("public", "t") == "contents by value");
    CHECK(drilled.compared("public", "plain") == "contents");
}

TEST_CASE("numbers as written by versions before 12 are compared by value") {
    const ForeignDrill foreign;
    const Drilled drilled = foreign.drill(
        foreign.scene.write_dump(dump_of("9.6.24", "    a double precision,\n    b real",
                                         "0.10000000000000001\t1.10000002\n"
                                         "3.3333333333333335\t\\N\n"
                                         "1e+15\t-Infinity\n")));
    check_foreign(foreign.scene, drilled);
    CHECK(drilled.compared("public", "t") == "contents by value");
}

TEST_CASE("a changed value is found even if values are compared") {
    const ForeignDrill foreign;
    // Lost because of the column's type: 0.125 is restored as 0.13.
    const Drilled rounded = foreign.drill(foreign.scene.write_dump(dump_of(
        "9.6.24", "    a numeric(5,2),\n    b double precision", "0.12\t0.10000000000000001\n")));
    check_foreign(foreign.scene, rounded);
    // A trigger in the dump that changes one row while it is restored.
    std::string dump = dump_of("9.6.24", "    a double precision", "0.10000000000000001\n7\n");
    dump = replaced(dump, "COPY public.t",
                    "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$ begin if "
                    "new.a = 7 then new.a = 8; end if; return new; end $$;\n"
                    "CREATE TRIGGER spoil BEFORE INSERT ON public.t FOR EACH ROW EXECUTE "
                    "FUNCTION public.f();\n\nCOPY public.t");
    foreign.scene.check_failed(foreign.drill(foreign.scene.write_dump(dump)), 3,
                               "table public.t came back with other rows");
}

TEST_CASE("a drill of a dump newer than the scratch server is not attempted") {
    const ForeignDrill foreign;
    const auto dump = foreign.scene.write_dump(dump_of("99.1", "    a integer", "1\n"));
    foreign.scene.check_failed(foreign.drill(dump), 1, "the dump is from PostgreSQL 99");
    foreign.scene.check_failed(foreign.scene.drill(dump), 1, "the dump is from version 99");
}
