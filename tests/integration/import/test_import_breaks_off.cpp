// Damaged sources, missing rights, full disks, and events on the server during an import: the
// target stays byte for byte as it was.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/processes.hpp"
#include "support/scene/failing_import.hpp"
#include "support/scene/small_disk.hpp"
#include "support/server/own_cluster.hpp"
#include "support/server/server_side.hpp"

#include <csignal>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

/// An import stops in the middle of its rows, if triggers fire.
constexpr const char* k_stopping =
    "create function stop() returns trigger language plpgsql as 'begin if new.id = 5 then perform "
    "pg_sleep(100); end if; return new; end'; create trigger stop before insert on slots for each "
    "row execute function stop()";

void wait_for_rows(const Cluster& cluster, const std::string& database) {
    REQUIRE(eventually([&] {
        return cluster.psql("postgres", fmt::format("select exists (select from pg_stat_activity "
                                                    "where datname = '{}' and wait_event = "
                                                    "'PgSleep' and query like 'insert %')",
                                                    database)) == "t";
    }));
}

void to_session(const TestDatabase& target, const std::string& function) {
    target.psql(fmt::format("select {}(pid) from pg_stat_activity where datname = "
                            "current_database() and query like 'insert %'",
                            function));
}

ProgramResult export_to(const FailingImports& imports, const std::string& name) {
    return run_program({dbbackup_path(), "export", "-o", name},
                       imports.options(imports.source().database().url()));
}

std::string damaged(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("an import fails if its source is not whole") {
    const FailingImports imports;
    const std::string dump = imports.dump();
    const std::string whole = read_file(dump);
    const auto check = [&imports](const std::string& name, const std::string& content,
                                  int exit_code, const std::string& message) {
        const auto path = imports.source().temp() / name;
        write_file(path, content);
        imports.check({"", {path.string()}, exit_code, message});
    };
    check("cut.sql.gz", whole.substr(0, whole.size() / 2), 3, "");
    check("flipped.sql.gz", damaged(whole, whole.substr(whole.size() / 2, 4), "oops"), 3, "");
    const std::string sql = sql_of(dump);
    check("cut.sql", sql.substr(0, sql.find("COPY public.slots") + 60), 3, "");
    check("rows.sql", sql.substr(0, sql.find("\\.\n")), 3, "");
    check("columns.sql", damaged(sql, "\tname 2\t", "\tname\t2\t"), 1, "");
    check("shell.sql", damaged(sql, "COPY public.slots", "\\! touch here\nCOPY public.slots"), 3,
          "");
    check("text.sql", "this is no dump", 1, "not a dump");
    check("empty.sql", "", 1, "");
    write_file(dump, whole.substr(0, whole.size() - 20)); // its manifest says more
    imports.check({"", {}, 3, ""});
    write_file(dump, whole);
    imports.check({"", {"/nonexistent/x.sql"}, 1, "does not exist"});
    for (const auto& [option, exit_code, message] :
         std::vector<std::tuple<std::string, int, std::string>>{{"--inserts", 1, "INSERT"},
                                                                {"--schema-only", 1, "no rows"}}) {
        check("other.sql", pg_dump_of(imports.source().database().name(), {option}), exit_code,
              message);
    }
}

TEST_CASE("an import fails if its export is not whole") {
    const FailingImports imports;
    REQUIRE(export_to(imports, "x.export.json").exit_code == 0);
    const auto path = imports.source().temp() / "x.export.json";
    const std::string whole = read_file(path);
    for (const auto& [from, to, exit_code] : std::vector<std::tuple<std::string, std::string, int>>{
             {"name 2", "name 3", 3},
             {"\"total\":\"2.50\"", "\"total\":\"3.50\"", 3},
             {"\"backup_version\":", "\"backup_version\":9", 3},
             {"\"end\"", "\"last\"", 3},
             {"\"sha256\":\"", "\"sha256\":\"0", 3}}) {
        write_file(path, damaged(whole, from, to));
        INFO(from);
        imports.check({"", {"./x.export.json"}, exit_code, ""});
    }
    write_file(path, whole.substr(0, whole.size() / 2));
    imports.check({"", {"./x.export.json"}, 3, ""});
    REQUIRE(run_program({dbbackup_path(), "export", "--format", "csv", "-o", "x"},
                        imports.options(imports.source().database().url()))
                .exit_code == 0);
    const auto csv = imports.source().temp() / "x" / "public.slots.csv";
    write_file(csv, damaged(read_file(csv), "[10,15)", "[10,16)"));
    imports.check({"", {"./x"}, 3, ""});
    std::filesystem::remove(csv);
    imports.check({"", {"./x"}, 3, ""});
}

TEST_CASE("an import fails if its role may not do it") {
    const FailingImports imports;
    const std::string all = "grant all on all tables in schema public to {0}; grant all on all "
                            "sequences in schema public to {0};";
    for (const auto& [grants, arguments, message] :
         std::vector<std::tuple<std::string, std::vector<std::string>, std::string>>{
             {"", {}, "permission denied"},
             {"grant select on all tables in schema public to {0}", {}, "permission denied"},
             {"grant select, update on all tables in schema public to {0}",
              {},
              "permission denied"},
             {all + "revoke insert on slots from {0}", {"-t", "slots"}, "permission denied"},
             {all + "alter table slots enable row level security", {}, "row-level security"},
             {all + "revoke all on sequence tickets_nr_seq from {0}", {}, "permission denied"},
             {all + k_stopping, {"--triggers", "skip", "-t", "slots"}, "must be owner"},
             {all + "revoke temp on database \"{1}\" from public", {}, "temporary"}}) {
        const TestRole role;
        const TestDatabase target;
        const std::string change = fmt::format(fmt::runtime(grants), role.name(), target.name());
        INFO(change);
        target.psql(imports.make_target());
        target.psql(change + ";");
        const std::string before = ImportScene::content_of(target);
        const std::string url = Cluster::shared().url(target.name(), role.name(), "");
        imports.check_run(target,
                          run_program(imports.words(arguments, target), imports.options(url)), 5,
                          message, before);
        target.psql("drop owned by " + role.name());
    }
}

TEST_CASE("an import fails if it must wait for too long") {
    const FailingImports imports;
    const TestDatabase target;
    target.psql(imports.make_target());
    const auto check = [&] {
        const std::string before = ImportScene::content_of(target);
        const auto result = run_program(imports.words({"--lock-timeout", "300ms"}, target),
                                        imports.options(target.url()));
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("kept a table locked") != std::string::npos);
        CHECK(ImportScene::content_of(target) == before);
    };
    {
        const HeldLock lock{target, "lines", "row exclusive"};
        check();
    }
    // Whoever has taken a number waits for the table next, so it must not be locked first.
    Program taker{{Cluster::shared().bin_dir() / "psql", "-XAtq", target.url(), "-c",
                   "begin; select nextval('tickets_nr_seq'); select pg_sleep(60)"},
                  {}};
    REQUIRE(eventually([&] {
        return target.psql("select count(*) from pg_locks where relation = "
                           "'tickets_nr_seq'::regclass and pid <> pg_backend_pid()") != "0";
    }));
    check();
}

TEST_CASE("an import fails if it is ended in the middle of its rows") {
    const FailingImports imports;
    const TestDatabase target;
    target.psql(imports.make_target() + k_stopping);
    const std::string before = ImportScene::content_of(target);
    const auto words = imports.words({"--triggers", "fire"}, target);
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGKILL}) {
        Program program{words, imports.options(target.url())};
        wait_for_rows(Cluster::shared(), target.name());
        program.send(signal_number);
        const auto result = program.wait();
        if (signal_number == SIGKILL && Cluster::shared().major() < 14) {
            to_session(target, "pg_terminate_backend"); // it does not look for its client
        }
        imports.check_run(target, result, 128 + signal_number, "", before);
    }
    for (const auto& [function, message] : std::vector<std::pair<std::string, std::string>>{
             {"pg_terminate_backend", "terminating connection"},
             {"pg_cancel_backend", "canceling statement"}}) {
        Program program{words, imports.options(target.url())};
        wait_for_rows(Cluster::shared(), target.name());
        to_session(target, function);
        imports.check_run(target, program.wait(), 1, message, before);
    }
}

TEST_CASE("an import fails if the server stops or crashes") {
    const FailingImports imports;
    const OwnCluster own;
    own.cluster().psql("postgres", "create database shop");
    own.cluster().psql("shop", imports.make_target() + k_stopping);
    own.cluster().psql("shop", "checkpoint"); // otherwise it does not wait for the disk
    const std::string before = own.cluster().dump_of("shop");
    auto words = imports.words({"--triggers", "fire", "--no-confirm"}, imports.source().database());
    for (const std::string mode : {"fast", "immediate", "kill"}) {
        INFO(mode);
        Program program{words, imports.options(own.cluster().url("shop"))};
        wait_for_rows(own.cluster(), "shop");
        if (mode == "kill") {
            const std::string pid = own.cluster().psql(
                "postgres", "select pid from pg_stat_activity where query like 'insert %'");
            ::kill(std::stoi(pid), SIGKILL);
        } else {
            own.stop(mode);
        }
        const auto result = program.wait();
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("hint: Nothing was changed.") != std::string::npos);
        if (mode == "kill") {
            REQUIRE(eventually([&] {
                return own.cluster().client("psql", "shop", {"-c", "select 1"}).exit_code == 0;
            }));
        } else {
            own.restart();
        }
        CHECK(first_difference(own.cluster().dump_of("shop"), before) == "");
    }
}

TEST_CASE("an import fails if the server's disk is full") {
    const SmallDisk disk{"2m"};
    if (!disk.there()) {
        return;
    }
    const ImportScene scene{"create table t (id int primary key, v text); insert into t select g, "
                            "repeat(md5(g::text), 4) from generate_series(1, 30000) g"};
    const OwnCluster own;
    const auto data = disk / "space";
    REQUIRE(
        run_program({"/bin/sh", "-c",
                     fmt::format("mkdir '{0}' && chmod 700 '{0}' && chown --reference='{1}' '{0}'",
                                 data.string(), own.cluster().socket_directory() + "/data")})
            .exit_code == 0);
    own.cluster().psql("postgres",
                       fmt::format("create tablespace small location '{}'", data.string()));
    for (const std::string table : {"t", "staged"}) {
        INFO(table);
        own.cluster().psql("postgres", "create database " + table);
        own.cluster().psql(table, "create table t (id int primary key, v text)");
        own.cluster().psql(table, table == "t"
                                      ? "alter table t set tablespace small"
                                      : "alter database staged set temp_tablespaces = 'small'");
        const std::string before = own.cluster().dump_of(table);
        ProgramOptions options = scene.options();
        options.environment["DATABASE_URL"] = own.cluster().url(table);
        std::string dump;
        for (const std::string& name : names_in(scene.dumps())) {
            dump = name.ends_with(".sql.gz") ? (scene.dumps() / name).string() : dump;
        }
        const auto result = run_program(
            {dbbackup_path(), "import", dump, "--mode", "add", "--dir", scene.dumps()}, options);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.err.find("No space left on device") != std::string::npos);
        CHECK(result.err.find("hint: Nothing was changed.") != std::string::npos);
        CHECK(first_difference(own.cluster().dump_of(table), before) == "");
        CHECK(scene.new_names().empty());
    }
}

TEST_CASE("an import fails if its own disk is full") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    disk.fill_up(0);
    const FailingImports imports;
    imports.check({"", {"--dir", disk.path()}, 1, "No space left on device"}); // keys for the undo
    for (const std::string mode : {"merge", "replace"}) {
        std::vector<std::string> arguments{"--mode", mode, "--safety-dir", disk.path()};
        if (mode == "merge") {
            arguments.insert(arguments.end(), {"--prefer", "source"});
        }
        imports.check({"", arguments, 1, "the safety dump failed, so nothing was imported"});
    }
    imports.check({"", {"--dir", "/dev/null"}, 1, ""});
}
