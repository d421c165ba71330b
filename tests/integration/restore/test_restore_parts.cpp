#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"
#include "support/server/server_side.hpp"

#include <nlohmann/json.hpp>

// Parts of a database: what is dropped for them, and what never is.

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_usage = 2;
constexpr int k_refused = 5;

using Words = std::vector<std::string>;

/// A database of tenants, and a target that is the same.
class TenantScene : public RestoreScene {
public:
    TenantScene() {
        for (const char* tenant : {"tenant_1", "tenant_2"}) {
            const std::string schema{tenant};
            source().psql("create schema " + schema + "; create table " + schema +
                          ".orders (id int primary key); insert into " + schema +
                          ".orders select generate_series(1, 10); create view " + schema +
                          ".totals as select count(*) from " + schema + ".orders");
        }
        source().psql("create table public.plans (id int); insert into public.plans values (1)");
        check_restored(restore(dump()));
        remember();
    }

    /// Types the undo command of `result` into a shell, confirmation included.
    [[nodiscard]] ProgramResult undo(const ProgramResult& result) const {
        constexpr std::string_view k_mark = "to undo: ";
        const std::size_t begin = result.out.find(k_mark);
        REQUIRE(begin != std::string::npos);
        const std::string line = result.out.substr(
            begin + k_mark.size(), result.out.find('\n', begin) - begin - k_mark.size());
        INFO(line);
        ProgramOptions all = options();
        all.environment["PATH"] =
            std::filesystem::path{dbbackup_path()}.parent_path().string() + ":/usr/bin:/bin";
        return run_program({"/bin/sh", "-c", line + " --no-safety-dump"}, all);
    }

    [[nodiscard]] ProgramResult restore_with_way_back(const std::filesystem::path& dump,
                                                      Words arguments) const {
        return run_program(words(dump, std::move(arguments)), options());
    }

    /// Changes much, restores a part, changes something else, undoes: only the part is as before.
    void check_way_back(const std::filesystem::path& dump, const Words& arguments) const {
        target().psql(
            "insert into tenant_1.orders values (11); create table tenant_1.added (i int);"
            "delete from tenant_2.orders");
        const std::string old_state = Cluster::shared().dump_of(target().name());
        const ProgramResult result = restore_with_way_back(dump, arguments);
        INFO(result.err << result.out);
        REQUIRE(result.exit_code == 0);
        CHECK(count("tenant_1.orders") == "10");
        CHECK(count("tenant_2.orders") == "0");
        target().psql("insert into public.plans values (2), (3)");
        const ProgramResult undone = undo(result);
        INFO(undone.err);
        CHECK(undone.exit_code == 0);
        CHECK(count("public.plans") == "3");
        target().psql("delete from public.plans where id > 1");
        CHECK(first_difference(Cluster::shared().dump_of(target().name()), old_state) == "");
    }

    [[nodiscard]] std::string count(const std::string& table) const {
        return target().psql("select count(*) from " + table);
    }
};

} // namespace

TEST_CASE("restore: --exact with a part is refused without --accept-partial") {
    TenantScene scene;
    const auto schema = scene.dump({"-n", "tenant_1"});
    const auto table = scene.dump({"-t", "tenant_1.orders"});
    const auto rows = scene.dump({"-a"});
    const auto archive = scene.dump({"-F", "custom", "-n", "tenant_1"});
    scene.remember();
    const std::string unnamed = "drop everything else in the target";
    for (const Words& options : std::vector<Words>{{}, {"--dry-run"}}) {
        Words exact = options;
        exact.insert(exact.end(), {"--clean", "--exact"});
        scene.check_failed(scene.restore(schema, exact), k_refused,
                           "the dump is not whole: only schema tenant_1; --exact would " + unnamed);
        scene.check_failed(scene.restore(table, exact), k_refused, "only table tenant_1.orders");
        scene.check_failed(scene.restore(rows, exact), k_refused, "only rows");
        scene.check_failed(scene.restore(archive, {"--clean", "--jobs", "2"}), k_refused,
                           "--jobs with --clean would " + unnamed);
    }
    const auto accepted = scene.restore(schema, {"--clean", "--exact", "--accept-partial"});
    INFO(accepted.err);
    CHECK(accepted.exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_tables where schemaname in ('public', "
                              "'tenant_1', 'tenant_2')") == "1");
}

TEST_CASE("restore: --exact with an obvious part without a manifest is refused") {
    TenantScene scene;
    const auto refused = [&](const Words& words, const std::string& message) {
        scene.check_failed(scene.restore(scene.foreign_dump(words), {"--clean", "--exact"}),
                           k_refused, message);
    };
    refused({"-t", "tenant_1.orders"}, "the dump is not whole: single tables of schema tenant_1");
    refused({"--data-only"}, "the dump is not whole: only rows");
    refused({"--schema-only"}, "the dump is not whole: only the schema (no rows)");
    refused({"--section=post-data"},
            "the dump is not whole: only what belongs to tables that it does not create");
    scene.source().psql("create table public.void (i int)");
    refused({"--data-only", "-t", "public.void"}, "the dump is not whole: only rows");
    scene.source().psql("drop table public.void");
    const auto plan = scene.restore(scene.foreign_dump({}), {"--clean", "--exact", "--dry-run"});
    CHECK((plan.out + plan.err).find("it is also unknown whether it is a part") !=
          std::string::npos);
    scene.check_restored(scene.restore(scene.foreign_dump({}), {"--clean", "--exact"}));
    scene.check_restored(scene.restore(scene.foreign_dump({"--inserts"}), {"--clean", "--exact"}));
}

TEST_CASE("no hint suggests --exact for a part") {
    TenantScene scene;
    const auto part = scene.dump({"-n", "tenant_1"});
    const auto whole = scene.dump();
    scene.target().psql("create schema extra; create view extra.all as select * from "
                        "tenant_1.orders");
    scene.remember();
    const auto refused = scene.restore(part, {"--clean"});
    scene.check_failed(refused, k_refused, "view extra.");
    CHECK(refused.err.find("--exact") == std::string::npos);
    CHECK(scene.restore(whole, {"--clean"}).err.find("--exact") != std::string::npos);
}

TEST_CASE("undo: after a restore of a part it is as wide as the part") {
    const TenantScene scene;
    SECTION("a schema of a whole dump") {
        scene.check_way_back(scene.dump(), {"--clean", "-n", "tenant_1"});
    }
    SECTION("a dump of a schema") {
        scene.check_way_back(scene.dump({"-n", "tenant_1"}), {"--clean"});
    }
    SECTION("a dump of tables") {
        scene.check_way_back(scene.dump({"-t", "tenant_1.*"}), {"--clean"});
    }
    SECTION("tables of a whole dump") {
        scene.check_way_back(scene.dump(), {"--clean", "-t", "tenant_1.*"});
    }
}

TEST_CASE("undo: after a restore of a part it drops what was added") {
    TenantScene scene;
    scene.source().psql(
        "create table tenant_1.\"New*\" (id int); create schema tenant_3; "
        "create table tenant_3.t (id int); create function tenant_3.f() returns int "
        "language sql as 'select 1'");
    const auto dump = scene.dump();
    const std::string old_state = Cluster::shared().dump_of(scene.target().name());
    for (const Words& part : std::vector<Words>{
             {"-t", "tenant_1.\"New*\"", "-t", "tenant_1.orders", "-t", "tenant_1.totals"},
             {"-n", "tenant_3", "-t", "plans"},
             {"-n", "tenant_[13]"},
             {"-n", "tenant_*", "-t", "public.*"}}) {
        INFO(part.at(1));
        Words arguments{"--clean"};
        arguments.insert(arguments.end(), part.begin(), part.end());
        const auto result = scene.restore_with_way_back(dump, arguments);
        INFO(result.err << result.out);
        REQUIRE(result.exit_code == 0);
        CHECK(Cluster::shared().dump_of(scene.target().name()) != old_state);
        const auto undone = scene.undo(result);
        INFO(undone.err);
        CHECK(undone.exit_code == 0);
        CHECK(first_difference(Cluster::shared().dump_of(scene.target().name()), old_state) == "");
    }
}

TEST_CASE("restore --schema restores a whole schema and nothing else") {
    const TestRole clerk;
    TenantScene scene;
    scene.source().psql(
        "create schema \"Odd \"\"S\"; comment on schema \"Odd \"\"S\" is 'c'; "
        "set search_path to \"Odd \"\"S\"; create domain d as int check (value > 0); "
        "comment on constraint d_check on domain d is 'x'; create type mood as enum ('a', 'b'); "
        "create type pair as (a int, b mood); create function f(int) returns int language sql as "
        "'select $1'; comment on function f(int) is 'f'; create procedure p() language sql as ''; "
        "create aggregate total(int) (sfunc = int4pl, stype = int); "
        "create function eq(mood, mood) returns bool language sql as 'select $1 = $2'; create "
        "operator + (leftarg = mood, rightarg = mood, function = eq); "
        "create operator class oc for type int using btree as function 1 btint4cmp(int, int); "
        "create collation c (locale = 'C'); create text search configuration ts (copy = simple); "
        "create table t (id serial primary key, m mood, x d default f(1)); insert into t (m) "
        "values ('a'), ('b'); create materialized view mv as select * from t; "
        "create statistics st on id, m from t; create extension hstore with schema \"Odd \"\"S\"; "
        "create table h (h hstore); create index on h using gin (h); "
        "create function trg() returns trigger language plpgsql as 'begin return new; end'; "
        "create trigger trg before insert on t for each row execute function trg(); "
        "grant usage on schema \"Odd \"\"S\" to " +
        clerk.name() +
        "; grant execute on function "
        "f(int) to " +
        clerk.name() + "; grant usage on type mood to " + clerk.name() +
        "; "
        "alter default privileges in schema \"Odd \"\"S\" grant select on tables to " +
        clerk.name());
    const auto dump = scene.dump();
    const auto archive = scene.dump({"-F", "custom"});
    const std::string other = "update public.plans set id = 7";
    scene.target().psql(other);
    scene.source().psql(other);
    const Words part{"--clean", "-n", "Odd \"S"};
    scene.check_restored(scene.restore(dump, {"-n", "Odd \"S"})); // into a target that lacks it
    scene.target().psql("set search_path to \"Odd \"\"S\"; drop table t cascade; drop function "
                        "trg(); create table more (id int); drop extension hstore cascade");
    scene.check_restored(scene.restore(dump, part));
    scene.check_restored(scene.restore(archive, {"--clean", "-n", "\"Odd \"*", "-n", "Odd \"S"}));
}

TEST_CASE("restore --schema public leaves other schemas alone") {
    TenantScene scene;
    const auto dump = scene.dump();
    scene.target().psql("insert into public.plans values (5); create view public.all_of as select "
                        "1 as one; delete from tenant_1.orders");
    const auto result = scene.restore(dump, {"--clean", "-n", "public"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.count("public.plans") == "1");
    CHECK(scene.count("tenant_1.orders") == "0");
    CHECK(scene.target().psql("select count(*) from pg_views where viewname = 'all_of'") == "0");
    // A table of public is dropped alone if it was named.
    scene.target().psql("insert into public.plans values (5); create table public.stays (i int)");
    CHECK(scene.restore(dump, {"--clean", "-n", "tenant_1", "-t", "public.plans"}).exit_code == 0);
    CHECK(scene.count("public.plans") == "1");
    CHECK(scene.count("public.stays") == "0");
    CHECK(scene.count("tenant_1.orders") == "10");
}

TEST_CASE("a dump of some tables of a schema never drops the schema") {
    TenantScene scene;
    const auto dump = scene.dump({"-t", "tenant_1.orders", "-t", "tenant_1.totals"});
    scene.target().psql("create table tenant_1.stays (i int); delete from tenant_1.orders");
    const auto result = scene.restore(dump, {"--clean", "-n", "tenant_1"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.count("tenant_1.orders") == "10");
    CHECK(scene.count("tenant_1.stays") == "0");
}

TEST_CASE("restore --schema refuses before it changes anything") {
    TenantScene scene;
    const auto dump = scene.dump();
    scene.remember();
    const auto refused = [&](const Words& words, int exit_code, const std::string& message) {
        scene.check_failed(scene.restore(dump, words), exit_code, message);
    };
    refused({"-n", "nowhere"}, k_usage, "has no schema 'nowhere'");
    refused({"-n", "x*"}, k_usage, "has no schema 'x*'");
    refused({"-t", "tenant_1.x*"}, k_usage, "has no table 'tenant_1.x*'");
    refused({"-t", "tenant_1.[x"}, k_usage, "'tenant_1.[x' is not a valid pattern");
    refused({"-n", "tenant_1"}, k_refused, "already contains");
    refused({"--clean", "--exact", "-n", "tenant_1"}, k_usage, "--exact");
    refused({"--clean", "--drop-missing"}, k_usage, "--drop-missing needs --table or --schema");
    refused({"--clean", "--drop-missing", "-t", "nowhere.*"}, k_usage, "needs exact names");
    refused({"--clean", "--drop-missing", "-t", "nowhere"}, k_usage, "needs exact names");
    scene.target().psql("create view public.totals as select * from tenant_1.orders");
    scene.remember();
    refused({"--clean", "-n", "tenant_1"}, k_refused, "view public.totals");
}

TEST_CASE("a missing public schema is recreated as initdb does") {
    TenantScene scene;
    const auto dump = scene.dump();
    for (const Words& part : std::vector<Words>{{"-t", "public.plans"}, {"-n", "public"}}) {
        INFO(part.front());
        scene.target().psql("drop schema public cascade");
        scene.check_restored(scene.restore(dump, part));
        scene.target().psql("drop schema public cascade");
        Words clean = part;
        clean.emplace_back("--clean");
        scene.check_restored(scene.restore(dump, clean));
    }
    scene.renew_target();
    scene.target().psql("drop schema public cascade");
    scene.check_restored(scene.restore(dump));
    // A restore that does not need it does not create it.
    scene.target().psql("drop schema public cascade; drop schema tenant_1 cascade");
    CHECK(scene.restore(dump, {"-n", "tenant_1"}).exit_code == 0);
    CHECK(scene.target().psql("select count(*) from pg_namespace where nspname = 'public'") == "0");
}

TEST_CASE("objects in the way are listed briefly, and counted") {
    TenantScene scene;
    const auto dump = scene.dump();
    scene.remember();
    const auto result = scene.restore(dump);
    scene.check_failed(result, k_refused,
                       "already contains objects of the dump (3 of its 3 tables): ");
    CHECK(result.err.find(" and 2 more\n") != std::string::npos);
    scene.check_failed(scene.restore(dump, {"-t", "public.plans"}), k_refused,
                       "(1 of its 1 table): table public.plans\n");
}

TEST_CASE("a part that needs objects missing from the target says so, with a hint") {
    TenantScene scene;
    scene.source().psql("create schema types; create type types.mood as enum ('a'); "
                        "create schema users; create table users.t (m types.mood)");
    const auto dump = scene.dump();
    scene.remember();
    const auto result = scene.restore(dump, {"-n", "users"});
    scene.check_failed(result, k_failed, "schema \"types\" does not exist");
    CHECK(result.err.find("Your choice needs an object") != std::string::npos);
    CHECK(scene.restore(dump, {"-n", "users", "-n", "types"}).exit_code == 0);
}

TEST_CASE("a plan counts the schemas that stay if there are many") {
    TenantScene scene;
    const auto dump = scene.dump({"-n", "tenant_1"});
    for (int i = 10; i < 17; ++i) {
        scene.target().psql("create schema tenant_" + std::to_string(i) + "; create table tenant_" +
                            std::to_string(i) + ".t (i int)");
    }
    const auto text = scene.restore(dump, {"--clean", "--dry-run"});
    INFO(text.out);
    // tenant_2, tenant_10 to 16, and public
    CHECK(text.out.find("Not touched: 9 other schemas (9 tables).") != std::string::npos);
    const auto json = scene.restore(dump, {"--clean", "--dry-run", "--json"});
    CHECK(nlohmann::json::parse(json.out).at("plan").at("stays").size() == 9);
}

TEST_CASE("undo: after a restore of rows it works even if views depend on the tables") {
    const TenantScene scene;
    for (const Words& words : std::vector<Words>{{"-a"}, {"-a", "-t", "plans"}}) {
        const auto rows = scene.dump(words);
        scene.target().psql("delete from tenant_1.orders where id = 1; delete from public.plans");
        const std::string old_state = Cluster::shared().dump_of(scene.target().name());
        const auto result = scene.restore_with_way_back(rows, {"--clean"});
        INFO(result.err << result.out);
        REQUIRE(result.exit_code == 0);
        CHECK(scene.count("public.plans") == "1");
        const bool is_whole = result.out.find("--exact") != std::string::npos;
        CHECK(is_whole == (words.size() == 1)); // nothing depends on public.plans
        const auto undone = scene.undo(result);
        INFO(undone.err);
        CHECK(undone.exit_code == 0);
        CHECK(first_difference(Cluster::shared().dump_of(scene.target().name()), old_state) == "");
    }
}
