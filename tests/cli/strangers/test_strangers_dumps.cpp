// A dump directory to which others can add files: what they plant there influences nothing. Each
// attack is made on an ordinary user and on root.

#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/processes.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

using Names = std::vector<std::string>;

const std::string k_of_mallory = std::string{"belongs to "} + k_mallory_shown;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("dumps that another user plants displace none of ours") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    Names planted;
    for (int hour = 10; hour < 18; ++hour) {
        planted.push_back(attack.dumps.forge({.started = "2020-01-04T" + std::to_string(hour)}));
    }
    const ProgramResult result = attack.dumps.run({"prune", "--keep-last", "2", "--json"});
    INFO(result.out << result.err);
    REQUIRE(result.exit_code == 0);
    CHECK_FALSE(attack.is_there(attack.ours[0]));
    CHECK(attack.is_there(attack.ours[1]));
    CHECK(attack.is_there(attack.ours[2]));
    CHECK(std::ranges::all_of(planted, [&](const auto& name) { return attack.is_there(name); }));
    const auto report = nlohmann::json::parse(result.out);
    CHECK(report.at("removed") == 1);
    CHECK(report.at("dumps").at(0).at("reasons") == nlohmann::json{"foreign"});
    const ProgramResult again = attack.dumps.run({"prune", "--keep-last", "2"});
    CHECK(contains(again.out, "foreign: it " + k_of_mallory));
}

TEST_CASE("a forged manifest beside a link to our own dump displaces none of ours") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string planted = attack.dumps.forge({.started = "2020-01-04"});
    std::filesystem::remove(attack.dumps / planted);
    std::filesystem::create_hard_link(attack.dumps / attack.ours[0], attack.dumps / planted);
    const ProgramResult result = attack.dumps.run({"prune", "--keep-last", "1"});
    CHECK(result.exit_code == 0);
    CHECK(attack.is_there(attack.ours[2]));
    CHECK(attack.is_there(planted));
    CHECK(contains(result.out, "foreign: its manifest " + k_of_mallory));
    CHECK(contains(attack.dumps.run({"show"}).out, attack.ours[2]));
}

TEST_CASE("a link to our own dump under a newer name, without a manifest, is never latest") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    std::filesystem::create_hard_link(attack.dumps / attack.ours[0],
                                      attack.dumps / "app_2021-01-01T00-00-00-000Z.sql");
    CHECK(contains(attack.dumps.run({"show"}).out, attack.ours[2]));
}

TEST_CASE("latest skips other users' dumps, and reports it") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string planted = attack.dumps.forge({.started = "2020-02-01"});
    attack.dumps.plant("app_2020-02-02T00-00-00-000Z.sql", "SELECT 1;\n");
    attack.dumps.forge({.started = "2020-02-01", .database = "another"});
    const ProgramResult result = attack.dumps.run({"show", "latest", "--json"});
    INFO(result.out << result.err);
    REQUIRE(result.exit_code == 0);
    const auto report = nlohmann::json::parse(result.out);
    CHECK(report.at("path") == (attack.dumps / attack.ours[2]).string());
    CHECK(report.at("foreign_owner").is_null());
    CHECK(contains(result.err, "skipped 'app_2020-02-02T00-00-00-000Z.sql': it " + k_of_mallory +
                                   "; it has no manifest (and 1 more such dump)"));
    CHECK(contains(attack.dumps.run({"verify"}).out, attack.ours[2]));
}

TEST_CASE("if all dumps are other users', there is no latest") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{GENERATE(k_root, k_victim)};
    const std::string planted = dumps.forge({.started = "2020-02-01"});
    REQUIRE(::chmod((dumps / planted).c_str(), 0644) == 0);
    REQUIRE(::chmod(manifest_path(dumps / planted).c_str(), 0644) == 0);
    const ProgramResult result = dumps.run({"show"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "there are only other users' dumps in '" + dumps.path().string() +
                                   "': '" + planted + "'"));
    // Given by its whole name, it is the user's own choice, with a warning.
    const ProgramResult named = dumps.run({"show", planted});
    CHECK(named.exit_code == 0);
    CHECK(contains(named.err, "'" + planted + "': it " + k_of_mallory));
    CHECK(contains(named.out, "PROBLEM        it " + k_of_mallory));
}

TEST_CASE("list marks other users' dumps") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string planted = attack.dumps.forge({.started = "2020-02-01"});
    CHECK(contains(attack.dumps.run({"list"}).out, "! another user's"));
    const ProgramResult result = attack.dumps.run({"list", "--json"});
    CHECK(result.exit_code == 0);
    const auto dumps = nlohmann::json::parse(result.out).at("dumps");
    CHECK(dumps.at(0).at("name") == planted);
    CHECK(dumps.at(0).at("foreign_owner") == k_mallory_shown);
    CHECK(contains(dumps.at(0).at("problem"), "it " + k_of_mallory));
    CHECK(dumps.at(1).at("foreign_owner").is_null());
}

TEST_CASE("the beginning of a name never matches another user's dump") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string planted = attack.dumps.forge({.started = "2020-01-03T12"});
    CHECK(attack.dumps.run({"pin", "app_2020-01-03"}).exit_code == 0);
    CHECK(contains(attack.manifest(attack.ours[2]), "\"pinned\": true"));
    CHECK(attack.dumps.run({"pin", "app_2020-01-03T12"}).exit_code == 1);
    const ProgramResult named = attack.dumps.run({"pin", planted});
    CHECK(named.exit_code == 1);
    CHECK(contains(named.err, "cannot be pinned or unpinned: it " + k_of_mallory));
    CHECK(contains(attack.manifest(planted), "\"pinned\": false"));
}

TEST_CASE("verify never writes to another user's manifest, and --all skips it") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string planted = attack.dumps.forge({.started = "2020-02-01"});
    const std::string before = attack.manifest(planted);
    REQUIRE(::chmod((attack.dumps / planted).c_str(), 0644) == 0);
    REQUIRE(::chmod(manifest_path(attack.dumps / planted).c_str(), 0666) == 0);
    const ProgramResult named = attack.dumps.run({"verify", planted, "--json"});
    INFO(named.out << named.err);
    CHECK(named.exit_code == 0);
    CHECK(nlohmann::json::parse(named.out).at("dumps").at(0).at("recorded") == false);
    CHECK(contains(named.err,
                   std::string{"not recorded, because the dump belongs to "} + k_mallory_shown));
    attack.dumps.plant(planted, "damage");
    const ProgramResult all = attack.dumps.run({"verify", "--all", "--json"});
    INFO(all.out << all.err);
    CHECK(all.exit_code == 0);
    CHECK(nlohmann::json::parse(all.out).at("dumps").size() == 3);
    CHECK(contains(all.err, "'" + planted + "' is not verified: it " + k_of_mallory));
    CHECK(attack.manifest(planted) == before);
}

TEST_CASE("in another user's directory, that user's dumps count like ours") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{k_root};
    give(dumps.path(), k_mallory);
    const std::string theirs = dumps.forge({.started = "2020-02-01"});
    CHECK(contains(dumps.run({"show"}).out, theirs));
    CHECK(dumps.run({"pin", theirs}).exit_code == 0);
    CHECK(dumps.run({"verify", "--all"}).exit_code == 0);
}

TEST_CASE("a dump counts once, however many names it has") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{k_root};
    const auto& newest = attack.ours.back();
    const auto before = attack.dumps.run({"status", "--max-age", "36500d", "--json"});
    for (const char* suffix : {"", ".json"}) {
        std::filesystem::create_hard_link(attack.dumps / (newest + suffix),
                                          attack.dumps / (std::string{"zz.sql"} + suffix));
    }
    const auto after = attack.dumps.run({"status", "--max-age", "36500d", "--json"});
    const auto database = [](const ProgramResult& result) {
        auto found = nlohmann::json::parse(result.out).at("databases").at(0);
        found.at("newest").erase("age_seconds"); // a second may have passed
        return found;
    };
    CHECK(after.exit_code == before.exit_code);
    CHECK(database(after).at("newest") == database(before).at("newest"));
    CHECK(database(after).at("dumps") == database(before).at("dumps"));
    CHECK(contains(attack.dumps.run({"show", "latest"}).out, newest));
}

TEST_CASE("a lease on another user's file blocks nothing") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{k_root};
    const std::string forged = attack.dumps.forge({.started = "2020-01-04"});
    const pid_t holder = ::fork();
    if (holder == 0) {
        const bool is_ready =
            ::setuid(k_mallory) == 0 &&
            ::fcntl(::open((attack.dumps / (forged + ".json")).c_str(), O_RDWR), F_SETLEASE,
                    F_WRLCK) == 0 &&
            ::fcntl(::open((attack.dumps / forged).c_str(), O_RDWR), F_SETLEASE, F_WRLCK) == 0;
        ::signal(SIGIO, SIG_IGN);
        write_file(attack.dumps / "zz_ready", is_ready ? "yes" : "no");
        ::pause();
        ::_exit(0);
    }
    const auto ready = attack.dumps / "zz_ready";
    // It exists a moment before anything is written to it.
    REQUIRE(
        eventually([&] { return std::filesystem::exists(ready) && !read_file(ready).empty(); }));
    CHECK(read_file(ready) == "yes");
    for (const Names& words : {Names{"list"}, Names{"status", "--max-age", "36500d"},
                               Names{"prune", "--keep-last", "1"}, Names{"verify", "--all"}}) {
        const ProgramResult result = attack.dumps.run(words);
        INFO(words.front() << "\n" << result.out << result.err);
        CHECK(result.exit_code == 0);
    }
    ::kill(holder, SIGKILL);
    ::waitpid(holder, nullptr, 0);
}

TEST_CASE("another user's dump directory is not used unless it was named") {
    if (!can_be_others()) {
        return;
    }
    const TempDir home;
    std::filesystem::create_directory(home / "dumps");
    give(home / "dumps", k_mallory);
    const ProgramResult refused = run_dbbackup({"list"}, {.directory = home.path()});
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.err, k_of_mallory));
    CHECK(contains(refused.err, "--dir dumps"));
    CHECK(run_dbbackup({"list", "--dir", "dumps"}, {.directory = home.path()}).exit_code == 0);
}

TEST_CASE("a bare word never means another user's file, whatever its name") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attacked{k_victim};
    const std::string ours = attacked.dumps.add({.started = "2020-01-04", .label = "before-2.4"});
    attacked.dumps.plant("before-2.4", "-- PostgreSQL database dump\n");
    attacked.dumps.plant("app_2020-01-0", "-- PostgreSQL database dump\n");
    const ProgramResult shown = attacked.dumps.run({"show", "before-2.4"});
    CAPTURE(shown.err);
    CHECK(shown.exit_code == 0);
    CHECK(contains(shown.out, ours));
    CHECK(attacked.dumps.run({"show", "app_2020-01-0"}).exit_code == 2); // several of ours match
}
