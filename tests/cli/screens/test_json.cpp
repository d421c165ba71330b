#include "support/catch.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <csignal>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

/// stdout as the single JSON object it must be.
nlohmann::json object_in(const ProgramResult& result) {
    INFO(result.out);
    REQUIRE(nlohmann::json::accept(result.out)); // accepts nothing before or after it
    auto object = nlohmann::json::parse(result.out);
    REQUIRE(object.is_object());
    CHECK(result.out.ends_with("}\n"));
    return object;
}

void check_error(const ProgramResult& result, int exit_code, const std::string& kind) {
    CHECK(result.exit_code == exit_code);
    const nlohmann::json error = object_in(result).at("error");
    CHECK(error.size() == 3);
    CHECK(error.at("kind") == kind);
    CHECK(error.at("message").get<std::string>().size() > 5);
    CHECK(error.at("hint").is_string());
    CHECK(result.err.empty());
}

} // namespace

TEST_CASE("with --json, every result is one object on stdout") {
    const TestDatabase database;
    database.psql("create table t (i integer)");
    const TempDir home;
    const ProgramOptions options{.environment = {{"DATABASE_URL", database.url() + "&unknown=1"}},
                                 .directory = home.path()};
    const ProgramResult dumped = run_dbbackup({"--json", "dump", "--label", "x\n"}, options);
    CHECK(dumped.exit_code == 0);
    CHECK(object_in(dumped).at("manifest").at("dump").at("label") == "x\n");
    CHECK(dumped.err.find("ignored in the URL, because libpq does not know it: unknown") !=
          std::string::npos);
    for (const Words& words :
         {Words{"list", "--json"}, Words{"--json", "show"}, Words{"dump", "-q", "--json"},
          Words{"dump", "-v", "--json", "-Fc"}}) {
        const ProgramResult result = run_dbbackup(words, options);
        CHECK(result.exit_code == 0);
        CHECK(object_in(result).size() >= 2);
    }
}

TEST_CASE("with --json, every error is one object on stdout") {
    const TempDir home;
    const auto run = [&home](const Words& words) {
        return run_dbbackup(words, {.directory = home.path()});
    };
    check_error(run({"--json"}), 2, "usage");
    check_error(run({"list", "--nonsense", "--json"}), 2, "usage");
    check_error(run({"--json", "dump"}), 2, "usage");
    check_error(run({"status", "--json"}), 1, "failed");
    check_error(run({"show", "x\xff\x1b", "--json"}), 1, "failed");
    check_error(run({"dump", "--json", "--url", "postgresql://x@/x?host=/nonexistent"}), 1,
                "failed");
    check_error(run({"dump", "--json", "--url", "postgres://[::1/c"}), 2, "usage");
    check_error(run({"dump", "--json", "--config", "nowhere"}), 2, "usage");
}

TEST_CASE("json = true in the configuration also applies to errors, --json after -- does not") {
    const TempDir home;
    write_file(home / "dbbackup.toml", "json = true\n");
    check_error(run_dbbackup({"show"}, {.directory = home.path()}), 1, "failed");
    std::filesystem::remove(home / "dbbackup.toml");
    const ProgramResult result = run_dbbackup({"dump", "--", "--json"}, {.directory = home.path()});
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
}

TEST_CASE("if a database's lock is held, its dump is reported as locked") {
    const TestDatabase database;
    const TempDir home;
    const TempDir tools;
    // Only the second run must be quick; the first is asked for its version and then takes its
    // time.
    write_executable(tools / "pg_dump", "#!/bin/sh\n"
                                        "[ \"$1\" = --version ] && exec '" +
                                            (Cluster::shared().bin_dir() / "pg_dump").string() +
                                            "' --version\n: > '" + (home / "started").string() +
                                            "'\nexec sleep 60\n");
    const ProgramOptions options{.environment = {{"DATABASE_URL", database.url()}},
                                 .directory = home.path()};
    Program first{{dbbackup_path(), "dump", "--bin-dir", tools.path().string()}, options};
    while (!std::filesystem::exists(home / "started")) {
        REQUIRE(first.running());
        ::usleep(5000);
    }
    check_error(run_dbbackup({"dump", "--json"}, options), 4, "locked");
    first.send(SIGTERM);
    CHECK(first.wait().exit_code == 128 + SIGTERM);
    CHECK(names_in(home / "dumps") == std::vector<std::string>{".gitignore"});
}
