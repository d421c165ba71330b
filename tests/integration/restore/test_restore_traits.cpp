// Grants, owners, comments and default privileges of the target's own: a restore that changes them
// asks, and takes a safety dump, although no object is in the way.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/part_scene.hpp"
#include "support/scene/restore_scene.hpp"
#include "support/server/client_major.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;

using Words = std::vector<std::string>;

const std::vector<Words> k_all_ways{{}, {"--clean"}, {"--clean", "--exact"}};

/// True if dumps say whose `public` is and what PUBLIC may do in it, although nobody set that:
/// pg_dump 15 and later writes what differs from a new database of 15.
bool dumps_name_public() {
    return Cluster::shared().major() < 15 && client_major() >= 15;
}

/// Without --confirm.
ProgramResult restore_unasked(const PartScene& scene, const std::filesystem::path& dump,
                              const Words& arguments) {
    Words words{dbbackup_path(), "restore", dump.string(), "--dir", scene.dumps().string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program(words, scene.options());
}

std::vector<std::string> changes(const PartScene& scene, const std::filesystem::path& dump,
                                 Words arguments) {
    arguments.insert(arguments.end(), {"--dry-run", "--json"});
    const auto result = restore_unasked(scene, dump, arguments);
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
    const auto plan = nlohmann::json::parse(result.out).at("plan");
    CHECK(plan.at("target").at("empty") == true);
    CHECK(plan.at("asks") == !plan.at("changes").empty());
    CHECK(plan.at("safety_dump") == !plan.at("changes").empty());
    return plan.at("changes").get<std::vector<std::string>>();
}

} // namespace

TEST_CASE("settings of the target's public are not lost without a question") {
    const TestRole clerk;
    const std::string to_clerk = " to " + clerk.name();
    const std::string defaults = "default privileges of role ";
    PartScene scene;
    scene.source().psql("create table t (i int)");
    const auto dump = scene.dump();
    for (const auto& [sql, lost] : std::vector<std::pair<std::string, std::string>>{
             {"grant create on schema public" + to_clerk, "privileges of schema public"},
             {"revoke usage on schema public from public", "privileges of schema public"},
             {"alter schema public owner" + to_clerk,
              fmt::format("owner of schema public ({})", clerk.name())},
             {"comment on schema public is 'mine'", "comment of schema public"},
             {fmt::format("alter default privileges for role {0} in schema public grant select on "
                          "tables to public",
                          clerk.name()),
              defaults + clerk.name() + " in schema public"},
             {"alter default privileges grant select on tables" + to_clerk,
              defaults + Cluster::shared().psql("postgres", "select current_user")}}) {
        INFO(sql);
        const bool in_public = lost.ends_with("public") || lost.starts_with("owner");
        const bool is_replaced = dumps_name_public() && (lost == "privileges of schema public" ||
                                                         lost.starts_with("owner"));
        for (const Words& way : k_all_ways) {
            scene.renew_target();
            scene.target().psql(sql);
            scene.remember();
            const bool goes = way.size() == 2 || (in_public && way.size() == 1) || is_replaced;
            CHECK(changes(scene, dump, way) == (goes ? Words{lost} : Words{}));
            if (goes) {
                scene.check_failed(restore_unasked(scene, dump, way), k_refused,
                                   "holds no objects, but would lose " + lost);
                scene.check_way_back(dump, way);
            } else {
                CHECK(restore_unasked(scene, dump, way).exit_code == 0);
                scene.target().psql("drop table t");
                scene.check_untouched();
            }
        }
    }
}

TEST_CASE("the dump's settings do not replace the target's own without a question") {
    const TestRole clerk;
    PartScene scene;
    scene.source().psql(
        fmt::format("create table t (i int); comment on schema public is 'theirs'; "
                    "alter schema public owner to {0}; grant all on language plpgsql to {0}; "
                    "alter default privileges grant select on tables to {0}",
                    clerk.name()));
    const auto dump = scene.dump();
    CHECK(changes(scene, dump, {}).empty()); // nobody has set anything
    CHECK(restore_unasked(scene, dump, {}).exit_code == 0);
    for (const std::string sql :
         {"comment on schema public is 'mine'", "grant usage on language plpgsql to clerk",
          "alter default privileges grant insert on tables to clerk"}) {
        INFO(sql);
        scene.renew_target();
        std::string own = sql;
        if (const auto at = own.find("clerk"); at != std::string::npos) {
            own.replace(at, 5, clerk.name());
        }
        scene.target().psql(own);
        CHECK(changes(scene, dump, {}).size() == 1);
        const std::string before = scene.state();
        const auto result = scene.run(dump, {});
        CHECK(scene.type(PartScene::line_after(result, "to undo: ")).exit_code == 0);
        // A built-in language keeps its grants, and that is reported.
        CHECK(PartScene::leaves(result) == "privileges of language plpgsql");
        if (sql.find("language") == std::string::npos) {
            scene.target().psql("revoke all on language plpgsql from " + clerk.name());
        }
        CHECK(first_difference(scene.state(), before) == "");
    }
    scene.renew_target();
    scene.target().psql("alter default privileges grant insert on tables to " + clerk.name());
    CHECK(changes(scene, dump, {"--no-privileges"}).empty());
    scene.target().psql("comment on schema public is 'mine'");
    CHECK(changes(scene, dump, {"--no-privileges"}) == Words{"comment of schema public"});
}

TEST_CASE("the settings of a new database, or of a recreated public, need no question") {
    PartScene scene;
    scene.source().psql("create table t (i int)");
    const auto dump = scene.dump();
    for (const char* sql :
         {"select 1", "drop schema public cascade; create schema public",
          "drop schema public cascade; create schema public; grant all on schema public to "
          "current_user",
          "comment on schema public is null"}) {
        const bool revokes = std::string_view{sql}.find("grant") != std::string_view::npos;
        for (const Words& way : k_all_ways) {
            INFO(sql << " " << way.size());
            scene.renew_target();
            scene.target().psql(sql);
            // A grant also decides to whom nothing is granted.
            CHECK(changes(scene, dump, way).empty() ==
                  !(revokes && (!way.empty() || dumps_name_public())));
        }
    }
}

TEST_CASE("a grant made while a restore begins is not lost unseen") {
    const TestRole clerk;
    PartScene scene;
    scene.source().psql("create table t (i int)");
    const auto dump = scene.dump();
    scene.target().psql("comment on schema public is 'mine'");
    TerminalProgram program{{dbbackup_path(), "restore", dump.string(), "--dir",
                             scene.dumps().string(), "--clean", "--no-safety-dump"},
                            scene.options()};
    REQUIRE(program.wait_for("Type the database name"));
    scene.target().psql("grant create on schema public to " + clerk.name());
    scene.remember();
    program.type(scene.target().name() + "\n");
    CHECK(program.wait() == k_refused);
    CHECK(program.output().find("the target changed meanwhile") != std::string::npos);
    scene.check_untouched();
}

TEST_CASE("the plan names the tables whose owners row-level security no longer holds for") {
    PartScene scene;
    scene.source().psql("create table eased (i int); create table kept (i int);"
                        "alter table eased enable row level security;"
                        "alter table kept enable row level security, force row level security");
    scene.target().psql("create table eased (i int); create table kept (i int);"
                        "alter table eased enable row level security, force row level security;"
                        "alter table kept enable row level security, force row level security");
    const std::string plan = restore_unasked(scene, scene.dump(), {"--clean", "--dry-run"}).out;
    INFO(plan);
    CHECK(plan.find("Replaced or lost: row-level security for the owner (FORCE) of table "
                    "public.eased.\n") != std::string::npos);
}

TEST_CASE("the plan names the tables that lose row-level security, and no others") {
    PartScene scene;
    scene.source().psql("create table open (i int); create table closed (i int);"
                        "alter table closed enable row level security");
    scene.target().psql("create table open (i int); create table closed (i int);"
                        "create table gone (i int); create schema other;"
                        "create table other.open (i int); alter table open enable row level "
                        "security; alter table closed enable row level security;"
                        "alter table gone enable row level security;"
                        "alter table other.open enable row level security;"
                        "create policy mine on open using (i = 1)");
    const std::string lost = "Replaced or lost: row-level security of table public.open.\n";
    for (const char* format : {"plain", "custom"}) {
        const auto dump = scene.dump({"-F", format});
        const auto plan = [&](Words arguments) {
            arguments.emplace_back("--dry-run");
            return restore_unasked(scene, dump, arguments).out;
        };
        CHECK(plan({"--clean"}).find(lost) != std::string::npos);
        CHECK(plan({"--clean", "--exact"}).find(lost) != std::string::npos);
        CHECK(plan({"--clean", "-t", "open"}).find(lost) != std::string::npos);
        CHECK(plan({"--clean", "-t", "closed"}).find("row-level security") == std::string::npos);
    }
    const auto archive = scene.dump({"-F", "custom"});
    CHECK(restore_unasked(scene, archive, {"--clean", "--jobs", "2", "--dry-run"}).out.find(lost) !=
          std::string::npos);
    (void)scene.check_way_back(scene.dump(), {"--clean"});
}

TEST_CASE("default privileges that the dump sets as they are already are not replaced or lost") {
    const TestRole clerk;
    const TestRole boss;
    const PartScene scene;
    const auto set = [&](const std::string& sql) {
        scene.target().psql(fmt::format(fmt::runtime(sql), clerk.name(), boss.name()));
    };
    set("create table t (i int); create schema \"My S\"; "
        "alter default privileges for role {0} grant select, insert on tables to {1}; "
        "alter default privileges for role {0} revoke all on functions from public; "
        "alter default privileges for role {0} revoke delete on tables from {0}; "
        "alter default privileges for role {0} grant all on sequences to {1} with grant option; "
        "alter default privileges for role {0} revoke usage on types from public, {0}; "
        "alter default privileges for role {0} grant usage on schemas to public; "
        "alter default privileges for role {1} in schema \"My S\" grant all on tables to {0}; "
        "alter default privileges for role {1} in schema public grant execute on functions to {0}");
    const auto dump = take_dump(scene.target().url(), scene.dumps(), {}).path;
    const auto part = take_dump(scene.target().url(), scene.dumps(), {"-t", "t"}).path;
    const auto named = [&](const std::filesystem::path& of, Words arguments) {
        arguments.insert(arguments.end(), {"--dry-run", "--json"});
        const auto result = restore_unasked(scene, of, arguments);
        INFO(result.err << result.out);
        REQUIRE(result.exit_code == 0);
        return nlohmann::json::parse(result.out).at("plan").at("changes").dump();
    };
    for (const Words& way : std::vector<Words>{{"--clean"}, {"--clean", "--exact"}}) {
        CHECK(named(dump, way) == "[]");
    }
    CHECK(named(part, {"--clean"}) == "[]");
    const std::string of_clerk = "default privileges of role " + clerk.name();
    for (const auto& [change, undo] : std::vector<std::pair<std::string, std::string>>{
             {"grant update on tables to {1}", "revoke update on tables from {1}"},
             {"grant execute on functions to public", "revoke execute on functions from public"},
             {"revoke grant option for usage on sequences from {1}",
              "grant usage on sequences to {1} with grant option"},
             {"grant delete on tables to {0}", "revoke delete on tables from {0}"}}) {
        INFO(change);
        set("alter default privileges for role {0} " + change);
        CHECK(named(dump, {"--clean"}).find(of_clerk) != std::string::npos);
        CHECK(named(dump, {"--clean", "--exact"}).find(of_clerk) != std::string::npos);
        set("alter default privileges for role {0} " + undo);
        CHECK(named(dump, {"--clean"}) == "[]");
    }
    // Of a kind that the dump sets nothing for, only --exact takes them away.
    set("alter default privileges for role {0} revoke usage on schemas from public");
    const auto without = take_dump(scene.target().url(), scene.dumps(), {}).path;
    set("alter default privileges for role {0} grant usage on schemas to public");
    CHECK(named(without, {"--clean"}) == "[]");
    CHECK(named(without, {"--clean", "--exact"}).find(of_clerk) != std::string::npos);
}

TEST_CASE("a public in which PUBLIC may not create is restored so", "[matrix]") {
    const TestRole anybody;
    const std::string may =
        fmt::format("select has_schema_privilege('{}', 'public', 'create')", anybody.name());
    for (const auto& [format, way] : std::vector<std::pair<Words, Words>>{
             {{}, {}}, {{}, {"-O"}}, {{}, {"--clean"}}, {{"-F", "custom"}, {"--jobs", "2"}}}) {
        INFO(fmt::format("{}", fmt::join(way, " ")));
        RestoreScene scene;
        scene.source().psql("create table t (i int); revoke create on schema public from public");
        scene.check_restored(scene.restore(scene.dump(format), way));
        CHECK(scene.target().psql(may) == "f");
    }
    INFO("a dump of another schema says nothing of it");
    RestoreScene scene;
    scene.source().psql("create schema s; create table s.t (i int);"
                        "revoke create on schema public from public");
    const std::string before = scene.target().psql(may);
    CHECK(scene.restore(scene.dump({"-n", "s"})).exit_code == 0);
    CHECK(scene.target().psql(may) == before);
}
