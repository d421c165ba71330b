#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

using namespace dbbackup::test;

namespace {

struct Filter {
    std::vector<std::string> ours;
    std::vector<std::string> pg_dumps;
};

const std::vector<Filter> k_filters{
    {{"-t", "zoo.beasts"}, {"-t", "zoo.beasts"}},
    {{"-t", "zoo.h*", "-t", "public.*"}, {"-t", "zoo.h*", "-t", "public.*"}},
    {{"--table=zoo.log*", "-T", "zoo.log_2026*"}, {"-t", "zoo.log*", "-T", "zoo.log_2026*"}},
    {{"--exclude-table", "*.beasts"}, {"-T", "*.beasts"}},
    {{"-n", "public"}, {"-n", "public"}},
    {{"--schema=zoo", "--schema", "public"}, {"-n", "zoo", "-n", "public"}},
    {{"-N", "zoo"}, {"-N", "zoo"}},
    {{"--exclude-schema", "\"Zoo \"\"2\"\"\"", "-N", "Ünï*"},
     {"-N", "\"Zoo \"\"2\"\"\"", "-N", "Ünï*"}},
    {{"--exclude-table-data", "zoo.huge", "--exclude-table-data=zoo.log*"},
     {"--exclude-table-data=zoo.huge", "--exclude-table-data=zoo.log*"}},
    {{"-s"}, {"-s"}},
    {{"--data-only"}, {"-a"}},
    {{"-O", "--no-privileges"}, {"-O", "-x"}},
    {{"--no-owner", "-x", "-n", "zoo", "-s"}, {"-O", "-x", "-n", "zoo", "-s"}},
    {{"--", "--no-comments"}, {"--no-comments"}},
    {{"-n", "zoo", "--", "--no-publications", "-B", "--section=pre-data"},
     {"-n", "zoo", "--no-publications", "-B", "--section=pre-data"}},
    {{"--", "--clean", "--if-exists"}, {"--clean", "--if-exists"}},
    {{"--lock-wait-timeout", "5m", "-t", "zoo.beasts"}, {"-t", "zoo.beasts"}},
};

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += word + " ";
    }
    return text;
}

/// The words of `first` before those of `second`, so that `--` comes last.
std::vector<std::string> together(std::vector<std::string> first,
                                  const std::vector<std::string>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

TEST_CASE("filters and arguments after -- work as in pg_dump for plain dumps") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    const TempDir home;
    for (const Filter& filter : k_filters) {
        INFO(joined(filter.ours));
        const TakenDump taken =
            take_dump(zoo.url(), home.path(), together({"-Znone"}, filter.ours));
        const std::string expected = pg_dump_of(zoo.name(), filter.pg_dumps);
        CHECK(first_difference(without_restrict_keys(sql_of(taken.path)), expected).empty());
    }
}

TEST_CASE("filters and arguments after -- work as in pg_dump for archives") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    const TempDir home;
    for (const Filter& filter : {k_filters[2], k_filters[8], k_filters[10], k_filters[12]}) {
        INFO(joined(filter.ours));
        const TakenDump taken = take_dump(zoo.url(), home.path(), together({"-Fc"}, filter.ours));
        write_file(home / "expected.dump",
                   Cluster::shared()
                       .client("pg_dump", zoo.name(), together({"-Fc"}, filter.pg_dumps))
                       .out);
        CHECK(first_difference(without_restrict_keys(sql_of(taken.path)),
                               without_restrict_keys(sql_of(home / "expected.dump")))
                  .empty());
    }
}

TEST_CASE("the manifest distinguishes a table without its rows from an empty one") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    const TempDir home;
    for (const std::string format : {"-Fplain", "-Fcustom"}) {
        INFO(format);
        const TakenDump schema = take_dump(zoo.url(), home.path(), {format, "--schema-only"});
        CHECK(schema.manifest.at("contents").at("tables").size() > 20);
        for (const auto& table : schema.manifest.at("contents").at("tables")) {
            CHECK(table.at("has_data") == false);
            CHECK(table.at("rows") == 0);
        }
        const TakenDump partly =
            take_dump(zoo.url(), home.path(), {format, "--exclude-table-data=zoo.huge"});
        CHECK(partly.table("zoo", "huge").at("has_data") == false);
        CHECK(partly.table("zoo", "empty_table").at("has_data") == true);
        CHECK(partly.table("zoo", "empty_table").at("rows") == 0);
        const TakenDump rows = take_dump(zoo.url(), home.path(), {format, "-a"});
        CHECK(rows_by_manifest(rows.manifest) == rows_by_server(zoo.name()));
    }
}

TEST_CASE("the manifest records the filters") {
    const TestDatabase database;
    database.psql("create table a (i integer); create table b (i integer)");
    const TempDir home;
    const TakenDump taken =
        take_dump(database.url(), home.path(), {"-t", "a", "-O", "--", "--no-comments"});
    CHECK(taken.manifest.at("dump").at("options") ==
          nlohmann::json{"--format=plain", "--table=a", "--no-owner", "--no-comments"});
    CHECK(taken.manifest.at("contents").at("tables").size() == 1);
}

TEST_CASE("options that leave nothing, or make rows less exact, are refused before anything") {
    const TestDatabase database;
    database.psql("create table t as select 0.1::float8 + 0.2 as f");
    const TempDir home;
    for (const auto& words : {std::vector<std::string>{"-s", "--", "--section=data"},
                              {"-a", "--", "--section=pre-data"},
                              {"--", "--extra-float-digits=0"},
                              {"--", "--stat"}}) {
        const ProgramResult result =
            run_program(together({dbbackup_path(), "dump", "--url", database.url(), "--dir",
                                  (home / "dumps").string()},
                                 words),
                        {});
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK((!std::filesystem::exists(home / "dumps") || names_in(home / "dumps").empty()));
    }
}

TEST_CASE("a filter that matches nothing is an error, as in pg_dump") {
    const TestDatabase database;
    database.psql("create table a (i integer)");
    const TempDir home;
    const ProgramResult result = run_dbbackup({"dump", "--url", database.url(), "--dir",
                                               (home / "dumps").string(), "-t", "no_such_table"});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("no matching tables") != std::string::npos);
    CHECK(names_in(home / "dumps").empty());
}
