// The caller's environment, the role and the database do not affect a restore, and no password is
// revealed.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <map>

using namespace dbbackup::test;

namespace {

const std::vector<std::string> k_settings{
    "statement_timeout = '1ms'",
    "lock_timeout = '1ms'",
    "idle_in_transaction_session_timeout = '1ms'",
    "search_path = 'shop', 'public'",
    "search_path = 'nowhere'",
    "standard_conforming_strings = off",
    "backslash_quote = on",
    "escape_string_warning = off",
    "client_encoding = 'LATIN1'",
    "default_transaction_isolation = 'serializable'",
    "default_transaction_read_only = on",
    "default_transaction_deferrable = on",
    "session_replication_role = 'replica'",
    "row_security = off",
    "DateStyle = 'SQL, DMY'",
    "IntervalStyle = 'sql_standard'",
    "extra_float_digits = -10",
    "bytea_output = 'escape'",
    "quote_all_identifiers = on",
    "synchronous_commit = off",
    "client_min_messages = 'debug5'",
    "check_function_bodies = on",
    "default_tablespace = ''",
    "TimeZone = 'Asia/Kathmandu'",
    "transform_null_equals = on",
    "lo_compat_privileges = on",
    "xmloption = 'document'",
};

} // namespace

TEST_CASE("settings of the target's database or of the role do not affect a restore") {
    const ShopRestore scene;
    scene.source().psql(
        "create table shop.texts (id integer, t text, f float8, b bytea, d "
        "timestamptz); insert into shop.texts values (1, e'a\\\\b''\\u00e9\\u20ac', "
        "pi(), '\\x00ff', '2026-02-01 03:04:05+06'); "
        "alter table shop.texts add check (t like e'a\\\\\\\\b%'); "
        "comment on table shop.texts is e'back\\\\slash'");
    const auto dump = scene.dump();
    const TestRole role{"login superuser"};
    ProgramOptions options = scene.options();
    options.environment["DATABASE_URL"] =
        Cluster::shared().url(scene.target().name(), role.name(), "x");
    for (const std::string& whose : {"database " + scene.target().name(), "role " + role.name()}) {
        for (std::size_t i = 0; i < k_settings.size(); ++i) {
            if ((i % 2 == 0) == (whose.front() == 'd')) {
                Cluster::shared().psql("postgres",
                                       fmt::format("alter {} set {}", whose, k_settings[i]));
            }
        }
    }
    const auto result = run_program(scene.words(dump, {"--clean", "--no-safety-dump"}), options);
    Cluster::shared().psql("postgres",
                           fmt::format("alter database {} reset all", scene.target().name()));
    scene.check_new(result);
}

TEST_CASE("no single setting of the target's database affects a restore") {
    const ShopRestore scene;
    const auto dump = scene.dump();
    for (const std::string& setting : k_settings) {
        INFO(setting);
        Cluster::shared().psql(
            "postgres", fmt::format("alter database {} set {}", scene.target().name(), setting));
        const auto result = scene.restore(dump, {"--clean"});
        Cluster::shared().psql("postgres",
                               fmt::format("alter database {} reset all", scene.target().name()));
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(scene.is_new());
    }
}

TEST_CASE("the caller's variables do not redirect a restore") {
    const ShopRestore scene;
    const TestDatabase bystander;
    bystander.psql("create table mine as select 1 as i");
    const std::string before = Cluster::shared().dump_of(bystander.name());
    const auto dump = scene.dump();
    ProgramOptions options = scene.options();
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"PGDATABASE", bystander.name()},
             {"PGHOST", "/nowhere"},
             {"PGHOSTADDR", "192.0.2.1"},
             {"PGPORT", "1"},
             {"PGUSER", "nobody_at_all"},
             {"PGPASSWORD", "x"},
             {"PGOPTIONS", "-c search_path=nowhere -c default_transaction_read_only=on"},
             {"PGSERVICE", "nowhere"},
             {"PGCLIENTENCODING", "LATIN1"},
             {"PGTZ", "Asia/Kathmandu"},
             {"PGDATESTYLE", "SQL"},
             {"PSQLRC", "/nowhere"},
             {"PG_COLOR", "always"}}) {
        options.environment[name] = value;
    }
    const auto result = run_program(scene.words(dump, {"--clean", "--no-safety-dump"}), options);
    scene.check_new(result);
    CHECK(first_difference(Cluster::shared().dump_of(bystander.name()), before) == "");
}

TEST_CASE("a restore's password is in no command line and no message") {
    const std::string canary = "cAnArY'\\ %41 s3cret";
    const TestRole role{TestRole::with_password(canary)};
    for (const std::vector<std::string>& way :
         {std::vector<std::string>{"-Z", "gzip"}, {"-F", "custom"}}) {
        ShopRestore scene;
        const auto dump = scene.dump(way);
        scene.remember();
        ProgramOptions options = scene.options();
        options.environment["DATABASE_URL"] =
            Cluster::shared().url(scene.target().name(), role.name(), canary);
        std::vector<std::string> seen;
        const auto watch = [&](const std::vector<std::string>& arguments) {
            Program run{scene.words(dump, arguments), options};
            while (run.running()) {
                for (const std::string& text : {std::string{"cAnArY"}, percent_encode(canary)}) {
                    const auto lines = command_lines_with(text);
                    seen.insert(seen.end(), lines.begin(), lines.end());
                }
            }
            return run.wait();
        };
        {
            const HeldLock lock{scene.target(), "shop.customers"};
            const auto failed = watch({"--clean", "--lock-timeout", "500ms", "-v"});
            CHECK(failed.exit_code == 1);
            CHECK((failed.out + failed.err).find("cAnArY") == std::string::npos);
        }
        scene.check_untouched();
        std::vector<std::string> arguments{"--clean", "-v", "--json"};
        if (way.back() == "custom") {
            arguments.insert(arguments.end(), {"--jobs", "2"});
        }
        const auto result = watch(arguments);
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK((result.out + result.err).find("cAnArY") == std::string::npos);
        CHECK((result.out + result.err).find(percent_encode(canary)) == std::string::npos);
        CHECK(seen == std::vector<std::string>{});
        for (const std::string& name : names_in(scene.dumps())) {
            CHECK(read_file(scene.dumps() / name).find("cAnArY") == std::string::npos);
        }
        (void)Cluster::shared().client(
            "psql", "postgres", {"-Xq"},
            fmt::format("select format('drop database %I with (force)', datname) from pg_database "
                        "where datname like '{}\\_%' \\gexec",
                        scene.target().name()));
    }
}
