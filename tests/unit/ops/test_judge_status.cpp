#include "status_scene.hpp"
#include "support/catch.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

namespace {

StatusDump unread(std::chrono::milliseconds age, const std::string& database = "app") {
    return StatusDump{
        0h, store::format_dump_name({.database = database, .time = k_now - age, .suffix = ".sql"})}
        .without_manifest();
}

store::Leftover leftover(const std::string& name, const std::string& database,
                         store::Leftover::Kind kind = store::Leftover::Kind::removal,
                         std::chrono::milliseconds age = 0h) {
    return {
        .name = name, .database = database, .kind = kind, .size = 1, .last_change = k_now - age};
}

} // namespace

TEST_CASE("status: no dump at all is unhealthy") {
    StatusScene scene;
    REQUIRE(kinds(scene.judge()) == Kinds{"no_dumps"});
    CHECK_FALSE(scene.judge().is_healthy());
    CHECK(scene.judge().warnings.front().message ==
          "there is no dump with a readable manifest in 'dumps'");
    scene.survey.dumps = {StatusDump{1h}};
    CHECK(kinds(scene.judge()).empty());
    CHECK(scene.judge().is_healthy());
    scene.request.databases = {"other\n"};
    REQUIRE(kinds(scene.judge()) == Kinds{"no_dumps"});
    CHECK(scene.judge().warnings.front().message ==
          "there is no dump of a database 'other\\n' with a readable manifest in 'dumps'");
}

TEST_CASE("status: each named database must have a dump") {
    StatusScene scene{{StatusDump{1h}, StatusDump{50h}.of("old"), unread(2h, "shop")}};
    scene.request.databases = {"zoo", "app", "shop", "zoo"};
    const auto report = scene.judge();
    CHECK(report.databases.size() == 1);
    REQUIRE(kinds(report) == Kinds{"no_dumps", "no_dumps", "unreadable"});
    CHECK(report.warnings[0].message ==
          "there is no dump of a database 'shop' with a readable manifest in 'dumps'");
    CHECK(report.warnings[1].message ==
          "there is no dump of a database 'zoo' with a readable manifest in 'dumps'");
    CHECK_FALSE(report.is_healthy());
    scene.request.databases = {"app", "app"};
    CHECK(scene.judge().is_healthy());
    scene.request.databases = {"app", "old"};
    CHECK(kinds(scene.judge()) == Kinds{"too_old"});
}

TEST_CASE("status: databases are identified by the manifest's name, host and port, and sorted") {
    StatusScene scene{{StatusDump{50h, "app_x.sql"}.of("zoo"), StatusDump{1h, "same.sql"}.of("app"),
                       StatusDump{50h}.of("app", "other"), StatusDump{1h}.of("app", "db", 5433),
                       StatusDump{2h, "app_y.sql"}.of("zoo", "db")}};
    auto report = scene.judge();
    REQUIRE(report.databases.size() == 4);
    Kinds lines;
    for (const ops::DatabaseStatus& database : report.databases) {
        lines.push_back(database.name + "@" + database.host + ":" + std::to_string(database.port) +
                        (database.is_healthy() ? "" : " unhealthy"));
    }
    CHECK(lines == Kinds{"app@db:5432", "app@db:5433", "app@other:5432 unhealthy", "zoo@db:5432"});
    CHECK(report.databases.back().dumps == 2);
    CHECK_FALSE(report.is_healthy());
    scene.request.databases = {"zoo"};
    report = scene.judge();
    CHECK(report.databases.size() == 1);
    CHECK(report.is_healthy());
}

TEST_CASE("status: a dump without a manifest is unhealthy until there is a newer good one") {
    CHECK(kinds({StatusDump{2h}, unread(1h)}) == Kinds{"unreadable"});
    CHECK(kinds({StatusDump{1h}, unread(2h)}) == Kinds{"(unreadable)"});
    CHECK(kinds({StatusDump{1h}, unread(-1h)}) == Kinds{"(unreadable)"});
    CHECK(kinds({StatusDump{1h}, unread(0h)}) == Kinds{"unreadable"});
    CHECK(kinds({StatusDump{4h}, unread(1h), unread(2h), unread(5h)}) ==
          Kinds{"(unreadable)", "unreadable"});
    REQUIRE(kinds({StatusDump{2h}.safety(), unread(3h)}) == Kinds{"no_good_dump", "unreadable"});
    const auto report = StatusScene{{StatusDump{4h}, unread(2h), unread(1h)}}.judge();
    CHECK(report.databases.front().warnings.front().message ==
          "'app_2026-11-20T11-00-00-000Z.sql', newer than any good dump, cannot be judged: it has "
          "no manifest; and 1 more");
    CHECK_FALSE(report.databases.front().is_healthy());
}

TEST_CASE("status: a dump without a manifest may be of any database with its name that it is newer "
          "than") {
    const auto report =
        StatusScene{{StatusDump{3h}, StatusDump{1h}.of("app", "other"), unread(2h)}}.judge();
    CHECK_FALSE(report.databases.front().is_healthy());
    CHECK(report.databases.back().is_healthy());
    CHECK(report.warnings.empty());
}

TEST_CASE("status: a dump without a manifest is unhealthy if its database has no other") {
    CHECK(kinds({StatusDump{1h}, unread(2h, "other")}) == Kinds{"unreadable"});
    CHECK(kinds({StatusDump{1h}, StatusDump{0h, "by-hand.sql"}.without_manifest()}) ==
          Kinds{"(unreadable)"});
    CHECK(kinds({unread(2h, "other")}) == Kinds{"no_dumps", "unreadable"});
    StatusScene scene{{StatusDump{1h}, unread(2h, "other")}};
    scene.request.databases = {"app"};
    CHECK(kinds(scene.judge()).empty());
}

TEST_CASE("status: leftovers are unhealthy, and belong to every database with their name") {
    StatusScene scene{
        {StatusDump{1h}, StatusDump{1h}.of("app", "other"), StatusDump{1h}.of("zoo")}};
    scene.survey.leftovers = {
        leftover(".a.partial", "app", store::Leftover::Kind::partial, 24h + 1ms),
        leftover(".b.removed", "app"),
        leftover(".c.partial", "app", store::Leftover::Kind::partial, 24h)};
    auto report = scene.judge();
    CHECK(kinds(report) == Kinds{"leftovers"});
    CHECK(report.leftovers == 2);
    CHECK(report.databases[0].leftovers == Kinds{".a.partial", ".b.removed"});
    CHECK(report.databases[1].leftovers.size() == 2);
    CHECK(report.databases[2].leftovers.empty());
    CHECK(report.warnings.front().message ==
          "killed runs have left 2 files: .a.partial, .b.removed");
    CHECK(report.warnings.front().hint.find("dbbackup prune") != std::string::npos);
    CHECK_FALSE(report.is_healthy());
    scene.request.databases = {"zoo"};
    CHECK(kinds(scene.judge()).empty());
    scene.request.databases.clear();
    scene.survey.leftovers = {leftover(".x.removed", "gone")};
    CHECK(kinds(scene.judge()) == Kinds{"leftovers"});
}

TEST_CASE("status: a manifest without its dump is unhealthy") {
    StatusScene scene{{StatusDump{1h}}};
    scene.survey.lost = {{.name = "x.sql", .database = "app"},
                         {.name = "y\n.sql", .database = std::nullopt}};
    REQUIRE(kinds(scene.judge()) == Kinds{"lost"});
    CHECK(scene.judge().warnings.front().message ==
          "the dump is missing or not a regular file, but its manifest exists: x.sql, y\\n.sql");
    scene.request.databases = {"app"};
    CHECK(scene.judge().warnings.front().message ==
          "the dump is missing or not a regular file, but its manifest exists: x.sql");
    scene.request.databases = {"zoo"};
    CHECK(kinds(scene.judge()) == Kinds{"no_dumps"});
}

TEST_CASE("status: the next dump of every database must fit, with a fifth to spare") {
    StatusScene scene{{StatusDump{1h}.sized(1000), StatusDump{30h}.sized(900),
                       StatusDump{1h}.of("zoo").sized(4000)}};
    scene.survey.free_bytes = 6000;
    REQUIRE(kinds(scene.judge()).empty());
    scene.survey.free_bytes = 5999;
    REQUIRE(kinds(scene.judge()) == Kinds{"disk_nearly_full"});
    CHECK(scene.judge().warnings.front().message ==
          "5.9 KiB are free, the next dumps need about 5.9 KiB");
    CHECK_FALSE(scene.judge().is_healthy());
    scene.request.databases = {"app"};
    CHECK(kinds(scene.judge()).empty());
    scene.survey.free_bytes = 0;
    CHECK(kinds(scene.judge()) == Kinds{"disk_nearly_full"});
}
