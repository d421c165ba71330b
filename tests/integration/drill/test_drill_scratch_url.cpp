// Drills on one's own server: as a superuser and as an ordinary role, beside others' databases.

#include "support/catch.hpp"
#include "support/program/processes.hpp"
#include "support/scene/drill_scene.hpp"
#include "support/scene/shop_restore.hpp"

#include <csignal>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

/// A database with its own owner, dropped at the end.
class DatabaseOf {
public:
    DatabaseOf(std::string name, const std::string& owner) : name_(std::move(name)) {
        Cluster::shared().psql("postgres", fmt::format("create database {} owner {} template "
                                                       "template0",
                                                       name_, owner));
    }

    ~DatabaseOf() {
        try {
            Cluster::shared().psql("postgres", fmt::format("drop database if exists {}", name_));
        } catch (const std::exception&) {
            // The whole server is removed at the end of the run.
        }
    }

    DatabaseOf(const DatabaseOf&) = delete;
    DatabaseOf& operator=(const DatabaseOf&) = delete;

    [[nodiscard]] bool there() const {
        return Cluster::shared().psql(
                   "postgres", fmt::format("select count(*) from pg_database where datname = '{}'",
                                           name_)) == "1";
    }

private:
    std::string name_;
};

/// Named as dbbackup does, each one different.
std::string scratch_name() {
    static int count = 0;
    return fmt::format("dbbackup_scratch_{:08x}{:08x}", ::getpid(), count++);
}

} // namespace

TEST_CASE("a drill on one's own server creates a database and drops it") {
    const DrillScene scene{"create table t (id integer); insert into t values (1), (2)"};
    const ScratchRole superuser{"login superuser"};
    const Drilled drilled = scene.drill(scene.dump(), superuser.with());
    scene.check_proven(drilled);
    CHECK(drilled.drill().at("text_not_compared").is_null());
    CHECK(drilled.drill().at("scratch").get<std::string>().find(
              Cluster::shared().socket_directory()) != std::string::npos);
    superuser.check_nothing_left();
}

TEST_CASE("DBBACKUP_SCRATCH_URL names the server if the flag does not") {
    const DrillScene scene{"create table t (id integer)"};
    const ScratchRole role{"login superuser"};
    ProgramOptions options = scene.options();
    options.environment["DBBACKUP_SCRATCH_URL"] = role.url();
    const ProgramResult result = run_program(scene.words(scene.dump()), options);
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("a scratch database on") != std::string::npos);
    role.check_nothing_left();
}

TEST_CASE("an ordinary role with CREATEDB can drill a dump without owners and privileges") {
    const DrillScene scene;
    const TestRole owner;
    const TestRole reader;
    scene.database().psql(fmt::format("create table t (id integer); insert into t values (1);"
                                      "alter table t owner to {}; grant select on t to {}",
                                      owner.name(), reader.name()));
    for (const char* format : {"plain", "custom"}) {
        const auto dump = scene.dump({"-F", format});
        const ScratchRole role;
        scene.check_failed(scene.drill(dump, role.with()), 1, "ALTER TABLE public.t OWNER TO");
        role.check_nothing_left();
        const Drilled drilled = scene.drill(dump, role.with({"--no-owner", "--no-privileges"}));
        INFO(drilled.result.out);
        CHECK(drilled.result.exit_code == 0);
        CHECK(drilled.compared("public", "t") == "contents");
        CHECK(drilled.drill().at("text_not_compared") == "owners or privileges were left out");
        role.check_nothing_left();
    }
}

TEST_CASE("roles missing on the scratch server are named, with a hint") {
    const DrillScene scene;
    const ScratchRole superuser{"login superuser"};
    std::filesystem::path dump;
    std::string missing;
    {
        const TestRole owner;
        missing = owner.name();
        scene.database().psql(
            fmt::format("create table t (id integer); alter table t owner to {}", missing));
        dump = scene.dump();
        scene.database().psql("drop table t");
    }
    const Drilled drilled = scene.drill(dump, superuser.with());
    scene.check_failed(drilled, 1, "roles that the server lacks: " + missing);
    CHECK(drilled.dump.at("hint").get<std::string>().find("--no-owner --no-privileges") !=
          std::string::npos);
    CHECK(scene.drill(dump, superuser.with({"-O", "-x"})).result.exit_code == 0);
    superuser.check_nothing_left();
    // A throwaway server has whichever roles it needs.
    scene.check_proven(scene.drill(dump));
}

TEST_CASE("databases of killed drills are dropped, and no others") {
    const DrillScene scene{"create table t (id integer)"};
    const ScratchRole role{"login superuser"};
    const ScratchRole stranger;
    const DatabaseOf abandoned{scratch_name(), role.name()};
    const DatabaseOf strangers{scratch_name(), stranger.name()};
    // Names that dbbackup does not use.
    const std::string own = fmt::format("dbbackup_scratch_of_{}", ::getpid());
    const DatabaseOf similar{own, role.name()};
    const DatabaseOf longer{scratch_name() + "f", role.name()};
    const DatabaseOf other{"x" + scratch_name(), role.name()};
    // Somebody is connected to it.
    const std::string busy_name = scratch_name();
    const DatabaseOf busy{busy_name, role.name()};
    Program session{{(Cluster::shared().bin_dir() / "psql").string(), "-Xqc",
                     "select pg_sleep(100)", Cluster::shared().url(busy_name)},
                    {}};
    REQUIRE(eventually([&] { return Cluster::shared().sessions_in(busy_name) == 1; }));
    scene.check_proven(scene.drill(scene.dump(), role.with()));
    CHECK_FALSE(abandoned.there());
    CHECK(strangers.there());
    CHECK(similar.there());
    CHECK(longer.there());
    CHECK(other.there());
    CHECK(busy.there());
    session.send(SIGINT);
    (void)session.wait();
    // Its owner is a session whose application name is the database, connected anywhere.
    ProgramOptions as_owner;
    as_owner.environment["PGAPPNAME"] = busy_name;
    Program drill_of_another{{(Cluster::shared().bin_dir() / "psql").string(), "-Xqc",
                              "select pg_sleep(100)", Cluster::shared().url("postgres")},
                             as_owner};
    REQUIRE(eventually([&] {
        return Cluster::shared().psql("postgres",
                                      fmt::format("select count(*) from pg_stat_activity where "
                                                  "application_name = '{}'",
                                                  busy_name)) == "1";
    }));
    scene.check_proven(scene.drill(scene.dump(), role.with()));
    CHECK(busy.there());
    drill_of_another.send(SIGINT);
    (void)drill_of_another.wait();
    scene.check_proven(scene.drill(scene.dump(), role.with()));
    CHECK_FALSE(busy.there());
}

TEST_CASE("the server of --scratch-url cannot be used") {
    const DrillScene scene{"create table t (id integer)"};
    const auto dump = scene.dump();
    const ScratchRole role{"login"};
    const Drilled forbidden = scene.drill(dump, role.with());
    scene.check_failed(forbidden, 1, "permission denied to create database");
    CHECK(forbidden.dump.at("hint").get<std::string>().find("CREATEDB") != std::string::npos);
    const TestRole secret{TestRole::with_password("right")};
    const std::string socket = Cluster::shared().socket_directory();
    for (const std::string& url : {std::string{"postgresql://postgres@/postgres?host=/nonexistent"},
                                   std::string{"postgresql://postgres@127.0.0.1:1/postgres"},
                                   "postgresql://nobody_at_all@/postgres?host=" + socket,
                                   "postgresql://postgres@/no_such_database?host=" + socket,
                                   Cluster::shared().url("postgres", secret.name(), "wrong")}) {
        INFO(url);
        const Drilled drilled = scene.drill(dump, {"--scratch-url", url});
        scene.check_failed(drilled, 1, "cannot connect");
        CHECK(drilled.dump.at("hint").get<std::string>().find("--scratch-url") !=
              std::string::npos);
        CHECK(drilled.dump.at("hint").get<std::string>().find("--create") == std::string::npos);
    }
}

TEST_CASE("the server of --scratch-url is older than the dump") {
    const DrillScene scene{"create table t (id integer)"};
    const auto dump = scene.dump();
    const ScratchRole role;
    const std::string manifest = dump.string() + ".json";
    const std::string version = Cluster::shared().psql("postgres", "show server_version");
    write_file(manifest, replaced(read_file(manifest), "\"server_version\": \"" + version,
                                  "\"server_version\": \"99.1"));
    const Drilled drilled = scene.drill(dump, role.with());
    scene.check_failed(drilled, 1,
                       "the dump is from PostgreSQL 99, but the server of --scratch-url is");
    CHECK(drilled.dump.at("hint").get<std::string>().find("that version or later") !=
          std::string::npos);
    role.check_nothing_left();
}
