#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <regex>
#include <set>
#include <sstream>

// Whether the zoo has everything that the tests with it are meant to show.

using namespace dbbackup::test;

namespace {

/// As pg_dump 15 names the entries of an archive. Left out: SECURITY LABEL, for which there is no
/// provider, and those only in --create.
const std::set<std::string> k_types_of_entries{
    "ACCESS METHOD",
    "ACL",
    "AGGREGATE",
    "CAST",
    "CHECK CONSTRAINT",
    "COLLATION",
    "COMMENT",
    "CONSTRAINT",
    "CONVERSION",
    "DEFAULT",
    "DEFAULT ACL",
    "DOMAIN",
    "EVENT TRIGGER",
    "EXTENSION",
    "FK CONSTRAINT",
    "FOREIGN DATA WRAPPER",
    "FOREIGN TABLE",
    "FUNCTION",
    "INDEX",
    "INDEX ATTACH",
    "MATERIALIZED VIEW",
    "MATERIALIZED VIEW DATA",
    "OPERATOR",
    "OPERATOR CLASS",
    "OPERATOR FAMILY",
    "POLICY",
    "PROCEDURAL LANGUAGE",
    "PROCEDURE",
    "PUBLICATION",
    "PUBLICATION TABLE",
    "PUBLICATION TABLES IN SCHEMA",
    "ROW SECURITY",
    "RULE",
    "SCHEMA",
    "SEQUENCE",
    "SEQUENCE OWNED BY",
    "SEQUENCE SET",
    "SERVER",
    "SHELL TYPE",
    "STATISTICS",
    "SUBSCRIPTION",
    "TABLE",
    "TABLE ATTACH",
    "TABLE DATA",
    "TEXT SEARCH CONFIGURATION",
    "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH PARSER",
    "TEXT SEARCH TEMPLATE",
    "TRANSFORM",
    "TRIGGER",
    "TYPE",
    "USER MAPPING",
    "VIEW",
};

} // namespace

TEST_CASE("the zoo has well over 60 kinds of object, each once") {
    std::set<std::string> kinds;
    for (const auto& file : std::filesystem::directory_iterator{data_file("zoo")}) {
        std::istringstream lines{read_file(file.path())};
        const std::string mark = "-- kind: ";
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with(mark)) {
                INFO(line);
                CHECK(kinds.insert(line.substr(mark.size())).second);
            }
        }
    }
    CHECK(kinds.size() >= 200);
}

TEST_CASE("the zoo has every type of entry that pg_dump writes") {
    const TestDatabase zoo;
    Cluster::shared().load(zoo.name(), data_file("zoo.sql"));
    const TempDir home;
    write_file(home / "zoo.dump", Cluster::shared().client("pg_dump", zoo.name(), {"-Fc"}).out);
    const ProgramResult list = run_program(
        {(Cluster::shared().bin_dir() / "pg_restore").string(), "-l", home / "zoo.dump"});
    const std::regex entry{R"(\d+; \d+ \d+ ([A-Z][A-Z ]*[A-Z]) .*)"};
    std::set<std::string> found;
    std::istringstream lines{list.out};
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, entry)) {
            found.insert(match[1]);
        }
    }
    const bool has_large_objects = found.contains("BLOBS");
    CHECK(has_large_objects);
    for (const std::string& type : k_types_of_entries) {
        INFO(type);
        // Objects new in 15 are not in the zoo of an older server.
        const bool is_there = found.contains(type) || type == "PUBLICATION TABLES IN SCHEMA";
        CHECK(is_there);
    }
}
