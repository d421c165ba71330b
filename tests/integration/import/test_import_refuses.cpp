// What would lose, double or change rows in silence is refused, and nothing is changed.

#include "support/catch.hpp"
#include "support/scene/import_scene.hpp"

using namespace dbbackup::test;

namespace {

struct Trap {
    std::string source; ///< SQL that makes the database
    std::string change; ///< what happened since
    std::vector<std::string> arguments;
    std::string message;
};

std::vector<Trap> traps() {
    const std::string t = "create table t (id int primary key, v text);"
                          "insert into t select g, 'v' || g from generate_series(1, 9) g";
    const std::vector<std::string> add{"--mode", "add"};
    return {
        {t, "drop table t", add, "the database has no such table, and the source has 9 rows"},
        {t, "drop table t; create view t as select 1 as id, ''::text as v", add, "is a view"},
        {t, "delete from t; alter table t add x int not null", add,
         "x must not be NULL and has no default"},
        {t, "alter table t drop constraint t_pkey", add, "nothing identifies its rows"},
        {t,
         "alter table t drop constraint t_pkey; alter table t alter v set not null, alter id set "
         "not null; create "
         "unique index a on t (id); create unique index b on t (v)",
         add, "several keys could identify its rows"},
        {t, "delete from t; create rule r as on insert to t do instead nothing", add, "rules"},
        {t,
         "delete from t; create function f() returns trigger language plpgsql as "
         "'begin return null; end'; create trigger mail after insert on t for each row execute "
         "function f()",
         add, "triggers would fire"},
        {t, "delete from t; alter table t alter v type varchar(1)", add,
         "its type would change the value v1"},
        {"create table t (id int primary key, v numeric); insert into t values (1, 1.239)",
         "delete from t; alter table t alter v type numeric(5, 2)", add,
         "would change the value 1.239"},
        {"create table t (id int primary key, v float8); insert into t values (1, 0.1234567890123)",
         "delete from t; alter table t alter v type float4", add, "would change the value"},
        {"create table t (id int primary key, v timestamp); insert into t values (1, "
         "'2026-01-01 10:00')",
         "delete from t; alter table t alter v type date", add, "would change the value"},
        {"create table t (id int primary key, v timestamp); insert into t values (1, "
         "'2026-01-01 10:00')",
         "delete from t; alter table t alter v type timestamptz", add, "the time zone is unknown"},
        {"create table t (id int primary key, v text); insert into t values (1, 'abc')",
         "delete from t; alter table t alter v type int using 0", add, "v: "},
        {"create type e as enum ('a', 'b'); create table t (id int primary key, v e); "
         "insert into t values (1, 'b')",
         "delete from t; alter table t alter v type text; drop type e; create type e as enum "
         "('a'); alter table t alter v type e using v::e",
         add, "v: "},
        {t, "delete from t; alter table t add check (id < 5)", add, "t_id_check"},
        {t,
         "delete from t where id < 5; update t set id = id + 100, v = 'v1' where id = 9; alter "
         "table t add unique (v)",
         add, "the database has another row with the same values: id=109"},
        {t,
         "delete from t; create unique index low on t (lower(v)); insert into t values (50, "
         "'V3')",
         add, "low"},
        {"create table p (id int primary key); create table c (id int primary key, p int "
         "references p); insert into p values (1), (2); insert into c values (1, 1), (2, 2)",
         "delete from c; delete from p where id = 2",
         {"--mode", "add", "-t", "c"},
         "there is no row of public.p with (id) = (2)"},
        {"create table p (id int primary key); create table c (id int primary key, p int "
         "references p on delete cascade); insert into p values (1); insert into c values (1, 1)",
         "insert into c values (2, 1)",
         {"--mode", "replace", "-t", "p"},
         "its rows would be deleted when those of public.p are replaced"},
        {"create table p (id int primary key); create table c (id int primary key, p int "
         "references p); insert into p values (1); insert into c values (1, 1)",
         "insert into c values (2, 1)",
         {"--mode", "replace", "-t", "p"},
         "c_p_fkey"},
        {"create table t (id serial primary key, v text); insert into t (v) values ('a')",
         "drop table t; create table t (id serial primary key, v text); insert into t (v) values "
         "('other')",
         {"--mode", "add", "-t", "t", "--key", "t=nope"},
         "no column nope"},
        {"create table m (id int primary key) partition by range (id); create table m1 partition "
         "of "
         "m for values from (1) to (10); create table m2 partition of m for values from (10) to "
         "(20); insert into m select generate_series(1, 19)",
         "insert into m select 1 where false",
         {"--mode", "replace", "-t", "m1"},
         "the rows of all its partitions would be deleted"},
        {"create table g (a int generated always as (1) stored); insert into g default values",
         "",
         {"--mode", "replace"},
         "no column of its rows can be imported"},
        {"create table t (id bigserial primary key); insert into t values (9223372036854775807), "
         "(5)",
         "delete from t",
         {"--mode", "add"},
         "created again"},
        {t, "", {"--mode", "add", "-t", "nope"}, "no table with rows in the source fits 'nope'"},
        {t, "", {"--mode", "add", "--key", "nope=id"}, "no table nope in the source"},
        {t, "", {"--mode", "merge", "--newer-by", "nope"}, "no table has the column nope"},
        {t, "", {}, "import needs --mode"},
        {t, "", {"--mode", "merge"}, "must know which row is newer"},
    };
}

} // namespace

TEST_CASE("traps are refused before anything changes", "[matrix]") {
    for (const Trap& trap : traps()) {
        ImportScene scene{trap.source};
        if (!trap.change.empty()) {
            scene.change(trap.change);
        }
        auto arguments = trap.arguments;
        arguments.insert(arguments.end(), {"--confirm", scene.database().name()});
        const ProgramResult result = scene.import(arguments);
        INFO(trap.change << "\n" << result.err << result.out);
        CHECK((result.exit_code == 5 || result.exit_code == 2));
        CHECK((result.err + result.out).find("\\x") == std::string::npos);
        CHECK((result.err + result.out).find(trap.message) != std::string::npos);
        scene.check_untouched();
    }
}

TEST_CASE("with --skip-conflicts all other rows come, and each skipped one is named") {
    ImportScene scene{"create table p (id int primary key, v text); create table c (id int primary "
                      "key, p int references p); insert into p select g, 'v' || g from "
                      "generate_series(1, 9) g; insert into c select g, g from generate_series(1, "
                      "9) g"};
    scene.change("delete from c; delete from p; alter table p add check (id <> 4)");
    const auto refused = scene.report({"--mode", "add"}, 5);
    CHECK(refused.at("committed") == false);
    scene.check_untouched();
    const auto report = scene.report({"--mode", "add", "--skip-conflicts"});
    CHECK(counts_of(report, "p") == "8/0/0/0/0/1");
    CHECK(counts_of(report, "c") == "8/0/0/0/0/1");
    REQUIRE(report.at("conflicts").size() == 2);
    CHECK(report.at("conflicts")[0].at("key") == "id=4");
    CHECK(report.at("conflicts")[1].at("key") == "id=4");
}

TEST_CASE("numbers of another database are not trusted") {
    const ImportScene scene{k_accounts};
    const TestDatabase other;
    other.psql(k_accounts);
    const std::string before = ImportScene::content_of(other);
    const auto result = scene.import_into(other, {"--mode", "add"});
    INFO(result.err);
    CHECK(result.exit_code == 5);
    CHECK(result.err.find("the source is of another database") != std::string::npos);
    CHECK(ImportScene::content_of(other) == before);
    const auto child = scene.import_into(
        other, {"--mode", "add", "-t", "orders", "--key", "orders=total,customer_id"});
    CHECK(child.exit_code == 5);
    CHECK(child.err.find("refers to public.customers by id") != std::string::npos);
}

TEST_CASE("columns that look like references must be explained if numbers change") {
    const ImportScene scene{
        "create table u (id serial primary key, name text not null unique);"
        "create table log (name text primary key, u_id int);"
        "insert into u (name) values ('a'), ('b'); insert into log values ('x', 2)"};
    const TestDatabase other;
    other.psql("create table u (id serial primary key, name text not null unique);"
               "create table log (name text primary key, u_id int);"
               "insert into u (name) values ('b')");
    const std::vector<std::string> add{"--mode", "add", "--key", "u=name"};
    const auto refused = scene.import_into(other, add);
    CHECK(refused.exit_code == 5);
    CHECK(refused.err.find("u_id looks like a reference") != std::string::npos);
    auto with_map = add;
    with_map.insert(with_map.end(), {"--map", scene.map("[table.log]\nref = { u_id = \"u.id\" }")});
    const auto result = scene.import_into(other, with_map);
    INFO(result.err << result.out);
    CHECK(result.exit_code == 0);
    CHECK(other.psql("select u_id from log") == "1");
}

TEST_CASE("row-level security that hides rows refuses an import") {
    ImportScene scene{k_accounts};
    const std::string role = "reader_" + scene.database().name();
    scene.change("create role \"" + role +
                 "\" login; grant all on all tables in schema public to \"" + role +
                 "\"; grant all on all sequences in schema public to \"" + role +
                 "\"; alter table orders enable row level security; create policy p on orders "
                 "using (id < 5); delete from orders where id = 100");
    const auto result =
        run_program(scene.import_words({"--mode", "add", "-t", "orders"}),
                    {.environment = {{"DATABASE_URL",
                                      Cluster::shared().url(scene.database().name(), role, "")}}});
    scene.check_failed(result, 5, "row-level security");
    scene.change("drop owned by \"" + role + "\"; drop role \"" + role + "\"");
}

TEST_CASE("the owner of the tables can import and undo, without being a superuser") {
    ImportScene scene{k_accounts};
    const std::string role = "owner_" + scene.database().name();
    scene.change("create role \"" + role + "\" login; alter database \"" + scene.database().name() +
                 "\" owner to \"" + role + "\"; alter table orders owner to \"" + role +
                 "\"; alter table customers owner to \"" + role +
                 "\"; delete from orders where id > 100");
    const ProgramOptions as_owner{
        .environment = {
            {"DATABASE_URL", Cluster::shared().url(scene.database().name(), role, "")}}};
    const auto result = run_program(scene.import_words({"--mode", "add", "--trust-ids"}), as_owner);
    INFO(result.err << result.out);
    CHECK(result.exit_code == 0);
    CHECK(scene.ask("select count(*) from orders") == "200");
    for (const std::string& name : scene.new_names()) {
        const auto undone =
            run_program({dbbackup_path(), "import", "--undo", scene.dumps() / name}, as_owner);
        INFO(undone.err);
        CHECK(undone.exit_code == 0);
    }
    CHECK(scene.ask("select count(*) from orders") == "100");
    (void)scene.ask("reassign owned by \"" + role + "\" to postgres; drop role \"" + role + "\"");
}

TEST_CASE("an undo waits for whoever refers to the rows, and keeps those") {
    ImportScene scene{"create table a (id int primary key); create table c (id int primary key, a "
                      "int references a on delete cascade); insert into a values (1), (2)"};
    scene.change("delete from a");
    REQUIRE(scene.import({"--mode", "add", "-t", "a"}).exit_code == 0);
    Program writer{{Cluster::shared().bin_dir() / "psql", "-XAtq", scene.database().url(), "-c",
                    "begin; insert into c values (1, 1); select pg_sleep(2); commit"},
                   {}};
    while (scene.ask("select count(*) from pg_locks where relation = 'c'::regclass and mode = "
                     "'RowExclusiveLock'") == "0") {
    }
    for (const std::string& name : scene.new_names()) {
        const auto undone = run_program({dbbackup_path(), "import", "--undo", scene.dumps() / name},
                                        scene.options());
        INFO(undone.err << undone.out);
        CHECK(undone.exit_code == 0);
    }
    CHECK(writer.wait().exit_code == 0);
    CHECK(scene.ask("select string_agg(id::text, ',') from a") == "1");
    CHECK(scene.ask("select count(*) from c") == "1");
}

TEST_CASE("arrays keep their NULLs whatever the database prefers") {
    ImportScene scene{"create table t (id int primary key, v text[]); insert into t values (1, "
                      "'{x,NULL}')"};
    scene.change("delete from t; alter database \"" + scene.database().name() +
                 "\" set array_nulls = off");
    REQUIRE(scene.import({"--mode", "add"}).exit_code == 0);
    CHECK(scene.ask("select v[2] is null from t") == "t");
}

TEST_CASE("many rows that the server refuses are all named") {
    ImportScene scene{"create table t (id int primary key, v int); insert into t select g, g from "
                      "generate_series(1, 3000) g"};
    scene.change("delete from t; alter table t add check (v % 3 <> 0)");
    const auto report = scene.report({"--mode", "add", "--skip-conflicts"});
    CHECK(counts_of(report, "t") == "2000/0/0/0/0/1000");
    CHECK(report.at("conflicts").size() == 1000);
}

TEST_CASE("a locked table ends an import after --lock-timeout") {
    ImportScene scene{k_accounts};
    scene.change("delete from orders where id = 5");
    Program holder{{Cluster::shared().bin_dir() / "psql", "-XAtq", scene.database().url(), "-c",
                    "begin; lock table orders in row exclusive mode; select 'locked'; select "
                    "pg_sleep(60)"},
                   {}};
    while (scene.ask("select count(*) from pg_locks where relation = 'orders'::regclass and mode = "
                     "'RowExclusiveLock'") == "0") {
    }
    const auto result = scene.import({"--mode", "add", "--lock-timeout", "300ms"});
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("kept a table locked") != std::string::npos);
    CHECK(scene.ask("select count(*) from orders") == "199");
}
