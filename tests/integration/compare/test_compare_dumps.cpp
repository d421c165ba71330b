// Dumps of all kinds: two of them, old ones, parts, and such that others took.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/compare_scene.hpp"

using namespace dbbackup::test;
using Lines = std::vector<std::string>;

TEST_CASE("two dumps are compared without a server") {
    const CompareScene scene{k_shop};
    const std::string first = scene.dump();
    scene.change("delete from log where line = 'line 1'; alter table customers drop city;"
                 "update customers set name = 'x' where id = 1; create table extra (id int)");
    const std::string second = scene.dump({"--format=custom"});
    const auto result =
        run_dbbackup({"compare", first, "--with", second, "--dir", scene.dumps(), "--json"});
    INFO(result.err);
    CHECK(result.exit_code == 7);
    const auto report = nlohmann::json::parse(result.out);
    CHECK(report.at("now").at("dump") == second);
    CHECK(table_in(report, "log").at("rows_now") == 49);
    CHECK(table_in(report, "customers").at("rows") == "differ");
    CHECK(table_in(report, "customers").at("columns_gone") == nlohmann::json{"city"});
    CHECK(table_in(report, "extra").at("change") == "new");
    CHECK(table_in(report, "orders").at("change") == "none");
    // Backwards, what was new is gone, and a warning says why.
    const auto backwards =
        run_dbbackup({"compare", second, "--with", first, "--dir", scene.dumps()});
    CHECK(backwards.exit_code == 7);
    CHECK(backwards.out.find("table is gone") != std::string::npos);
    CHECK(backwards.err.find("is older than") != std::string::npos);
}

TEST_CASE("dumps whose manifest is older, or missing, are read instead") {
    const CompareScene scene{k_shop};
    const auto path = scene.dumps() / scene.dump();
    const auto manifest = path.string() + ".json";
    SECTION("a manifest of format 1.1") {
        auto json = nlohmann::ordered_json::parse(read_file(manifest));
        json["format_version"] = "1.1";
        for (const char* field : {"encoding", "sequences", "not_validated", "migrations"}) {
            json["contents"].erase(field);
        }
        for (auto& one : json["contents"]["tables"]) {
            one.erase("columns");
        }
        write_file(manifest, json.dump(2));
    }
    SECTION("no manifest") {
        std::filesystem::remove(manifest);
    }
    const std::vector<std::string> dump{path.string()};
    CHECK(scene.differences(dump).empty());
    scene.change("alter table customers drop city; delete from log where line = 'line 3'");
    const auto report = scene.report(dump);
    CHECK(table_in(report, "customers").at("columns_gone") == nlohmann::json{"city"});
    CHECK(table_in(report, "customers").at("rows") == "equal");
    CHECK(table_in(report, "log").at("rows_now") == 49);
    CHECK(report.at("sequences").empty());
}

TEST_CASE("a part of a database is only compared with that part") {
    const CompareScene scene{k_shop};
    scene.dump({"-t", "log"});
    scene.change("create table extra (id int); delete from orders");
    const auto result = scene.compare();
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("PARTIAL: only table log; only what it holds is compared") !=
          std::string::npos);
    scene.change("delete from log");
    CHECK(table_in(scene.report(), "log").at("rows_now") == 0);
}

TEST_CASE("rows that a dump lacks are not called the same") {
    const CompareScene scene{k_shop};
    std::string why = "the dump lacks its rows";
    std::filesystem::path dump = scene.dumps() / scene.dump({"--", "--exclude-table-data=log"});
    SECTION("a dump that dbbackup did not take") {
        why = "the dump has its rows as INSERT statements";
        dump = scene.temp() / "inserts.sql";
        write_file(dump,
                   Cluster::shared().client("pg_dump", scene.database().name(), {"--inserts"}).out);
    }
    const auto log = table_in(scene.report({dump.string()}), "log");
    CHECK(log.at("rows") == "not compared");
    CHECK(log.at("not_compared") == why);
    CHECK(scene.compare({dump.string()}).out.find("rows not compared: " + why) !=
          std::string::npos);
}

TEST_CASE("the zoo is the same as its dump, with and without a manifest", "[matrix]") {
    const CompareScene scene{""};
    Cluster::shared().load(scene.database().name(), data_file("zoo.sql"));
    const auto dump = scene.dumps() / scene.dump();
    const bool has_manifest = GENERATE(true, false);
    if (!has_manifest) {
        std::filesystem::remove(dump.string() + ".json");
    }
    const auto report = scene.report({dump.string()});
    INFO(report.dump(1));
    CHECK(report.at("result") == "same");
    CHECK(report.at("tables").size() > 50);
    for (const auto& one : report.at("tables")) {
        INFO(one.dump());
        CHECK(one.at("rows") == "equal");
    }
}

TEST_CASE("what a dump does not say of columns and constraints is no difference") {
    const CompareScene scene{R"(
        create table plain (a int, g int generated always as (a * 2) stored);
        create table child (own int) inherits (plain);
        create type pair as (x int, y text);
        create table typed of pair;
        create table checked (n int);
        create table heir () inherits (checked);
        insert into checked values (1);
        alter table checked add constraint positive check (n > 0) not valid;
        insert into child (a, own) values (1, 2); insert into typed values (1, 'y');)"};
    const auto arguments =
        GENERATE(Lines{}, Lines{"--", "--data-only"}, Lines{"--", "--schema-only"},
                 Lines{"--", "--section=pre-data"}, Lines{"--", "--exclude-table-data=*"});
    INFO(arguments.size());
    const auto dump = scene.dumps() / scene.dump(arguments);
    SECTION("with its manifest") {
        CHECK(scene.report({dump.string()}).at("result") == "same");
    }
    SECTION("without") {
        std::filesystem::remove(dump.string() + ".json");
        CHECK(scene.report({dump.string()}).at("result") == "same");
    }
}

TEST_CASE("types that a dump does not say are named as not compared") {
    const CompareScene scene{"create table parent (a int); create table child (b int) "
                             "inherits (parent)"};
    scene.dump();
    const auto result = scene.compare();
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("not compared either: the types of columns of public.child") !=
          std::string::npos);
    CHECK(table_in(scene.report(), "child").at("types_known") == false);
    CHECK(table_in(scene.report(), "parent").at("types_known") == true);
}

TEST_CASE("dumps in different encodings are not compared with each other") {
    const CompareScene scene{k_shop};
    const std::string first = scene.dump();
    const std::string second = scene.dump({"--", "--encoding=LATIN1"});
    scene.check_failed(scene.compare({first, "--with", second}), 1,
                       "the dumps are in different encodings (UTF8 and LATIN1)");
}

TEST_CASE("a dump with a manifest of a later version is not compared without it") {
    const CompareScene scene{k_shop};
    const auto path = (scene.dumps() / scene.dump()).string();
    auto manifest = nlohmann::ordered_json::parse(read_file(path + ".json"));
    manifest["format_version"] = "3.0";
    write_file(path + ".json", manifest.dump());
    scene.check_failed(scene.compare({path}), 1, "its format version is 3.0");
}
