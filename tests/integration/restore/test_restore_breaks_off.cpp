// Events on the server or in a client program during a restore.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/scene/small_disk.hpp"
#include "support/server/own_cluster.hpp"
#include "support/server/server_side.hpp"

#include <csignal>
#include <fmt/format.h>
#include <memory>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;

/// A dump that stops in the middle of its rows, until it is ended: a trigger sleeps.
std::string stopping(const std::string& sql) {
    return replaced(sql, "COPY shop.orders (id, customer, amount) FROM stdin;\n",
                    "CREATE FUNCTION shop.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
                    "new.id = 200 THEN PERFORM pg_sleep(100); END IF; RETURN new; END $$;\n"
                    "CREATE TRIGGER stop BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE "
                    "FUNCTION shop.stop();\n"
                    "COPY shop.orders (id, customer, amount) FROM stdin;\n");
}

void wait_for_rows(const Cluster& cluster, const std::string& database) {
    REQUIRE(eventually([&] {
        return cluster.psql("postgres", fmt::format("select exists (select from pg_stat_activity "
                                                    "where datname = '{}' and wait_event = "
                                                    "'PgSleep' and query like 'COPY %')",
                                                    database)) == "t";
    }));
}

/// After a stop or a crash, with its former options.
void start_again(const Cluster& cluster) {
    const std::string data = cluster.socket_directory() + "/data";
    const ProgramResult result =
        run_program(as_owner_of(data, {cluster.server_bin_dir() / "pg_ctl", "restart", "-w", "-D",
                                       data, "-l", cluster.socket_directory() + "/server.log"}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
}

std::string state_of(const Cluster& cluster) {
    const ProgramResult result = cluster.client("pg_dumpall", "postgres");
    REQUIRE(result.exit_code == 0);
    return without_restrict_keys(result.out);
}

/// A restore in the middle of its rows, with the server's view of its session.
struct StoppedRestore {
    ShopRestore scene;
    std::filesystem::path dump = scene.write_dump(stopping(scene.sql()));

    [[nodiscard]] std::unique_ptr<Program> start() const {
        auto program = std::make_unique<Program>(scene.words(dump, {"--clean", "--no-safety-dump"}),
                                                 scene.options());
        wait_for_rows(Cluster::shared(), scene.target().name());
        return program;
    }

    void to_session(const std::string& function) const {
        scene.target().psql(fmt::format("select {}(pid) from pg_stat_activity where datname = "
                                        "current_database() and query like 'COPY %'",
                                        function));
    }
};

} // namespace

TEST_CASE("an administrator terminates the session of a restore in the middle of its rows") {
    const StoppedRestore stopped;
    const auto program = stopped.start();
    stopped.to_session("pg_terminate_backend");
    const auto result = program->wait();
    stopped.scene.check_failed(result, k_failed, "terminating connection");
    CHECK(result.err.find("hint: Nothing was changed.") != std::string::npos);
}

TEST_CASE("an administrator cancels the statement of a restore") {
    const StoppedRestore stopped;
    const auto program = stopped.start();
    stopped.to_session("pg_cancel_backend");
    stopped.scene.check_failed(program->wait(), k_failed, "canceling statement");
}

TEST_CASE("a signal in the middle of the rows of a restore") {
    const StoppedRestore stopped;
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
        const auto program = stopped.start();
        program->send(signal_number);
        stopped.scene.check_failed(program->wait(), 128 + signal_number, "ended by signal");
    }
    const auto program = stopped.start();
    program->send(SIGKILL);
    CHECK(program->wait().signal_number == SIGKILL);
    // The server checks every second whether we are still connected.
    stopped.scene.check_untouched();
}

TEST_CASE("the server stops in the middle of a restore") {
    for (const char* mode : {"fast", "immediate"}) {
        INFO(mode);
        const ShopRestore scene;
        const OwnCluster own;
        own.cluster().psql("postgres", "create database shop");
        own.cluster().psql("shop", "create schema shop; create table shop.orders as select 7 as i");
        own.cluster().psql("shop", "checkpoint"); // otherwise it does not wait for the disk
        const std::string before = state_of(own.cluster());
        REQUIRE(before.find("shop.orders") != std::string::npos);
        ProgramOptions options = scene.options();
        options.environment["DATABASE_URL"] = own.cluster().url("shop");
        auto words =
            scene.words(scene.write_dump(stopping(scene.sql())), {"--clean", "--no-safety-dump"});
        words[6] = "shop"; // --confirm
        Program program{words, options};
        wait_for_rows(own.cluster(), "shop");
        own.stop(mode);
        const auto result = program.wait();
        scene.check_failed(result, k_failed, "");
        CHECK(result.err.find("hint: ") != std::string::npos);
        start_again(own.cluster());
        const std::string after = state_of(own.cluster());
        CHECK(first_difference(after, before) == "");
    }
}

TEST_CASE("the server's disk is full in the middle of a restore") {
    const SmallDisk disk{"4m"};
    if (!disk.there()) {
        return;
    }
    const OwnCluster own;
    const auto data = disk / "space";
    REQUIRE(
        run_program({"/bin/sh", "-c",
                     fmt::format("mkdir '{0}' && chmod 700 '{0}' && chown --reference='{1}' '{0}'",
                                 data.string(), own.cluster().socket_directory() + "/data")})
            .exit_code == 0);
    own.cluster().psql("postgres",
                       fmt::format("create tablespace small location '{}'", data.string()));
    own.cluster().psql("postgres", "create database shop");
    own.cluster().psql("shop", "create schema shop; create table shop.orders as select 7 as i");

    const ShopRestore scene;
    scene.source().psql("create table shop.noise as select md5(g::text) from "
                        "generate_series(1, 100000) g");
    ProgramOptions options = scene.options();
    const std::string before = state_of(own.cluster());
    const std::string sql = replaced(scene.sql(), "SET default_tablespace = '';\n",
                                     "SET default_tablespace = small;\n");
    options.environment["DATABASE_URL"] = own.cluster().url("shop");
    auto words = scene.words(scene.write_dump(sql), {"--clean", "--no-safety-dump"});
    words[6] = "shop"; // --confirm
    const auto result = run_program(words, options);
    scene.check_failed(result, k_failed, "No space left on device");
    CHECK(result.err.find("hint: Nothing was changed.") != std::string::npos);
    const std::string after = state_of(own.cluster());
    CHECK(first_difference(after, before) == "");
}
