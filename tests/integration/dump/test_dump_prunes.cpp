// `dump --keep-…`: prunes after the dump is taken, and only then.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/server/cluster.hpp"

#include <algorithm>
#include <csignal>

using namespace dbbackup::test;
using nlohmann::json;

namespace {

using Words = std::vector<std::string>;

/// Old dumps of an existing database, beside those of others.
struct Scene {
    TestDatabase database;
    SampleDirectory dumps;
    std::vector<std::string> own;
    std::vector<std::string> others;

    Scene() {
        // Not fewer rows than the old dumps have: that would hold them back.
        database.psql("create table t as select generate_series(1, 1000)");
        // As dbbackup names this server.
        const SampleDump mine{.started = {},
                              .database = database.name(),
                              .host = Cluster::shared().socket_directory()};
        for (const char* day : {"2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"}) {
            own.push_back(add(mine, &SampleDump::started, day));
        }
        for (const char* time : {"2020-02-01T01", "2020-02-01T02", "2020-02-01T03"}) {
            SampleDump other = mine;
            other.started = time;
            others.push_back(add(other, &SampleDump::database, database.name() + "_old"));
            others.push_back(add(other, &SampleDump::database, "a"));
            others.push_back(add(other, &SampleDump::host, "elsewhere"));
            other.started += ":30";
            other.options = {"--schema-only"};
            others.push_back(dumps.add(other));
        }
        std::ranges::sort(others);
    }

    std::string add(SampleDump made, std::string SampleDump::*field,
                    const std::string& value) const {
        made.*field = value;
        return dumps.add(made);
    }

    [[nodiscard]] ProgramOptions options() const {
        return {.environment = {{"DATABASE_URL", database.url()}},
                .directory = dumps.path().parent_path()};
    }

    [[nodiscard]] ProgramResult dump(Words more) const {
        more.insert(more.begin(), "dump");
        return run_program(dumps.words(more), options());
    }

    /// The remaining old dumps of the database. Checks that all of the others' exist.
    [[nodiscard]] Words left() const {
        const Words all = dumps.dumps();
        CHECK(std::ranges::includes(all, others));
        Words left;
        std::ranges::copy_if(own, std::back_inserter(left), [&](const std::string& name) {
            return std::ranges::count(all, name) > 0;
        });
        return left;
    }
};

} // namespace

TEST_CASE("dump --keep-last prunes only whole dumps of the same database") {
    const Scene scene;
    const ProgramResult result = scene.dump({"--keep-last", "2"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.find("\ndeleted 3 of 5 dumps, ") != std::string::npos);
    CHECK(scene.left() == Words{scene.own[3]});
    CHECK(scene.dumps.dumps().size() == scene.others.size() + 2);
    scene.dumps.check_all_good();
}

TEST_CASE("dump with rules reports what it pruned in its JSON") {
    const Scene scene;
    const json report = json::parse(scene.dump({"--keep-last", "2", "--json"}).out);
    CHECK(report.at("prune_problem") == nullptr);
    CHECK(report.at("prune").at("removed") == 3);
    CHECK(report.at("prune").at("dry_run") == false);
    CHECK(report.at("prune").at("dumps").size() == 5);
    CHECK(report.at("prune").at("dumps").at(0).at("reasons") == json{"newest", "last"});
    const json without = json::parse(scene.dump({"--json"}).out);
    CHECK(without.at("prune") == nullptr);
    CHECK(without.at("prune_problem") == nullptr);
}

TEST_CASE("no dump prunes without rules") {
    const Scene scene;
    CHECK(scene.dump({}).exit_code == 0);
    CHECK(scene.left() == scene.own);
}

TEST_CASE("a part prunes parts only, and takes no place of a whole dump") {
    const Scene scene;
    const json report = json::parse(scene.dump({"--keep-last", "2", "-s", "--json"}).out);
    CHECK(report.at("prune").at("removed") == 2);
    const Words left = scene.dumps.dumps();
    CHECK(std::ranges::includes(left, scene.own));
    CHECK(left.size() == scene.own.size() + scene.others.size() - 2 + 1);
}

TEST_CASE("invalid rules are refused before anything is dumped") {
    const Scene scene;
    const auto before = scene.dumps.state();
    for (const Words& rules :
         {Words{"--keep-last", "0"}, Words{"--keep-last", "-1"}, Words{"--keep-within", "5"},
          Words{"--keep-daily", "010"}, Words{"--keep-last", "0", "--keep-within", "0d"}}) {
        CAPTURE(rules);
        CHECK(scene.dump(rules).exit_code == 2);
        CHECK(scene.dumps.state() == before);
    }
}

TEST_CASE("a failed dump prunes nothing") {
    const Scene scene;
    const auto before = scene.dumps.state();
    FakeTools tools{scene.dumps.path().parent_path()};
    tools.make("pg_dump", GENERATE("echo broken >&2\nexit 1\n", "exit 0\n", "echo 'SELECT 1;'\n",
                                   "kill -9 $$\n"));
    const ProgramResult result = scene.dump({"--keep-last", "1", "--bin-dir", tools.directory()});
    CHECK((result.exit_code == 1 || result.exit_code == 3));
    CHECK(scene.dumps.state() == before);
}

TEST_CASE("a dump prunes nothing if the server is down, or if the lock is held") {
    const Scene scene;
    const auto before = scene.dumps.state();
    const std::string nowhere =
        "postgresql://u@/" + scene.database.name() + "?host=" + scene.dumps.path().string();
    CHECK(scene.dump({"--keep-last", "1", "--url", nowhere}).exit_code == 1);
    CHECK(scene.dumps.state() == before);
    const HeldFile lock{scene.dumps / lock_name_of(scene.database.name()),
                        HeldFile::How::exclusive};
    const auto locked = scene.dumps.state();
    CHECK(scene.dump({"--keep-last", "1"}).exit_code == 4);
    CHECK(scene.dumps.state() == locked);
}

TEST_CASE("a dump that a signal ends prunes nothing") {
    const Scene scene;
    const auto before = scene.dumps.state();
    FakeTools tools{scene.dumps.path().parent_path()};
    tools.make("pg_dump", "touch " + tools.path("begun") + "\n" + std::string{k_hang});
    Program run{scene.dumps.words({"dump", "--keep-last", "1", "--bin-dir", tools.directory()}),
                scene.options()};
    REQUIRE(eventually([&] { return std::filesystem::exists(tools.path("begun")); }));
    run.send(SIGTERM);
    CHECK(run.wait().exit_code == 143);
    CHECK(scene.dumps.state() == before);
}

TEST_CASE("an older dump that dump cannot delete is a warning, and the new dump is good") {
    const Scene scene;
    // Not even root can rename a file to the name of a directory.
    std::filesystem::create_directory(scene.dumps / ("." + scene.own[1] + ".removed"));
    const ProgramResult result = scene.dump({"--keep-last", "2", "--json"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("warning: the dump was taken, but older ones could not be deleted: ") !=
          std::string::npos);
    CHECK(result.err.find("'" + scene.own[1] + "' could not be deleted: ") != std::string::npos);
    const json report = json::parse(result.out);
    CHECK(report.at("prune") == nullptr);
    const auto problem = report.at("prune_problem").get<std::string>();
    CHECK(problem.starts_with("2 dumps deleted, 1 dump could not be: "));
    CHECK(problem.ends_with(".removed' is in the way"));
    CHECK(std::filesystem::exists(report.at("path").get<std::string>()));
    CHECK(scene.left() == Words{scene.own[1], scene.own[3]});
}

TEST_CASE("rules in the dump section of dbbackup.toml apply to dump only") {
    const Scene scene;
    write_file(scene.dumps.path().parent_path() / "dbbackup.toml", "[dump]\nkeep-daily = 3\n");
    CHECK(scene.dump({}).exit_code == 0);
    CHECK(scene.left() == Words{scene.own[2], scene.own[3]});
    CHECK(run_program(scene.dumps.words({"prune"}), scene.options()).exit_code == 2);
}

TEST_CASE("a dump that restore or verify is reading stays, and prune reports it as held") {
    const Scene scene;
    const HeldFile reader{scene.dumps / scene.own[0], HeldFile::How::shared};
    CHECK(scene.dump({"--keep-last", "1"}).exit_code == 0);
    CHECK(scene.left() == Words{scene.own[0]});
}

TEST_CASE("verify locks the dump that it reads") {
    // An archive whose pg_restore waits, so that verify runs for as long as the test needs.
    const TestDatabase database;
    const SampleDirectory dumps;
    const TakenDump taken = take_dump(database.url(), dumps.path(), {"-F", "custom"});
    (void)take_dump(database.url(), dumps.path());
    FakeTools tools{dumps.path().parent_path()};
    tools.use_real("pg_dump");
    tools.make("pg_restore", "touch " + tools.path("begun") + "\nwhile ! [ -e " + tools.path("go") +
                                 " ]; do sleep 0.02; done\nexec " + FakeTools::real("pg_restore") +
                                 " \"$@\"\n");
    Program verify{dumps.words({"verify", taken.path.filename(), "--bin-dir", tools.directory()}),
                   {.directory = dumps.path()}};
    REQUIRE(eventually([&] { return std::filesystem::exists(tools.path("begun")); }));
    const ProgramResult pruned = dumps.run({"prune", "--keep-last", "1"});
    CHECK(pruned.exit_code == 0);
    CHECK(pruned.out.find("held") != std::string::npos);
    CHECK(std::filesystem::exists(taken.path));
    write_file(tools.path("go"), "");
    CHECK(verify.wait().exit_code == 0);
    CHECK(dumps.dumps().size() == 2);
}

TEST_CASE("concurrent prunes and dumps lose nothing") {
    const Scene scene;
    const Words prune = scene.dumps.words({"prune", "--keep-last", "2"});
    const Words dump = scene.dumps.words({"dump", "--keep-last", "2", "-q"});
    std::string newest = run_program(dump, scene.options()).out;
    newest.resize(newest.find('\n'));
    for (int round = 0; round < 4; ++round) {
        Program one{dump, scene.options()};
        Program other{prune, scene.options()};
        Program third{dump, scene.options()};
        for (Program* run : {&one, &other, &third}) {
            const ProgramResult result = run->wait();
            CAPTURE(round, result.err);
            CHECK((result.exit_code == 0 || result.exit_code == 4));
            if (run != &other && result.exit_code == 0) {
                newest = std::max(newest, result.out.substr(0, result.out.find('\n')));
            }
        }
        CHECK(std::filesystem::exists(newest));
        scene.dumps.check_all_good();
    }
    // Two of each database and server, and two parts.
    CHECK(run_program(prune, scene.options()).exit_code == 0);
    CHECK(scene.dumps.dumps().size() == 5 * 2);
    CHECK(std::filesystem::exists(newest));
}
