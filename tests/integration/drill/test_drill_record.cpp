// What remains of a drill: its record in the manifest, as list and show report it.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

nlohmann::json verifications(const std::filesystem::path& dump) {
    return nlohmann::json::parse(read_file(dump.string() + ".json")).at("verifications");
}

std::string listed(const DrillScene& scene) {
    const ProgramResult result =
        run_program({dbbackup_path(), "list", "--dir", scene.dumps()}, scene.options());
    CHECK(result.exit_code == 0);
    return result.out;
}

} // namespace

TEST_CASE("a drill is recorded in the manifest, and list shows the dump as proven") {
    const DrillScene scene{"create table t as select g from generate_series(1, 9) g"};
    const auto dump = scene.dump();
    CHECK(listed(scene).find("proven") == std::string::npos);
    const Drilled drilled = scene.drill(dump);
    scene.check_proven(drilled);
    const auto all = verifications(dump);
    REQUIRE(all.size() == 1);
    const auto& record = all.front();
    CHECK(record.at("level") == "restore");
    CHECK(record.at("result") == "ok");
    CHECK(record.at("seconds") == drilled.drill().at("restore_ms").get<double>() / 1000);
    CHECK(record.at("read_seconds") == drilled.dump.at("read_ms").get<double>() / 1000);
    CHECK(record.at("compare_seconds") == drilled.drill().at("compare_ms").get<double>() / 1000);
    CHECK(record.at("seconds") > 0);
    CHECK(record.at("server_version") == drilled.drill().at("server_version"));
    CHECK(record.at("tool_version").is_string());
    CHECK(listed(scene).find("proven") != std::string::npos);
}

TEST_CASE("a failed drill is recorded as damage, until a good one refutes it") {
    const DrillScene scene{"create table t as select g from generate_series(1, 9) g"};
    const auto dump = scene.dump();
    const ScratchRole role{"login superuser"};
    FakeTools tools{scene.temp()};
    tools.make("pg_dump", FakeTools::real("pg_dump") + " \"$@\" | sed '/^7$/d'\n");
    scene.check_failed(scene.drill(dump, role.with({"--bin-dir", tools.directory()})), 3,
                       "table public.t");
    auto all = verifications(dump);
    REQUIRE(all.size() == 1);
    CHECK(all[0].at("level") == "restore");
    CHECK(all[0].at("result").get<std::string>().find(
              "table public.t has 9 rows in the dump, 8 came back") != std::string::npos);
    CHECK(listed(scene).find("damaged") != std::string::npos);
    // Reading it again does not refute the result of a restore.
    CHECK(run_program({dbbackup_path(), "verify", dump, "--dir", scene.dumps()}, scene.options())
              .exit_code == 0);
    CHECK(listed(scene).find("damaged") != std::string::npos);
    CHECK(listed(scene).find("proven") == std::string::npos);
    scene.check_proven(scene.drill(dump, role.with()));
    CHECK(listed(scene).find("damaged") == std::string::npos);
    CHECK(listed(scene).find("proven") != std::string::npos);
    CHECK(verifications(dump).size() == 3);
}

TEST_CASE("the record says that a dump cannot be restored") {
    const DrillScene scene{"create table zz (id integer); create table a (id integer);"
                           "create function known(integer) returns boolean language sql as "
                           "'select exists (select from public.zz where id = $1)';"
                           "insert into zz values (1); alter table a add check (known(id));"
                           "insert into a values (1)"};
    const auto dump = scene.dump();
    const ScratchRole role{"login superuser"};
    scene.check_failed(scene.drill(dump, role.with()), 3, "cannot be restored");
    const auto all = verifications(dump);
    REQUIRE(all.size() == 1);
    CHECK(all[0].at("level") == "restore");
    CHECK(all[0].at("result").get<std::string>().find("cannot be restored") != std::string::npos);
    CHECK(listed(scene).find("damaged") != std::string::npos);
}

TEST_CASE("if there was no scratch database, the reading is recorded") {
    DrillScene scene{"create table t (id integer)"};
    const auto dump = scene.dump();
    scene.set_place("/nonexistent");
    scene.check_failed(scene.drill(dump), 1, "/nonexistent");
    const auto all = verifications(dump);
    REQUIRE(all.size() == 1);
    CHECK(all[0].at("level") == "read");
    CHECK(all[0].at("result") == "ok");
    CHECK_FALSE(all[0].contains("server_version"));
    CHECK(listed(scene).find("damaged") == std::string::npos);
    CHECK(listed(scene).find("proven") == std::string::npos);
}

TEST_CASE("several dumps are drilled one after the other, and the worst result counts") {
    const DrillScene scene{"create table t (id integer); insert into t values (1)"};
    const ScratchRole role{"login superuser"};
    (void)scene.dump();
    (void)scene.dump({"-a"});
    (void)scene.dump({"-F", "custom"});
    std::vector<std::string> words{dbbackup_path(), "verify", "--restore",  "--all",
                                   "--json",        "--dir",  scene.dumps()};
    const ProgramResult result = run_program(role.with(words), scene.options());
    CHECK(result.exit_code == 1);
    const auto report = nlohmann::json::parse(result.out);
    CHECK(report.at("result") == "unverified");
    CHECK(report.at("error").at("kind") == "failed");
    std::vector<std::string> results;
    for (const auto& dump : report.at("dumps")) {
        results.push_back(dump.at("result"));
    }
    std::ranges::sort(results);
    CHECK(results == std::vector<std::string>{"good", "good", "unverified"});
    role.check_nothing_left();
    words.erase(std::ranges::find(words, "--json"));
    const ProgramResult text = run_program(role.with(words), scene.options());
    CHECK(text.exit_code == 1);
    CHECK(text.out.find("RESTORED IN") != std::string::npos);
    CHECK(text.out.find("proven") != std::string::npos);
    CHECK(text.out.find("not verified") != std::string::npos);
}
