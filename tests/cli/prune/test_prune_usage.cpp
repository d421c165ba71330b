#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("prune needs a valid rule, and otherwise deletes nothing") {
    const SampleDirectory dumps;
    (void)dumps.add_days(5);
    const auto before = dumps.state();
    const Words rules = GENERATE(
        Words{}, Words{"--keep-last", "0"}, Words{"--keep-last", "-1"}, Words{"--keep-last=-1"},
        Words{"--keep-last", "1.5"}, Words{"--keep-last", "1e3"},
        Words{"--keep-last", "4294967296"}, Words{"--keep-last", "99999999999999999999"},
        Words{"--keep-last", "2 3"}, Words{"--keep-last", "0x2"},
        Words{"--keep-last", "--keep-daily", "2"}, Words{"--keep-last", "2", "3"},
        Words{"--keep-daily", "0", "--keep-weekly", "0"}, Words{"--keep-within", "5"},
        Words{"--keep-within", "30x"}, Words{"--keep-within", "-3d"}, Words{"--keep-within", "0d"},
        Words{"--keep-within", ""}, Words{"--keep-within", "1d2h"},
        Words{"--keep-last", "1", "--keep-within", "5"}, Words{"--keep-lasts", "1"},
        Words{"--keep-last", "1", "a_dump.sql"}, Words{"--keep-last", "1", "--", "x"});
    CAPTURE(rules);
    Words words{"prune"};
    words.insert(words.end(), rules.begin(), rules.end());
    const ProgramResult result = dumps.run(words);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with("dbbackup: error: "));
    CHECK(dumps.state() == before);
}

TEST_CASE("a rule needs a plain decimal number") {
    const SampleDirectory dumps;
    (void)dumps.add_days(12);
    for (const char* count : {"010", "", "00", "+8", " 8"}) {
        INFO("'" << count << "'");
        CHECK(dumps.run({"prune", "--keep-daily", "1", "--keep-last", count}).exit_code == 2);
    }
    CHECK(dumps.dumps().size() == 12);
    CHECK(dumps.run({"prune", "--keep-last", "10"}).exit_code == 0);
    CHECK(dumps.dumps().size() == 10);
}

TEST_CASE("a URL is not a database name, and is not repeated") {
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    for (const Words& words :
         {Words{"prune", "--keep-last", "1", "--database", "postgres://app:secret@db/app"},
          Words{"prune", "--keep-last", "1", "--database=postgresql://app:secret@db/app", "--json"},
          Words{"pin", "postgres://app:secret@db/app"}}) {
        const ProgramResult result = dumps.run(words);
        CHECK(result.exit_code == 2);
        CHECK((result.out + result.err).find("secret") == std::string::npos);
    }
    CHECK(dumps.dumps().size() == 3);
}

TEST_CASE("forget is an alias of prune") {
    const SampleDirectory dumps;
    const auto names = dumps.add_days(3);
    CHECK(dumps.run({"forget", "--keep-last", "1"}).exit_code == 0);
    CHECK(dumps.dumps() == std::vector{names.back()});
}

TEST_CASE("rules from dbbackup.toml") {
    const SampleDirectory dumps;
    (void)dumps.add_days(4);
    const auto config = dumps.path().parent_path() / "dbbackup.toml";
    write_file(config, "[prune]\nkeep-last = 3\n");
    CHECK(dumps.run({"prune"}).exit_code == 0);
    CHECK(dumps.dumps().size() == 3);
    CHECK(dumps.run({"prune", "--keep-last", "2"}).exit_code == 0);
    CHECK(dumps.dumps().size() == 2);
    write_file(config, "[prune]\nkeep-lasts = 1\n");
    CHECK(dumps.run({"prune", "--keep-last", "1"}).exit_code == 2);
    CHECK(dumps.dumps().size() == 2);
}

TEST_CASE("a directory that is missing or empty") {
    const SampleDirectory dumps;
    const ProgramResult empty = dumps.run({"prune", "--keep-last", "1"});
    CHECK(empty.exit_code == 0);
    CHECK(empty.out == "no dumps in '" + dumps.path().string() + "'\n");
    std::filesystem::remove_all(dumps.path());
    const ProgramResult missing = dumps.run({"prune", "--keep-last", "1", "--json"});
    CHECK(missing.exit_code == 1);
    CHECK(nlohmann::json::parse(missing.out).at("error").at("kind") == "failed");
    CHECK(!std::filesystem::exists(dumps.path()));
}

TEST_CASE("a database without dumps, and a name that no database can have") {
    const SampleDirectory dumps;
    (void)dumps.add_days(2);
    const auto before = dumps.state();
    const auto run = [&dumps](const std::string& database) {
        return dumps.run({"prune", "--keep-last", "1", "--database", database});
    };
    const ProgramResult none = run("no\x1bsuch");
    CHECK(none.exit_code == 0);
    CHECK(none.out == "no dumps of database 'no\\x1Bsuch' in '" + dumps.path().string() + "'\n");
    CHECK(run(std::string(63, 'd')).exit_code == 0);
    const ProgramResult longer = run(std::string(64, 'd'));
    CHECK(longer.exit_code == 2);
    CHECK(longer.err.find("64 bytes") != std::string::npos);
    CHECK(dumps.state() == before);
}
