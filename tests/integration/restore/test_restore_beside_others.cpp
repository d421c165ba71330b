// A role that is no superuser, in a database where others own something outside of its schemas: as
// on a managed server, whose provider has made publications, foreign servers and the like.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/owner_scene.hpp"
#include "support/server/server_side.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;

// Each with what pg_dump writes about such an object: its owner, comment, privileges, mappings.
constexpr const char* k_of_the_provider = R"(
create publication "the News" for all tables;
comment on publication "the News" is 'theirs';
create foreign data wrapper files;
grant usage on foreign data wrapper files to {0};
create server elsewhere foreign data wrapper files;
alter server elsewhere options (add host 'h');
comment on server elsewhere is 'theirs';
grant usage on foreign server elsewhere to {0};
create user mapping for {0} server elsewhere options (u 'v');
create cast (box as text) with inout;
comment on cast (box as text) is 'theirs';
create trusted language lingo handler plpgsql_call_handler;
comment on language lingo is 'theirs';
grant usage on language lingo to {0};
create access method mine type table handler heap_tableam_handler;
create transform for int language lingo (
  from sql with function pg_catalog.numeric_support(internal));
comment on transform for int language lingo is 'theirs';
)";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string psql_command(const std::string& sql) {
    return fmt::format("'{}' -Xqd \"$DATABASE_URL\" -c '{}'",
                       (Cluster::shared().bin_dir() / "psql").string(), sql);
}

/// Guards that SQL and types the undo command.
void guard_and_undo(const OwnerScene& scene, const std::string& sql) {
    const std::string before = scene.state();
    const ProgramResult guarded = scene.guard(psql_command(sql));
    INFO(guarded.err);
    REQUIRE(guarded.exit_code == 0);
    CHECK(scene.state() != before);
    CHECK(contains(guarded.err, "The undo command leaves them as they are"));
    const std::string mark = "to undo: ";
    const std::size_t begin = guarded.err.find(mark);
    REQUIRE(begin != std::string::npos);
    const ProgramResult undone = scene.type(guarded.err.substr(
        begin + mark.size(), guarded.err.find('\n', begin) - begin - mark.size()));
    INFO(undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(first_difference(scene.state(), before) == "");
}

} // namespace

TEST_CASE("what others own outside schemas stays, and restore, undo and guard work", "[matrix]") {
    for (const bool as_before_15 : {false, true}) {
        const OwnerScene scene{as_before_15};
        scene.psql("create table t as select generate_series(1, 3) as i");
        const auto older = scene.dump();
        scene.target().psql(fmt::format(fmt::runtime(k_of_the_provider), scene.owner()));
        scene.psql("create foreign table far (i int) server elsewhere; "
                   "create function said() returns int language lingo as 'begin return 1; end'; "
                   "insert into t values (4)");
        const std::string state = scene.state();

        // The dump that was taken before lacks them all, and so does the state that it brings.
        const ProgramResult restored = scene.restore(older, {"--clean"});
        INFO(restored.err << restored.out);
        REQUIRE(restored.exit_code == 0);
        CHECK_FALSE(contains(restored.err, "cannot undo"));
        const ProgramResult undone = scene.type(PartScene::line_after(restored, "to undo: "));
        INFO(undone.err << undone.out);
        CHECK(undone.exit_code == 0);
        CHECK(first_difference(scene.state(), state) == "");
        CHECK(contains(undone.err, "these belong to other roles and stay as they are"));
        for (const char* one :
             {"publication the News (postgres)", "server elsewhere (postgres)",
              "foreign data wrapper files (postgres)", "cast box AS text (postgres)",
              "language lingo (postgres)", "access method mine (postgres)",
              "transform FOR integer LANGUAGE lingo (postgres)"}) {
            CHECK(contains(undone.err, one));
        }
        CHECK(contains(undone.out,
                       "left out: server elsewhere, which belongs to another role (5 statements)"));

        const auto same = scene.dump();
        for (const auto& way : {std::vector<std::string>{"--clean"}, {"--clean", "--exact"}}) {
            const ProgramResult again = scene.restore(same, way);
            INFO(again.err);
            CHECK(again.exit_code == 0);
            CHECK(first_difference(scene.state(), state) == "");
        }
        guard_and_undo(scene, "drop table t; create table u (i int)");
    }
}

TEST_CASE("what others own, but would be lost, is refused before anything, with a remedy") {
    const TestRole clerk;
    const auto refused = [&](const std::string& of_others, const std::string& reason) {
        const OwnerScene scene{false};
        scene.psql("create table t as select 1 as i");
        scene.target().psql(fmt::format(fmt::runtime(of_others), clerk.name(), scene.owner(),
                                        scene.target().name()));
        scene.check_refused(scene.dump(), fmt::format(fmt::runtime(reason), clerk.name()));
    };
    refused("grant create on database \"{2}\" to {0}; create publication news for table t; "
            "alter publication news owner to {0}",
            "table public.t in publication news is not yours to bring back");
    refused("create schema k authorization {0}; create table k.k (i int); "
            "alter table k.k owner to {0}; grant usage on schema k to {1}; "
            "grant select on k.k to {1}",
            "schema k belongs to {0}");
    refused("select lo_from_bytea(77, 'x'); alter large object 77 owner to {0}; "
            "grant select on large object 77 to {1}",
            "large object 77 belongs to {0}");
}

TEST_CASE(
    "what only a superuser can bring back is refused before anything, and guard runs nothing") {
    const OwnerScene scene{false};
    scene.psql("create table t as select 1 as i; create function f() returns event_trigger "
               "language plpgsql as 'begin end'");
    scene.target().psql("create event trigger watch on ddl_command_end execute function f()");
    const auto dump = scene.dump();
    const std::string before = scene.state();
    for (const auto& way : {std::vector<std::string>{"--clean"}, {"--clean", "--dry-run"}}) {
        const ProgramResult result = scene.restore(dump, way);
        INFO(result.err);
        CHECK(result.exit_code == k_refused);
        CHECK(contains(result.err, "event trigger watch is not yours to bring back"));
        CHECK(contains(result.err, "hint: Nothing was changed. You can restore as a superuser."));
    }
    const auto sign = scene.dumps().parent_path() / "sign";
    const ProgramResult guarded = scene.guard("touch '" + sign.string() + "'");
    INFO(guarded.err);
    CHECK(guarded.exit_code == k_refused);
    CHECK_FALSE(std::filesystem::exists(sign));
    CHECK(first_difference(scene.state(), before) == "");
}

TEST_CASE("guard runs nothing if its undo command could not recreate what belongs to others") {
    const TestRole clerk;
    const auto check = [&](const std::string& sql, const std::string& owner) {
        const OwnerScene scene{false};
        scene.psql("create table t as select 1 as i"); // before 15, public is not the role's own
        const auto older = scene.dump();
        scene.psql("create schema s");
        scene.target().psql(fmt::format(fmt::runtime(sql), clerk.name(), scene.owner()));
        const auto sign = scene.dumps().parent_path() / "sign";
        const ProgramResult guarded = scene.guard("touch '" + sign.string() + "'");
        INFO(guarded.err);
        CHECK(guarded.exit_code == k_refused);
        CHECK(contains(guarded.err, "your role cannot recreate what belongs to " + owner +
                                        "; the command was not run"));
        CHECK_FALSE(std::filesystem::exists(sign));
        const ProgramResult planned = scene.restore(older, {"--clean", "--dry-run"});
        INFO(planned.err << planned.out);
        CHECK(planned.exit_code == 0);
        CHECK(contains(planned.out + planned.err, "your role cannot undo this restore"));
    };
    check("create table s.mine (i int); alter table s.mine owner to {0}; "
          "grant select on s.mine to {1}",
          clerk.name());
    check("create collation s.mine from \"C\"; alter collation s.mine owner to {0}", clerk.name());
    check("create text search template s.mine (lexize = dsimple_lexize)", "postgres");
    check("create extension pageinspect schema s", "postgres");
}

TEST_CASE("a safety dump that fails for lack of rights must not become a part") {
    const OwnerScene scene{false};
    scene.psql("create table t as select 1 as i");
    const auto dump = scene.dump();
    scene.target().psql("create table secret (i int)");
    const ProgramResult result = scene.restore(dump, {"--clean"});
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "the safety dump failed, so nothing was restored"));
    CHECK(contains(result.err, "permission denied for table secret"));
    CHECK(contains(result.err, "Restore as a role that may read everything (pg_read_all_data)"));
    CHECK_FALSE(contains(result.err, "-T"));
}

TEST_CASE("an extension in public that the role could not create again stays with public") {
    const OwnerScene scene{false};
    scene.target().psql("create extension pageinspect schema public");
    scene.psql("create table t as select 1 as i");
    const auto dump = scene.dump();
    const std::string good = scene.state();
    scene.psql("drop table t; create table u (i int)");
    const std::string bad = scene.state();
    const ProgramResult restored = scene.restore(dump, {"--clean"});
    INFO(restored.err);
    REQUIRE(restored.exit_code == 0);
    CHECK(contains(restored.err, "everything in schema public"));
    CHECK(first_difference(scene.state(), good) == "");
    const ProgramResult undone = scene.type(PartScene::line_after(restored, "to undo: "));
    INFO(undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(first_difference(scene.state(), bad) == "");
}
