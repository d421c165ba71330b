// `restore --jobs`: a new database beside the target, which takes its name at the end or not at
// all.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/scene/jobs_scene.hpp"
#include "support/server/server_side.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <random>
#include <thread>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_usage = 2;
constexpr int k_damaged = 3;
constexpr int k_refused = 5;

/// An idle session in the target.
std::unique_ptr<Program> connect(const JobsScene& scene) {
    ProgramOptions options;
    options.input = "select pg_sleep(100);";
    auto psql = std::make_unique<Program>(
        std::vector<std::string>{Cluster::shared().bin_dir() / "psql", "-Xq", scene.target().url()},
        options);
    REQUIRE(
        eventually([&scene] { return Cluster::shared().sessions_in(scene.target().name()) > 0; }));
    return psql;
}

} // namespace

TEST_CASE("restore --jobs replaces the target with a new database and keeps the old one",
          "[matrix]") {
    const JobsScene scene;
    const std::string old_state = Cluster::shared().dump_of(scene.target().name());
    const auto result = scene.restore_by_jobs();
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(first_difference(Cluster::shared().dump_of(scene.target().name()),
                           Cluster::shared().dump_of(scene.source().name())) == "");
    const std::string kept = scene.others();
    REQUIRE(kept.find("_before_") != std::string::npos);
    CHECK(kept.find('\n') == std::string::npos);
    CHECK(first_difference(Cluster::shared().dump_of(kept), old_state) == "");
    CHECK(result.out.find("kept as " + kept) != std::string::npos);
}

TEST_CASE("restore --jobs needs an archive, no --table and an empty target or --clean") {
    const JobsScene scene;
    const auto plain = scene.write_dump(scene.sql());
    scene.check_failed(scene.restore(plain, {"--jobs", "2", "--clean"}), k_usage, "--jobs needs");
    scene.check_jobs_failed(scene.restore_by_jobs({"--table", "shop.orders"}), k_usage, "--table");
    scene.check_jobs_failed(scene.restore(scene.archive, {"--jobs", "2"}), k_refused,
                            "is not empty");
}

TEST_CASE("restore --jobs of a damaged archive keeps the target and leaves no other database") {
    const JobsScene scene;
    const std::string content = read_file(scene.archive);
    std::string spoilt = content;
    spoilt[content.size() / 2] = static_cast<char>(~spoilt[content.size() / 2]);
    for (const std::string& bad : {spoilt, content.substr(0, content.size() - 10)}) {
        write_file(scene.archive, bad);
        scene.check_jobs_failed(scene.restore_by_jobs(), k_damaged, "is damaged");
    }
    const auto cut = scene.write_dump(content.substr(0, content.size() / 2), ".dump");
    scene.check_jobs_failed(scene.restore(cut, {"--jobs", "2", "--clean"}), k_damaged, "");
}

TEST_CASE("pg_restore fails, dies or restores too little under --jobs", "[matrix]") {
    const JobsScene scene;
    FakeTools tools{scene.temp()};
    tools.use_real("pg_dump");
    const std::string real = FakeTools::real("pg_restore");
    for (const auto& [body, message] :
         {std::pair{std::string{"echo 'pg_restore: error: the cause' >&2; exit 1\n"}, "the cause"},
          {std::string{"kill -KILL $$\n"}, "signal 9"},
          {std::string{"exit 0\n"}, "missing after the restore"},
          {real + " --schema-only \"$@\"\n", "has 0 rows after the restore"},
          {real + " --table=orders \"$@\" 2> /dev/null; exit 0\n", "missing after the restore"}}) {
        INFO(body);
        tools.make("pg_restore", while_it_restores(body));
        scene.check_jobs_failed(scene.restore_by_jobs({"--bin-dir", tools.directory()}), k_failed,
                                message);
    }
}

TEST_CASE("an archive that is rewritten while --jobs restores it does not become the target") {
    const JobsScene scene;
    scene.source().psql("update shop.orders set amount = amount + 1");
    const TakenDump other =
        take_dump(scene.source().url(), scene.temp() / "other", {"-F", "custom"});
    FakeTools tools{scene.temp()};
    tools.use_real("pg_dump");
    tools.make("pg_restore", while_it_restores(fmt::format(
                                 "cat '{}' > '{}'\nexec {} \"$@\"\n", other.path.string(),
                                 scene.archive.string(), FakeTools::real("pg_restore"))));
    scene.check_jobs_failed(scene.restore_by_jobs({"--bin-dir", tools.directory()}), k_damaged,
                            "changed while it was restored");
}

TEST_CASE("restore --jobs waits for other sessions to end, names them and gives up") {
    const JobsScene scene;
    const auto somebody = connect(scene);
    const auto result = scene.restore_by_jobs({"--lock-timeout", "500ms"});
    CHECK(result.err.find("session ") != std::string::npos);
    CHECK(result.err.find("psql") != std::string::npos);
    CHECK(result.err.find("hint: Nothing was changed.") != std::string::npos);
    scene.check_jobs_failed(result, k_failed, "gave up after waiting");

    const auto forced = scene.restore_by_jobs({"--disconnect-others"});
    INFO(forced.err);
    CHECK(forced.exit_code == 0);
    CHECK(scene.is_new());
}

TEST_CASE("restore --jobs reports a conflicting prepared transaction, and how to end it") {
    const JobsScene scene;
    const std::string gid = "held in " + scene.target().name();
    scene.target().psql(fmt::format("begin; select txid_current(); prepare transaction '{}'", gid));
    const auto result = scene.restore_by_jobs({"--lock-timeout", "1s", "--disconnect-others"});
    CHECK(result.exit_code == k_failed);
    CHECK(result.err.find("the prepared transaction '" + gid + "'") != std::string::npos);
    CHECK(result.err.find("ROLLBACK PREPARED") != std::string::npos);
    scene.target().psql(fmt::format("rollback prepared '{}'", gid));
    CHECK(scene.others().empty());
}

TEST_CASE("signals at random moments of a restore with --jobs") {
    const JobsScene scene;
    const bool is_long = std::getenv("DBBACKUP_TEST_LONG") != nullptr;
    std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<int> delays{0, 1000};
    const std::string target = scene.target().name();
    for (int round = 0; round < (is_long ? 120 : 9); ++round) {
        const int signal_number = std::array{SIGINT, SIGTERM, SIGKILL}[round % 3];
        Program run{scene.jobs_words(), scene.options()};
        std::this_thread::sleep_for(std::chrono::milliseconds{delays(random)});
        run.send(signal_number);
        const ProgramResult result = run.wait();
        CAPTURE(round, signal_number, result.err, result.out);
        CHECK((result.exit_code == 0 || result.exit_code == 128 + signal_number));
        const std::string kept = Cluster::shared().psql(
            "postgres", fmt::format("select datname from pg_database where datname like "
                                    "'{}\\_before\\_%'",
                                    target));
        if (kept.empty()) {
            CHECK(result.exit_code != 0);
            scene.check_untouched();
            CHECK((scene.others().empty() || signal_number == SIGKILL));
        } else {
            CHECK((result.exit_code == 0 || signal_number == SIGKILL));
            CHECK(scene.is_new());
            Cluster::shared().psql("postgres",
                                   fmt::format("drop database {} with (force)", target));
            Cluster::shared().psql("postgres",
                                   fmt::format("alter database \"{}\" rename to {}", kept, target));
        }
        scene.drop_others();
    }
}
