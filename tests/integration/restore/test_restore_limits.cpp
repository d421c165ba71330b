// The plan says what a restore can neither show beforehand nor undo.

#include "support/catch.hpp"
#include "support/scene/part_scene.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

std::string warnings(const PartScene& scene, const std::filesystem::path& dump,
                     std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"--clean", "--dry-run", "--json"});
    const auto result = run_program(scene.words(dump, std::move(arguments)), scene.options());
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out).at("plan").at("warnings").dump();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the plan names the event triggers that run during a restore") {
    const PartScene scene;
    scene.source().psql("create table t (i int)");
    const auto dump = scene.dump();
    CHECK_FALSE(contains(warnings(scene, dump), "event trigger"));
    scene.target().psql("create function f() returns event_trigger language plpgsql as "
                        "'begin end'; create event trigger \"watches all\" on ddl_command_end "
                        "execute function f(); create event trigger asleep on ddl_command_end "
                        "execute function f(); alter event trigger asleep disable");
    const std::string said = warnings(scene, dump, {"-t", "t"});
    CHECK(contains(said, "event triggers of the target"));
    CHECK(contains(said, "watches all"));
    CHECK_FALSE(contains(said, "asleep"));
}

TEST_CASE("the plan names the roles in which the undo command needs membership") {
    const TestRole keeper;
    const TestRole worker;
    const PartScene scene;
    scene.source().psql("create table t (i int)");
    const auto dump = scene.dump();
    const auto by_worker = [&](const std::string& sql) {
        scene.target().psql(sql);
        return warnings(scene, dump,
                        {"--no-owner", "--url",
                         Cluster::shared().url(scene.target().name(), worker.name(), "")});
    };
    CHECK_FALSE(contains(by_worker(fmt::format("alter database {0} owner to {1}; alter schema "
                                               "public owner to {1}; create table public.a (i "
                                               "int); alter table public.a owner to {1}",
                                               scene.target().name(), worker.name())),
                         "cannot undo"));
    const std::string said =
        by_worker(fmt::format("create schema k authorization {0}; grant usage on schema k to {1}",
                              keeper.name(), worker.name()));
    CHECK(contains(said, "your role cannot undo this restore"));
    CHECK(contains(said, keeper.name()));
    // A superuser can.
    CHECK_FALSE(contains(warnings(scene, dump), "cannot undo"));
    CHECK_FALSE(contains(by_worker(fmt::format("grant {} to {}", keeper.name(), worker.name())),
                         "cannot undo"));
}
