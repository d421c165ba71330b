// The server refuses: the user, the request, or the client.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

ProgramResult dump_as(const DumpScene& scene, const std::string& url,
                      std::vector<std::string> arguments = {}) {
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = url;
    return run_program(scene.words(std::move(arguments)), options);
}

} // namespace

TEST_CASE("a database that does not exist") {
    const DumpScene scene;
    scene.check_failed(dump_as(scene, Cluster::shared().url("no_such_database")), 1,
                       "database \"no_such_database\" does not exist");
}

TEST_CASE("a role that does not exist") {
    const DumpScene scene;
    const auto url = Cluster::shared().url(scene.database().name(), "no_such_role", "x");
    scene.check_failed(dump_as(scene, url), 1, "role \"no_such_role\" does not exist");
}

TEST_CASE("a wrong password and none") {
    const DumpScene scene;
    const TestRole role{TestRole::with_password("right")};
    const std::string& database = scene.database().name();
    const auto wrong = dump_as(scene, Cluster::shared().url(database, role.name(), "wrong one"));
    scene.check_failed(wrong, 1, "password authentication failed");
    CHECK(wrong.err.find("wrong one") == std::string::npos);

    const auto url = fmt::format("postgresql://{}@/{}?host={}", role.name(), database,
                                 Cluster::shared().socket_directory());
    scene.check_failed(dump_as(scene, url), 1, "no password supplied");

    const auto right = dump_as(scene, Cluster::shared().url(database, role.name(), "right"));
    scene.check_dumped(right);
}

TEST_CASE("a server that is not running") {
    const DumpScene scene;
    const TempDir nowhere;
    const auto url = fmt::format("postgresql://postgres@/x?host={}", nowhere.path().string());
    const auto result = dump_as(scene, url);
    scene.check_failed(result, 1, "No such file or directory");
    CHECK(result.err.find("hint: ") != std::string::npos);
    scene.check_failed(dump_as(scene, "postgresql://postgres@127.0.0.1:1/x"), 1,
                       "Connection refused");
}

TEST_CASE("a server that never answers") {
    const DumpScene scene;
    const TempDir temp;
    // A socket that never accepts.
    const std::string listen = "import socket, sys, time\n"
                               "s = socket.socket(socket.AF_UNIX)\n"
                               "s.bind(sys.argv[1])\n"
                               "s.listen(5)\n"
                               "time.sleep(100)\n";
    const std::string socket = temp / ".s.PGSQL.5432";
    if (!std::filesystem::exists("/usr/bin/python3")) {
        WARN("left out, as it needs python3");
        return;
    }
    Program server{{"/usr/bin/python3", "-c", listen, socket}, {}};
    while (!std::filesystem::exists(socket) && server.running()) {
    }
    const auto url =
        fmt::format("postgresql://postgres@/x?host={}&connect_timeout=2", temp.path().string());
    scene.check_failed(dump_as(scene, url), 1, "cannot connect");
    // Of several servers, a silent one is skipped like one that refuses.
    const auto several = fmt::format(
        "postgresql://postgres@/{}?host={},/nonexistent,{}&connect_timeout=2",
        scene.database().name(), temp.path().string(), Cluster::shared().socket_directory());
    scene.check_dumped(dump_as(scene, several));
}

TEST_CASE("a table without privileges") {
    const DumpScene scene;
    const TestRole role;
    scene.database().psql("create table secret (x int)");
    const auto url = Cluster::shared().url(scene.database().name(), role.name(), "x");
    const auto result = dump_as(scene, url);
    scene.check_failed(result, 1, "permission denied");
    CHECK(result.err.find("hint: Dump as a role") != std::string::npos);
    scene.check_failed(dump_as(scene, url, {"-F", "custom"}), 1, "permission denied");
}

TEST_CASE("rows hidden by row-level security") {
    const DumpScene scene;
    const TestRole role;
    scene.database().psql("create table mine (x int); insert into mine values (1), (2); "
                          "alter table mine enable row level security; "
                          "create policy one on mine using (x = 1); grant select on mine to " +
                          role.name());
    const auto url = Cluster::shared().url(scene.database().name(), role.name(), "x");
    const auto result = dump_as(scene, url);
    scene.check_failed(result, 1, "row-level security");
    CHECK(result.err.find("BYPASSRLS") != std::string::npos);
    // Not by a variable of the caller either.
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = url;
    options.environment["PGOPTIONS"] = "-c row_security=on";
    scene.check_failed(run_program(scene.words(), options), 1, "row-level security");
    scene.database().psql("drop table mine");
}

TEST_CASE("patterns that match nothing") {
    const DumpScene scene;
    scene.check_failed(scene.dump({"-t", "nowhere"}), 1, "no matching tables were found");
    scene.check_failed(scene.dump({"-n", "nowhere"}), 1, "no matching schemas were found");
    scene.check_failed(scene.dump({"-F", "custom", "-t", "nowhere"}), 1, "no matching tables");
}

TEST_CASE("an option that pg_dump does not know") {
    const DumpScene scene;
    scene.check_failed(scene.dump({"--", "--no-such-option"}), 1, "no-such-option");
}

TEST_CASE("a client older than the server is refused before it is started for a dump") {
    const DumpScene scene;
    FakeTools tools{scene.temp()};
    const auto mark = scene.temp() / "ran";
    tools.make("pg_dump", fmt::format(": > '{}'\n", mark.string()), "9.6.24");
    const auto result = scene.dump({"--bin-dir", tools.directory()});
    scene.check_failed(result, 1, "version 9");
    CHECK(result.err.find("postgresql-client-") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(mark));
}

TEST_CASE("no pg_dump in the directory of --bin-dir") {
    const DumpScene scene;
    const TempDir empty;
    scene.check_failed(scene.dump({"--bin-dir", empty.path()}), 2, "no working pg_dump");
}
