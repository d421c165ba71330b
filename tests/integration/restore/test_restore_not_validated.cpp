// What a restore reports about constraints that are not valid.

#include "support/catch.hpp"
#include "support/scene/restore_scene.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

constexpr int k_version_with_not_enforced = 18;

std::vector<std::string> not_validated(const RestoreScene& scene) {
    const auto result = scene.restore(scene.dump(), {"--clean", "--json"});
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out)
        .at("outcome")
        .at("not_validated")
        .get<std::vector<std::string>>();
}

} // namespace

TEST_CASE("constraints that are not validated are named, of tables and domains") {
    const RestoreScene scene;
    scene.source().psql(
        "create table t (i int); insert into t values (1); "
        "alter table t add constraint large check (i > 5) not valid; "
        "create domain d as int; alter domain d add constraint low check (value < 5) "
        "not valid");
    CHECK(not_validated(scene) == std::vector<std::string>{"large on public.t", "low on public.d"});
}

TEST_CASE("constraints that are not enforced need no validation") {
    if (Cluster::shared().major() < k_version_with_not_enforced) {
        WARN("skipped: only PostgreSQL 18 and later have such constraints");
        return;
    }
    const RestoreScene scene;
    scene.source().psql("create table p (i int primary key); "
                        "create table t (i int references p not enforced, "
                        "  constraint large check (i > 5) not enforced); insert into t values (1); "
                        "alter table t add constraint small check (i < 1) not valid");
    CHECK(not_validated(scene) == std::vector<std::string>{"small on public.t"});
}
