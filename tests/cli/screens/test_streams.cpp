#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

using namespace dbbackup::test;

namespace {

/// Runs dbbackup in a shell, with `redirections` such as ">&-".
ProgramResult run_redirected(const std::string& words, const std::string& redirections,
                             const TestDatabase& database, const TempDir& home) {
    return run_program(
        {"/bin/sh", "-c", "exec '" + dbbackup_path() + "' " + words + " " + redirections},
        {.environment = {{"DATABASE_URL", database.url()}}, .directory = home.path()});
}

/// Checks that each dump matches its manifest.
void check_dumps(const TempDir& home) {
    for (const std::string& name : names_in(home / "dumps")) {
        if (name.ends_with(".json")) {
            const auto path = home / "dumps" / name.substr(0, name.size() - 5);
            const auto manifest = nlohmann::json::parse(read_file(home / "dumps" / name));
            const ProgramResult sum = run_program({"/usr/bin/sha256sum", path.string()});
            CHECK(manifest.at("file").at("sha256") == sum.out.substr(0, 64));
        }
    }
}

const std::vector<std::string> k_bad_streams{
    ">&-",      "2>&-",         "<&-",        "<&- >&-",
    ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full", "</dev/null >/dev/full 2>/dev/full"};

} // namespace

TEST_CASE("a dump is taken and sound whatever happens to its standard streams", "[slow]") {
    const TestDatabase database;
    database.psql("create table a (i integer); insert into a select generate_series(1, 100)");
    const TempDir home;
    std::size_t expected = 1; // the .gitignore
    for (const std::string& streams : k_bad_streams) {
        for (const std::string words : {"dump -v", "dump -Fc --json"}) {
            INFO(words << ' ' << streams);
            CHECK(run_redirected(words, streams, database, home).exit_code == 0);
            expected += 2;
            CHECK(names_in(home / "dumps").size() == expected);
        }
    }
    check_dumps(home);
}

TEST_CASE("a result that cannot be written is an error, unless a dump was taken") {
    const TestDatabase database;
    const TempDir home;
    REQUIRE(run_redirected("dump -q", "", database, home).exit_code == 0);
    for (const std::string words :
         {"list", "list --json", "show", "show --json", "--help", "--version"}) {
        for (const std::string streams : {">/dev/full", ">&-"}) {
            INFO(words << ' ' << streams);
            const ProgramResult result = run_redirected(words, streams, database, home);
            CHECK(result.exit_code == 1);
            CHECK(result.err.find("stdout") != std::string::npos);
        }
        INFO(words);
        CHECK(run_redirected(words, "2>&-", database, home).exit_code == 0);
    }
    CHECK(run_redirected("list --nonsense", "2>/dev/full", database, home).exit_code == 2);
    CHECK(run_redirected("list --nonsense --json", ">/dev/full", database, home).exit_code == 2);
    const ProgramResult dumped = run_redirected("dump", ">/dev/full", database, home);
    CHECK(dumped.exit_code == 0);
    CHECK(dumped.err.find("warning: cannot write the result to stdout") != std::string::npos);
}

TEST_CASE("a reader that exits early ends list without a signal") {
    const TestDatabase database;
    const TempDir home;
    REQUIRE(run_redirected("dump -q", "", database, home).exit_code == 0);
    const ProgramResult result = run_program(
        {"/bin/bash", "-c", "'" + dbbackup_path() + "' list | true; echo ${PIPESTATUS[0]}"},
        {.directory = home.path()});
    CHECK((result.out == "0\n" || result.out == "1\n")); // whoever is first
}
