#include "support/catch.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

TEST_CASE("the configuration sets defaults for options of dump, and flags override them") {
    const TempDir home;
    const TestDatabase database;
    database.psql(
        "create table a (i integer); create table b (i integer); create table c (i integer)");
    write_file(
        home / "dbbackup.toml",
        "dir = \"backups\" # a comment\n\n[dump]\ncompress = 'none'\ntable = [\"a\", \"b\"]\n"
        "no-owner = true\npin = false\nlabel = \"nightly \\u00e9\"\n[list]\n");
    const auto recorded = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--json", "--url", database.url()});
        const ProgramResult result = run_dbbackup(words, {.directory = home.path()});
        INFO(result.out);
        REQUIRE(result.exit_code == 0);
        const auto report = nlohmann::json::parse(result.out);
        CHECK(report.at("path").get<std::string>().starts_with("backups/"));
        CHECK(report.at("manifest").at("pinned") == false);
        return report.at("manifest").at("dump");
    };
    const nlohmann::json by_configuration = recorded({"dump"});
    CHECK(by_configuration.at("compression") == "none");
    CHECK(by_configuration.at("label") == "nightly é");
    CHECK(by_configuration.at("options") ==
          nlohmann::json{"--format=plain", "--table=a", "--table=b", "--no-owner"});
    const nlohmann::json by_flags = recorded({"backup", "-t", "c", "-Zzstd", "--label", "now"});
    CHECK(by_flags.at("compression") == "zstd:3");
    CHECK(by_flags.at("label") == "now");
    CHECK(by_flags.at("options") == nlohmann::json{"--format=plain", "--table=c", "--no-owner"});
    CHECK(run_dbbackup({"list"}, {.directory = home.path()}).exit_code == 0);
}

TEST_CASE("option --config names another configuration, which must exist") {
    const TempDir home;
    write_file(home / "dbbackup.toml", "dir = \"here\"\n");
    write_file(home / "other.toml", "dir = \"there\"\n");
    std::filesystem::create_directories(home / "here");
    std::filesystem::create_directories(home / "there");
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"list", "--config", "other.toml"},
          {"--config=other.toml", "list"}}) {
        CHECK(run_dbbackup(words, {.directory = home.path()})
                  .out.starts_with("No dumps yet in 'there'."));
    }
    const auto said = [&](const std::vector<std::string>& words) {
        return run_dbbackup(words, {.directory = home.path()}).out;
    };
    CHECK(said({"list"}).starts_with("No dumps yet in 'here'."));
    CHECK(said({"list", "--config", "/dev/null"}) ==
          "No dumps yet in 'dumps'. Take the first: dbbackup dump --config /dev/null\n");
    for (const std::string name : {"nowhere.toml", "there"}) {
        const ProgramResult result =
            run_dbbackup({"list", "--config", name}, {.directory = home.path()});
        CHECK(result.exit_code == 2);
        CHECK(result.err.find(name) != std::string::npos);
    }
}

TEST_CASE("an invalid configuration is refused, and its secrets are not repeated") {
    for (const std::string text :
         {"nonsense = 1", "[dump]\nexclude-tables = \"x\"", "[dumps]\npin = true",
          "compress = \"none\"", "[dump]\nformat = \"tar\"",
          "[dump]\nschema-only = true\ndata-only = true", "json = \"s3cr3t@\"", "quiet = 7.5",
          "url = \"postgres://u:s3cr3t@h/d", "url = postgres://u:s3cr3t@h/d", "[[[",
          "dir = \"a\"\ndir = \"b\"", "help = true", "config = \"x\"",
          "[dump]\nformat = \"postgres://u:s3cr3t@h/d\"", "dir = \"postgres://u:s3cr3t@h/d\"",
          "dir = \"\"", "url = [\"a\", \"b\"]", "\xff\xfe"}) {
        INFO(text);
        const TempDir home;
        write_file(home / "dbbackup.toml", text + "\n");
        const ProgramResult result = run_dbbackup({"dump"}, {.directory = home.path()});
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK((text.starts_with("json") || result.err.find("s3cr3t") == std::string::npos));
        CHECK(result.err.find("no database is named") == std::string::npos);
        CHECK(names_in(home.path()) == std::vector<std::string>{"dbbackup.toml"});
    }
}

TEST_CASE("options for a single restore cannot be in the configuration", "[slow]") {
    const TempDir home;
    const TestDatabase database;
    for (const std::string line :
         {"clean = true", "exact = true", "create = true", "dry-run = true", "table = 'a'",
          "schema = ['a']", "drop-missing = true", "jobs = 2"}) {
        INFO(line);
        const std::string key = line.substr(0, line.find(' '));
        write_file(home / "dbbackup.toml", "[restore]\n" + line + "\n");
        // guard prints a restore command to paste.
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"restore"}, {"guard", "true"}}) {
            std::vector<std::string> all{"--url", database.url()};
            all.insert(all.end(), words.begin(), words.end());
            const ProgramResult result = run_dbbackup(all, {.directory = home.path()});
            CHECK(result.exit_code == 2);
            CHECK(result.err.find("the configuration file has restore." + key +
                                  ", which belongs on the command line") != std::string::npos);
            CHECK(result.err.find("--" + key + " when you need it") != std::string::npos);
            CHECK(names_in(home.path()) == std::vector<std::string>{"dbbackup.toml"});
        }
        // A nightly dump continues.
        const TempDir dumps;
        CHECK(run_dbbackup({"dump", "--url", database.url(), "--dir", (dumps / "d").string()},
                           {.directory = home.path()})
                  .exit_code == 0);
    }
    write_file(home / "dbbackup.toml", "[restore]\nlock-timeout = '1m'\nsafety-dir = 'x'\n"
                                       "disconnect-others = true\nno-owner = true\n");
    CHECK(run_dbbackup({"restore", "--url", database.url()}, {.directory = home.path()})
              .err.find("configuration file") == std::string::npos);
}
