#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/cluster.hpp"

#include <fmt/format.h>
#include <regex>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A dump directory `dumps` in a home.
struct Home {
    TempDir temp;
    std::string sql = sql_of_tables(sample_row(1) + sample_row(2), sample_row(3));

    Home() {
        std::filesystem::create_directory(temp / "dumps");
        write_sample_dump(temp / "dumps", "shop.sql.gz", sql);
    }

    [[nodiscard]] ProgramResult run(const std::vector<std::string>& words) const {
        return run_dbbackup(words, {.directory = temp.path()});
    }
};

/// An archive, and a pg_restore that stops in the middle of its rows until `go` exists.
struct SlowArchive {
    TempDir temp;
    FakeTools tools{temp.path()};
    TestDatabase database;
    TakenDump taken;

    SlowArchive() {
        database.psql("create table item as select n, repeat('x', 500) from "
                      "generate_series(1, 4000) n");
        taken = take_dump(database.url(), temp / "dumps", {"-F", "custom"});
        tools.use_real("pg_dump");
        tools.make("pg_restore",
                   fmt::format("{0} \"$@\" > '{1}'\n"
                               "head -c 1500000 '{1}'\n"
                               "while ! [ -e '{2}' ]; do sleep 0.02; done\n"
                               "tail -c +1500001 '{1}'\n",
                               FakeTools::real("pg_restore"), tools.path("sql"), tools.path("go")));
    }

    [[nodiscard]] std::vector<std::string> words(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> all{dbbackup_path(), "verify", taken.path.string(), "--bin-dir",
                                     tools.directory()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    void go_on() const { write_file(tools.path("go"), ""); }
};

} // namespace

TEST_CASE("output of verify for a good dump") {
    const Home home;
    const ProgramResult result = home.run({"verify"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CAPTURE(result.out);
    CHECK(std::regex_match(
        result.out, std::regex{"shop\\.sql\\.gz: good\n"
                               "read [0-9.]+ [KB]i?B?, [0-9.]+ [KB]i?B? of SQL, in [^(]+ "
                               "\\([^)]+/s\\): 3 rows in 3 tables, all as its manifest says\n"}));
    CHECK(contains(home.run({"check"}).out, "shop.sql.gz: good\n"));
}

TEST_CASE("verify: --quiet still prints the result, --verbose prints each step") {
    const Home home;
    const ProgramResult quiet = home.run({"verify", "-q"});
    CHECK(contains(quiet.out, "shop.sql.gz: good\n"));
    CHECK(quiet.err.empty());
    CHECK(contains(home.run({"verify", "-v"}).err, "dbbackup: verifying latest\n"));

    write_file(home.temp / "dumps/shop.sql.gz", "no dump");
    const ProgramResult damaged = home.run({"verify", "--quiet"});
    CHECK(damaged.exit_code == 3);
    CHECK(damaged.out == "shop.sql.gz: DAMAGED\n");
    CHECK(damaged.err.starts_with("dbbackup: error: 'dumps/shop.sql.gz' is damaged: "));
    CHECK(contains(damaged.err, "\nhint: Use another dump"));
}

TEST_CASE("verify: --json prints one object that includes the error, and no error on stderr") {
    const Home home;
    ProgramResult result = home.run({"verify", "--json"});
    auto json = nlohmann::json::parse(result.out);
    CHECK(result.out.ends_with("}\n"));
    CHECK(result.err.empty());
    CHECK(json.at("result") == "good");
    CHECK_FALSE(json.contains("error"));
    const auto& dump = json.at("dumps").at(0);
    std::vector<std::string> fields;
    for (const auto& [field, value] : dump.items()) {
        fields.push_back(field);
    }
    CHECK(fields == std::vector<std::string>{"database", "drill", "has_manifest", "hint", "kind",
                                             "level", "message", "not_checked", "path", "place",
                                             "read_ms", "recorded", "result", "rows", "size",
                                             "tables", "uncompressed_size"});
    CHECK(dump.at("database") == "shop");
    CHECK(dump.at("path") == "dumps/shop.sql.gz");
    CHECK(dump.at("rows") == 3);
    CHECK(dump.at("uncompressed_size") == home.sql.size());
    CHECK(dump.at("message").is_null());
    CHECK(dump.at("place").at("member").is_null());
    CHECK(dump.at("drill").is_null());

    write_file(home.temp / "dumps/shop.sql.gz", "no dump");
    result = home.run({"verify", "--json"});
    json = nlohmann::json::parse(result.out);
    CHECK(result.exit_code == 3);
    CHECK(result.err.empty());
    CHECK(json.at("result") == "damaged");
    CHECK(json.at("error").at("kind") == "damaged");
    CHECK(json.at("error").at("message") == json.at("dumps").at(0).at("message"));
    CHECK(json.at("error").at("hint") == json.at("dumps").at(0).at("hint"));

    result = home.run({"verify", "--json", "missing.sql"});
    json = nlohmann::json::parse(result.out);
    CHECK(result.exit_code == 1);
    CHECK(json.at("result") == "unverified");
    CHECK(json.at("error").at("kind") == "failed");
}

TEST_CASE("a report that cannot be written is an error, but damage is still reported as damage") {
    const Home home;
    for (const std::string json : {"", " --json"}) {
        const auto run_full = [&home, &json] {
            return run_program(
                {"/bin/bash", "-c", "exec \"$0\" verify" + json + " > /dev/full", dbbackup_path()},
                {.directory = home.temp.path()});
        };
        CHECK(run_full().exit_code == 1);
        const std::string content = read_file(home.temp / "dumps/shop.sql.gz");
        write_file(home.temp / "dumps/shop.sql.gz", "no dump");
        const ProgramResult damaged = run_full();
        CHECK(damaged.exit_code == 3);
        CHECK(contains(damaged.err, "warning: cannot write the result to stdout"));
        write_file(home.temp / "dumps/shop.sql.gz", content);
    }
}

TEST_CASE("content of a damaged dump is escaped on the terminal") {
    const Home home;
    const std::string name = "esc\x1b[31m.sql";
    std::string sql = replaced(home.sql, "public.first", "public.\"\x1b[2J\"");
    write_file(home.temp / ("dumps/" + name), sql.substr(0, sql.find(sample_row(2)) + 3));
    const ProgramResult one = home.run({"verify", name});
    const ProgramResult all = home.run({"verify", "--all"});
    for (const ProgramResult& result : {one, all}) {
        CHECK(result.exit_code == 3);
        CHECK_FALSE(contains(result.out, "\x1b"));
        CHECK_FALSE(contains(result.err, "\x1b"));
        CHECK(contains(result.err, "esc\\x1B[31m.sql"));
    }
    CHECK(nlohmann::json::parse(home.run({"verify", "--json", name}).out)
              .at("/dumps/0/result"_json_pointer) == "damaged");
}

TEST_CASE("verify: progress on a terminal is one line that is cleared at the end") {
    const SlowArchive archive;
    TerminalProgram program{archive.words(), {.directory = archive.temp.path()}, 100};
    REQUIRE(program.wait_for("checking the dump: "));
    REQUIRE(program.wait_for("public.item"));
    archive.go_on();
    CHECK(program.wait() == 0);
    const auto screen = screen_of(program.output(), 1000);
    REQUIRE(screen.size() == 2);
    CHECK(screen[0] == archive.taken.path.filename().string() + ": good");
    CHECK(contains(screen[1], "4,000 rows in 1 table"));
}

TEST_CASE("verify: no progress with --no-progress or -q") {
    for (const std::string flag : {"--no-progress", "-q"}) {
        const SlowArchive archive;
        archive.go_on();
        TerminalProgram program{archive.words({flag}), {.directory = archive.temp.path()}, 100};
        CHECK(program.wait() == 0);
        CHECK_FALSE(contains(program.output(), "checking"));
    }
}

TEST_CASE("verify: Ctrl-C ends it with exit code 130, and nothing is recorded") {
    const SlowArchive archive;
    TerminalProgram program{archive.words(), {.directory = archive.temp.path()}, 100};
    REQUIRE(program.wait_for("checking the dump: "));
    program.type("\x03");
    CHECK(program.wait() == 130);
    const auto manifest = nlohmann::json::parse(read_file(manifest_path(archive.taken.path)));
    CHECK(manifest.at("verifications").empty());
    CHECK_FALSE(contains(program.output(), "DAMAGED"));
}
