// Complete dumps that the server refuses somewhere: everything before is rolled back.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_failed = 1;
constexpr int k_damaged = 3;
constexpr int k_refused = 5;

constexpr const char* k_rows = "COPY shop.orders (id, customer, amount) FROM stdin;\n";

/// What goes wrong, and how it is reported.
struct Refusal {
    std::string what;
    const char* message;
    int exit_code = k_failed;
};

/// Makes the server evaluate `expression` as a dump can: for a materialized view.
std::string computed(const std::string& expression) {
    return "CREATE MATERIALIZED VIEW shop.x AS SELECT " + expression +
           " AS x WITH NO DATA;\nREFRESH MATERIALIZED VIEW shop.x;";
}

/// The same for a function with these clauses.
std::string computed_by(const std::string& clauses) {
    return "CREATE FUNCTION shop.f() RETURNS bigint " + clauses + ";\n" + computed("shop.f()");
}

const std::vector<Refusal> k_last_statements{
    {computed("1/0"), "division by zero"},
    {"CREATE TABLE shop.x (i integer i);", "syntax error"},
    {"ALTER TABLE shop.orders ADD CONSTRAINT late CHECK (id < 400);", "late"},
    {"ALTER TABLE shop.orders ADD CONSTRAINT late UNIQUE (customer);", "duplicate"},
    {"CREATE UNIQUE INDEX late ON shop.orders (customer);", "duplicate"},
    {"ALTER TABLE shop.orders ADD CONSTRAINT late UNIQUE (amount) DEFERRABLE INITIALLY DEFERRED;\n"
     "INSERT INTO shop.orders VALUES (-1, 1, 7654321), (-2, 1, 7654321);",
     "duplicate"},
    {"ALTER TABLE shop.orders ADD CONSTRAINT late FOREIGN KEY (customer) REFERENCES shop.customers "
     "DEFERRABLE INITIALLY DEFERRED;\nINSERT INTO shop.orders VALUES (999, 999, 0);",
     "foreign key"},
    {computed_by("LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more'; END $$"), "no more"},
    {"SET statement_timeout = '20ms';\n" + computed("pg_sleep(10)::text"), "statement timeout"},
    {computed_by("LANGUAGE sql SET temp_file_limit TO '64kB' SET work_mem TO '64kB' AS 'SELECT "
                 "count(*) FROM (SELECT g FROM generate_series(1, 100000) g ORDER BY "
                 "md5(g::text) OFFSET 1) s'"),
     "temp_file_limit"},
    {"CREATE TABLE shop.orders (i integer);", "already exists"},
    {"CREATE TABLE nowhere.x (i integer);", "nowhere"},
    {"CREATE TABLE shop.x (x nosuchtype);", "nosuchtype"},
    {"ALTER TABLE shop.orders OWNER TO nobody_at_all;", "roles that the server lacks", k_refused},
    {"GRANT SELECT ON TABLE shop.orders TO nobody_at_all;", "roles that the server lacks",
     k_refused},
    {"GRANT SELECT ON TABLE shop.orders TO pg_of_tomorrow, nobody_at_all;",
     "does not have: pg_of_tomorrow\nhint: Nobody can create them. Use a server of a later version",
     k_refused},
    {"CREATE EXTENSION nothing_like_it;", "extensions that the server lacks", k_refused},
    {computed("pg_terminate_backend(pg_backend_pid())"), "terminating connection"},
    {"DO $$ BEGIN RAISE EXCEPTION 'no more'; END $$;", "", k_damaged},
    {"CREATE TABEL shop.x (i integer);", "", k_damaged},
    {"SET ROLE nobody_at_all;", "", k_damaged},
    {"COMMIT;", "", k_damaged},
    {"ROLLBACK;", "", k_damaged},
    {"START TRANSACTION;", "", k_damaged},
    {"PREPARE TRANSACTION 'x';", "", k_damaged},
    {"\\! touch gotcha", "", k_damaged},
    {"SELECT 1 \\! touch gotcha\n;", "", k_damaged},
    {"\\connect postgres", "", k_damaged},
    {"COPY shop.customers TO PROGRAM 'touch gotcha';", "", k_damaged},
};

const std::vector<Refusal> k_first_rows{
    {"x\t2\t0.25\n", "invalid input syntax"},
    {"1\t2\n", "missing data"},
    {"1\t2\t0.25\t4\n", "extra data"},
    {"1\t\\N\t0.25\n", "not-null"},
    {"99999999999\t2\t0.25\n", "out of range"},
    {"1\t2\t\xff\n", "invalid byte sequence"},
    {"2\t2\t0.25\n", "orders_pkey"},
    {"1\t101\t0.25\n", "orders_customer_fkey"},
    {"1\t2\t-1\n", "orders_amount_check"},
};

} // namespace

TEST_CASE("a statement that fails at the very end of a dump rolls everything back") {
    const ShopRestore scene;
    const std::string sql = scene.sql();
    for (const Refusal& refusal : k_last_statements) {
        INFO(refusal.what);
        scene.check_refused(scene.write_dump(with_last(sql, refusal.what)), refusal.exit_code,
                            refusal.message);
        CHECK_FALSE(std::filesystem::exists(scene.temp() / "gotcha"));
    }
}

TEST_CASE("a bad row rolls everything back") {
    const ShopRestore scene;
    const std::string sql = scene.sql();
    for (const Refusal& refusal : k_first_rows) {
        INFO(refusal.what);
        const std::string spoilt =
            replaced(sql, k_rows + std::string{"1\t2\t0.25\n"}, k_rows + refusal.what);
        scene.check_refused(scene.write_dump(spoilt), refusal.exit_code, refusal.message);
    }
}

TEST_CASE("rows that the server drops silently are noticed") {
    const ShopRestore scene;
    const std::string swallow =
        "CREATE FUNCTION shop.swallow() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF new.id = 7 THEN RETURN null; END IF; RETURN new; END "
        "$$;\nCREATE TRIGGER swallow BEFORE INSERT ON shop.orders FOR EACH "
        "ROW EXECUTE FUNCTION shop.swallow();\n";
    const std::string sql = replaced(scene.sql(), k_rows, swallow + k_rows);
    scene.check_refused(scene.write_dump(sql), k_failed, "(400), the server accepted 399");
}

TEST_CASE("rows alone that violate a deferred constraint of the target are not committed") {
    ShopRestore scene;
    scene.source().psql(
        "create table shop.a (i integer primary key); create table shop.b (i integer "
        "references shop.a deferrable initially deferred); "
        "insert into shop.a values (1); insert into shop.b values (1)");
    scene.target().psql(
        "drop table if exists shop.legacy cascade; "
        "create table shop.a (i integer primary key); create table shop.b (i integer "
        "references shop.a deferrable initially deferred); "
        "insert into shop.a values (7); insert into shop.b values (7)");
    scene.remember();
    const ProgramResult rows = Cluster::shared().client(
        "pg_dump", scene.source().name(), {"--data-only", "-t", "shop.b", "-t", "shop.a"});
    const std::string copy = "COPY shop.b (i) FROM stdin;\n";
    scene.check_refused(scene.write_dump(replaced(rows.out, copy + "1\n", copy + "2\n")), k_failed,
                        "foreign key");
    const auto good = scene.restore(scene.write_dump(rows.out), {"--clean"});
    INFO(good.err);
    CHECK(good.exit_code == 0);
    CHECK(scene.target().psql("select * from shop.b") == "1");
}

TEST_CASE("a role that lacks some privilege changes nothing") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.remember();
    const TestRole role;
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] =
        Cluster::shared().url(scene.target().name(), role.name(), "x");
    const auto restore = [&](std::vector<std::string> arguments) {
        arguments.emplace_back("--no-safety-dump");
        return run_program(scene.words(dump, std::move(arguments)), options);
    };
    // It may see nothing; may read; may write but owns nothing.
    for (const std::string& grant :
         {fmt::format("grant usage on schema shop to {}", role.name()),
          fmt::format("grant select on all tables in schema shop, public to {}", role.name()),
          fmt::format("grant all on all tables in schema shop to {0}; grant all on schema shop, "
                      "public to {0}",
                      role.name())}) {
        INFO(grant);
        scene.target().psql(grant);
        scene.remember();
        const auto result = restore({"--clean", "--no-owner"});
        scene.check_failed(result, k_refused, "your role lacks rights for this restore");
        CHECK(result.err.find("hint: ") != std::string::npos);
    }
    scene.target().psql(fmt::format("drop owned by {}", role.name()));
}

TEST_CASE("a role that cannot create in public is told what to grant, and no flag twice") {
    const ShopRestore scene;
    scene.source().psql("create table public.plans (id int)");
    const auto dump = scene.dump();
    const TestRole role;
    const TestDatabase target;
    target.psql("revoke create on schema public from public");
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = Cluster::shared().url(target.name(), role.name(), "x");
    const auto refused = [&](const std::string& table) {
        return run_program({dbbackup_path(), "restore", dump.string(), "--dir",
                            scene.dumps().string(), "-t", table, "--confirm", target.name(),
                            "--no-owner", "--no-privileges"},
                           options);
    };
    const auto in_public = refused("public.plans");
    INFO(in_public.err);
    CHECK(in_public.exit_code == k_refused); // before anything
    CHECK(in_public.err.find(fmt::format("GRANT CREATE ON SCHEMA public TO \"{}\";",
                                         role.name())) != std::string::npos);
    CHECK(in_public.err.find("--no-owner") == std::string::npos);
    target.psql("create schema shop");
    const auto elsewhere = refused("shop.customers");
    INFO(elsewhere.err);
    CHECK(elsewhere.exit_code == k_failed);
    CHECK(elsewhere.err.find("Restore as the owner or a superuser.") != std::string::npos);
    CHECK(elsewhere.err.find("--no-owner") == std::string::npos);
}

TEST_CASE("event triggers of the target that forbid or log") {
    ShopRestore scene;
    const auto dump = scene.dump();
    scene.target().psql(
        "create schema audit; create table audit.log (tag text); "
        "create function audit.note() returns event_trigger language plpgsql as "
        "$$ begin insert into audit.log values (tg_tag); end $$; "
        "create event trigger note on ddl_command_start execute function audit.note()");
    scene.remember();
    const auto logged = scene.restore(dump, {"--clean"});
    INFO(logged.err);
    CHECK(logged.exit_code == 0);
    CHECK(std::stoi(scene.target().psql("select count(*) from audit.log")) > 5);
    CHECK(scene.target().psql("select count(*) from shop.orders") == "400");

    scene.target().psql(
        "create or replace function audit.note() returns event_trigger language plpgsql as "
        "$$ begin if tg_tag = 'CREATE INDEX' then raise 'no index here'; end if; end $$");
    scene.remember();
    scene.check_refused(dump, k_failed, "no index here");
}

TEST_CASE("a dump of a later PostgreSQL is refused unless --allow-downgrade") {
    ShopRestore scene;
    const auto dump = scene.dump({"-Z", "none"});
    const std::string newer = replaced(scene.sql(), "database version ", "database version 99");
    const auto by_header = scene.write_dump(newer);
    const std::string key = "\"server_version\": \"";
    write_file(dump.string() + ".json",
               replaced(read_file(dump.string() + ".json"), key, key + "99"));
    scene.remember();
    for (const auto& path : {dump, by_header}) {
        scene.check_refused(path, k_refused, "the dump is from PostgreSQL 99");
        scene.reset_target();
        scene.check_new(scene.restore(path, {"--clean", "--allow-downgrade"}));
        scene.reset_target();
        scene.remember();
    }
}
