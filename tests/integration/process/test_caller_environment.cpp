// Variables of the caller and settings of the server that must not change a dump.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace dbbackup::test;

namespace {

/// Values whose text depends on session settings.
constexpr const char* k_table =
    "create table value (at timestamptz, day date, span interval, raw bytea, number float8, "
    "text text, backslash text); "
    "insert into value select '2026-01-02 03:04:05+00'::timestamptz + g * interval '1 hour', "
    "'2026-01-02', '1 day 02:03:04', '\\x00ff5c', 1.0 / 3, 'gr' || chr(252) || 'n', "
    "E'a\\\\b''c' from generate_series(1, 50) g; "
    "create function f() returns text language sql as $$ select 'a\\b'::text $$;";

/// The SQL of a run that must succeed, without the random keys.
std::string dumped(const DumpScene& scene, const ProgramOptions& options) {
    const ProgramResult result = run_program(scene.words({"-Z", "none"}), options);
    scene.check_dumped(result);
    const auto names = scene.new_names();
    REQUIRE(names.size() == 2);
    const auto manifest = nlohmann::json::parse(read_file(scene.dumps() / names[1]));
    const auto& tables = manifest["contents"]["tables"];
    REQUIRE(tables.size() == 1);
    CHECK(tables[0]["rows"] == 50);
    std::istringstream lines{read_file(scene.dumps() / names[0])};
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        kept += line.find("restrict ") == 1 || line.find("restrict ") == 3 ? "" : line + "\n";
    }
    scene.remove_new();
    return kept;
}

} // namespace

TEST_CASE("the caller's PG variables have no effect on a dump if the URL names the server") {
    const DumpScene scene;
    const TestDatabase other;
    other.psql("create table wrong (x int)");
    scene.database().psql(k_table);
    const std::string expected = dumped(scene, scene.options());
    CHECK(expected == Cluster::shared().dump_of(scene.database().name()));

    const TempDir temp;
    const std::string service =
        fmt::format("[other]\ndbname={}\nhost=/nonexistent\n", other.name());
    write_file(temp / "pg_service.conf", service);
    write_file(temp / ".pgpass", "*:*:*:*:wrong\n");
    const std::map<std::string, std::string> poison{
        {"PGHOST", "/nonexistent"},
        {"PGHOSTADDR", "127.0.0.1"},
        {"PGPORT", "1"},
        {"PGDATABASE", other.name()},
        {"PGUSER", "nobody_at_all"},
        {"PGPASSWORD", "wrong"},
        {"PGPASSFILE", temp / ".pgpass"},
        {"PGSERVICE", "other"},
        {"PGSERVICEFILE", temp / "pg_service.conf"},
        {"PGSYSCONFDIR", temp.path()},
        {"PGOPTIONS", "-c default_transaction_read_only=off -c search_path=nowhere "
                      "-c bytea_output=escape -c extra_float_digits=0 -c row_security=on"},
        {"PGCLIENTENCODING", "LATIN1"},
        {"PGDATESTYLE", "German"},
        {"PGTZ", "Asia/Tokyo"},
        {"PGGEQO", "off"},
        {"PGAPPNAME", "wrong"},
        {"PGTARGETSESSIONATTRS", "standby"},
        {"PGLOADBALANCEHOSTS", "random"},
        {"PG_COLOR", "always"},
        {"PGLOCALEDIR", temp.path()},
        {"LC_ALL", "C"},
        {"LANGUAGE", "de"},
        {"TZ", "Asia/Tokyo"},
    };
    for (const auto& [name, value] : poison) {
        INFO(name << "=" << value);
        ProgramOptions options = scene.options();
        options.environment[name] = value;
        CHECK(dumped(scene, options) == expected);
    }
    ProgramOptions options = scene.options();
    options.environment.insert(poison.begin(), poison.end());
    CHECK(dumped(scene, options) == expected);
}

TEST_CASE("the caller's variables do not complete a URL without user or port") {
    const DumpScene scene;
    const TestDatabase other;
    // No server there: the variables would lead to one.
    const TempDir nowhere;
    ProgramOptions options = scene.options();
    options.environment["PGHOST"] = Cluster::shared().socket_directory();
    options.environment["PGDATABASE"] = other.name();
    options.environment["PGUSER"] = "postgres";
    options.environment["DATABASE_URL"] =
        fmt::format("postgresql://postgres@/x?host={}", nowhere.path().string());
    scene.check_failed(run_program(scene.words(), options), 1, "cannot connect");
    options.environment["DATABASE_URL"] = "postgresql://postgres@/?host=/nonexistent";
    scene.check_failed(run_program(scene.words(), options), 2, "database");
}

TEST_CASE("settings of role and database do not affect a dump") {
    const DumpScene scene;
    scene.database().psql(k_table);
    const std::string& name = scene.database().name();
    const std::string expected = Cluster::shared().dump_of(name);
    const TestRole role{"login superuser"};
    for (const std::string& owner : {"role " + role.name(), "database " + name}) {
        for (const char* setting :
             {"datestyle = 'German'", "search_path = 'nowhere'", "statement_timeout = '200ms'",
              "lock_timeout = '1ms'", "idle_in_transaction_session_timeout = '1ms'",
              "bytea_output = 'escape'", "row_security = off", "extra_float_digits = 0",
              "client_encoding = 'LATIN1'", "intervalstyle = 'iso_8601'", "timezone = 'Asia/Tokyo'",
              "quote_all_identifiers = on", "standard_conforming_strings = off",
              "default_transaction_read_only = on"}) {
            Cluster::shared().psql("postgres", fmt::format("alter {} set {}", owner, setting));
        }
    }
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] = Cluster::shared().url(name, role.name(), "x");
    // Times, for example, may be written differently; what counts is what is restored.
    const TestDatabase restored;
    const TempDir temp;
    write_file(temp / "dump.sql", for_the_server(dumped(scene, options)));
    Cluster::shared().load(restored.name(), temp / "dump.sql");
    CHECK(Cluster::shared().dump_of(restored.name()) == expected);
}
