#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

const std::string k_gone = "app_2019-01-01T00-00-00-000Z.sql";

ProgramResult prune(const SampleDirectory& dumps, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"prune", "--keep-last", "1"});
    return dumps.run(more);
}

void leave(const SampleDirectory& dumps, const std::string& name, std::chrono::hours age) {
    write_file(dumps / name, "left");
    dumps.age(name, age);
}

/// A dump and how far its removal got before the run was killed.
std::string begin_removal(const SampleDirectory& dumps, const std::string& name = {}) {
    const std::string dump = dumps.add({.started = "2019-01-01", .name = name});
    std::filesystem::rename(dumps / dump, dumps / ("." + dump + ".removed"));
    return dump;
}

} // namespace

TEST_CASE("partial files are deleted after a day") {
    const SampleDirectory dumps;
    const std::string newest = dumps.add_at("2020-01-01");
    for (const char* suffix : {".partial", ".json.partial", ".json.update.partial"}) {
        leave(dumps, "." + k_gone + suffix, 25h);
        leave(dumps, ".app_2019-02-02T00-00-00-000Z.sql.gz" + std::string{suffix}, 23h);
    }
    const ProgramResult result = prune(dumps);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("deleted ." + k_gone + ".partial, a leftover of a killed run\n") !=
          std::string::npos);
    CHECK(dumps.dumps() ==
          std::vector<std::string>{".app_2019-02-02T00-00-00-000Z.sql.gz.json.partial",
                                   ".app_2019-02-02T00-00-00-000Z.sql.gz.json.update.partial",
                                   ".app_2019-02-02T00-00-00-000Z.sql.gz.partial", newest});
}

TEST_CASE("leftovers of other databases stay if a database is named") {
    const SampleDirectory dumps;
    leave(dumps, ".app_old_2019-01-01T00-00-00-000Z.sql.partial", 50h);
    leave(dumps, ".app_2019-01-01T00-00-00-000Z.sql.partial", 50h);
    CHECK(prune(dumps, {"--database", "app"}).exit_code == 0);
    CHECK(dumps.dumps() ==
          std::vector<std::string>{".app_old_2019-01-01T00-00-00-000Z.sql.partial"});
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.dumps().empty());
}

TEST_CASE("nothing is deleted while another run holds a database's lock") {
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    dumps.add({.started = "2020-01-01", .database = "other"});
    dumps.add({.started = "2020-01-02", .database = "other"});
    leave(dumps, "." + k_gone + ".partial", 50h);
    leave(dumps, ".aaa_2019-01-01T00-00-00-000Z.sql.partial", 50h);
    const char* database = GENERATE("app", "other", "aaa");
    std::map<std::string, std::string> before;
    {
        const HeldFile lock{dumps / lock_name_of(database), HeldFile::How::exclusive};
        before = dumps.state();
        const ProgramResult result = prune(dumps, {"--json"});
        CHECK(result.exit_code == 4);
        CHECK(nlohmann::json::parse(result.out).at("error").at("kind") == "locked");
        CHECK(dumps.state() == before);
    }
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.dumps().size() == 2);
}

TEST_CASE("the lock of another database blocks nothing") {
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    dumps.add({.started = "2020-01-01", .database = "other"});
    const HeldFile lock{dumps / lock_name_of("other"), HeldFile::How::exclusive};
    CHECK(prune(dumps, {"--database", "app"}).exit_code == 0);
    CHECK(dumps.dumps().size() == 3);
}

TEST_CASE("an interrupted removal is not reported as a loss, and is finished") {
    const SampleDirectory dumps;
    const std::string newest = dumps.add_at("2020-01-01");
    const std::string gone = begin_removal(dumps);
    dumps.check_all_good();
    CHECK(dumps.run({"list"}).out.find(gone) == std::string::npos);
    CHECK(dumps.run({"show", gone}).exit_code == 1);
    CHECK(prune(dumps, {"--dry-run"}).out.find("would delete ." + gone + ".removed") !=
          std::string::npos);
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.state().size() == 2);
    CHECK(dumps.dumps() == std::vector{newest});
}

TEST_CASE("a hidden file whose name is not one of dbbackup's stays, whatever a manifest says") {
    const SampleDirectory dumps;
    dumps.add_at("2020-01-01");
    (void)begin_removal(dumps, "nightly.sql");
    const auto before = dumps.state();
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.state() == before);
}

TEST_CASE("an almost finished removal is finished") {
    const SampleDirectory dumps;
    dumps.add_at("2020-01-01");
    const std::string gone = begin_removal(dumps);
    std::filesystem::remove(manifest_path(dumps / gone));
    dumps.check_all_good();
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.state().size() == 2);
}

TEST_CASE("if a removed dump has reappeared, its manifest stays") {
    const SampleDirectory dumps;
    dumps.add_at("2020-01-01");
    const std::string gone = begin_removal(dumps);
    CHECK(dumps.add({.started = "2019-01-01", .pinned = true}) == gone);
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.dumps().size() == 2);
    CHECK(dumps.dumps().front() == gone);
    dumps.check_all_good();
}

TEST_CASE("a dump that another run is reading stays") {
    const SampleDirectory dumps;
    const auto names = dumps.add_days(3);
    {
        const HeldFile reader{dumps / names[0], HeldFile::How::shared};
        CHECK(prune(dumps, {"--dry-run"}).out.find("  held\n") != std::string::npos);
        const ProgramResult result = prune(dumps, {"--json"});
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        const auto told = nlohmann::json::parse(result.out).at("dumps").at(2);
        CHECK(told.at("name") == names[0]);
        CHECK(told.at("action") == "keep");
        CHECK(told.at("reasons") == nlohmann::json::array({"held"}));
        CHECK(dumps.dumps() == std::vector{names[0], names[2]});
    }
    CHECK(prune(dumps).exit_code == 0);
    CHECK(dumps.dumps() == std::vector{names[2]});
}
