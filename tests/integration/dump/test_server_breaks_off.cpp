// Events on the server during a dump.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/server/own_cluster.hpp"
#include "support/server/server_side.hpp"

#include <csignal>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

const std::vector<std::string> k_formats{"plain", "custom"};

/// A run of dbbackup in the middle of the rows of a slow table.
struct SlowRun {
    const Cluster& cluster;
    std::string database;
    TestRole role{"login", cluster};
    SlowTable table{cluster, database, role};

    [[nodiscard]] Program start(const DumpScene& scene, const std::string& format) const {
        ProgramOptions options = scene.options();
        options.environment["DATABASE_URL"] = cluster.url(database, role.name(), "x");
        std::vector<std::string> arguments{"-F", format};
        arguments.insert(arguments.end(), k_slow_arguments.begin(), k_slow_arguments.end());
        return Program{scene.words(arguments), options};
    }
};

bool pg_dump_waits_for_lock(const DumpScene& scene) {
    return eventually([&scene] {
        return scene.database().psql("select exists (select from pg_stat_activity where "
                                     "datname = current_database() and wait_event_type = 'Lock' "
                                     "and application_name = 'pg_dump')") == "t";
    });
}

} // namespace

TEST_CASE("a lock is held longer than --lock-wait-timeout") {
    const DumpScene scene;
    scene.database().psql("create table busy (x int)");
    const HeldLock lock{scene.database(), "busy"};
    for (const std::string& format : k_formats) {
        const auto result = scene.dump({"-F", format, "--lock-wait-timeout", "200ms"});
        scene.check_failed(result, 1, "lock");
        CHECK(result.err.find("busy") != std::string::npos);
        CHECK(result.err.find("hint: Another session holds a lock") != std::string::npos);
    }
}

TEST_CASE("a signal while pg_dump waits for a lock leaves no waiting session") {
    const DumpScene scene;
    scene.database().psql("create table busy (x int)");
    const HeldLock lock{scene.database(), "busy"};
    for (const int signal_number : {SIGTERM, SIGINT, SIGKILL}) {
        CAPTURE(signal_number);
        Program run{scene.words(), scene.options()};
        REQUIRE(pg_dump_waits_for_lock(scene));
        run.send(signal_number);
        const auto result = run.wait();
        CHECK(result.exit_code == 128 + signal_number);
        scene.check_nothing_runs();
        scene.check_earlier_untouched();
    }
}

TEST_CASE("an administrator terminates pg_dump's session") {
    const DumpScene scene;
    const SlowRun slow{Cluster::shared(), scene.database().name()};
    for (const std::string& format : k_formats) {
        Program run = slow.start(scene, format);
        slow.table.wait_for_copy();
        scene.database().psql("select pg_terminate_backend(pid) from pg_stat_activity where "
                              "datname = current_database() and application_name = 'pg_dump'");
        const auto result = run.wait();
        scene.check_failed(result, 1, "pg_dump failed with exit status 1");
        CHECK(result.err.find("terminating connection") != std::string::npos);
        CHECK(result.err.find("hint: ") != std::string::npos);
    }
    scene.database().psql("drop table slow");
}

TEST_CASE("an administrator cancels pg_dump's query") {
    const DumpScene scene;
    const SlowRun slow{Cluster::shared(), scene.database().name()};
    Program run = slow.start(scene, "plain");
    slow.table.wait_for_copy();
    scene.database().psql("select pg_cancel_backend(pid) from pg_stat_activity where "
                          "datname = current_database() and application_name = 'pg_dump'");
    scene.check_failed(run.wait(), 1, "canceling statement due to user request");
    scene.database().psql("drop table slow");
}

TEST_CASE("a signal in the middle of a slow table") {
    const DumpScene scene;
    const SlowRun slow{Cluster::shared(), scene.database().name()};
    for (const std::string& format : k_formats) {
        Program run = slow.start(scene, format);
        slow.table.wait_for_copy();
        run.send(SIGTERM);
        scene.check_failed(run.wait(), 143, "ended by signal 15");
    }
    scene.database().psql("drop table slow");
}

TEST_CASE("the server stops in the middle of a dump") {
    const DumpScene scene;
    for (const char* mode : {"fast", "immediate"}) {
        CAPTURE(mode);
        const OwnCluster own;
        own.cluster().psql("postgres", "create database shop");
        const SlowRun slow{own.cluster(), "shop"};
        Program run = slow.start(scene, "plain");
        slow.table.wait_for_copy();
        own.stop(mode);
        const auto result = run.wait();
        scene.check_failed(result, 1, "pg_dump failed with exit status 1");
        CHECK(result.err.find("connection") != std::string::npos);
        CHECK(result.err.find("hint: ") != std::string::npos);
    }
}
