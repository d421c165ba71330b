// `dbbackup guard`: no command without a good dump, and an undo command if the command fails.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/guard_scene.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

/// A script that leaves a marker.
std::string leave_sign(const GuardScene& scene) {
    return fmt::format("touch '{}'", scene.sign().string());
}

void check_not_run(const GuardScene& scene, const ProgramResult& result, int exit_code,
                   const std::string& message) {
    CAPTURE(result.out, result.err);
    CHECK(result.exit_code == exit_code);
    CHECK(result.err.find(message) != std::string::npos);
    CHECK(way_back(result.err).empty());
    CHECK_FALSE(std::filesystem::exists(scene.sign()));
}

} // namespace

TEST_CASE("guard runs the command after a dump is taken and verified") {
    const GuardScene scene;
    const ProgramResult result = scene.run(
        fmt::format("cat '{}'/*.json; echo done; echo complaint >&2", scene.dumps().string()));
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    INFO("stdout is the command's alone");
    REQUIRE(result.out.ends_with("}\ndone\n"));
    const auto manifest = nlohmann::json::parse(result.out.substr(0, result.out.size() - 5));
    CHECK(manifest["contents"]["tables"][0]["rows"] == 3);
    CHECK(manifest["verifications"].size() == 1);
    CHECK(manifest["verifications"][0]["result"] == "ok");
    CHECK(result.err.find("dumped and verified: ") != std::string::npos);
    CHECK(result.err.find("\ncomplaint\nto undo: dbbackup restore /") != std::string::npos);
    CHECK(scene.taken().size() == 1);
}

TEST_CASE("guard passes on the command's exit code, with the undo command", "[matrix]") {
    const GuardScene scene;
    const ProgramResult result = scene.run("psql -Xqd \"$DATABASE_URL\" -c 'drop table t; create "
                                           "table new (i int)'; exit 7",
                                           {"-q"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 7);
    CHECK(result.err.starts_with("dbbackup: the command ended with exit status 7\n"));
    CHECK(scene.database().psql("select count(*) from pg_tables where schemaname = 'public'") ==
          "1");

    CHECK(way_back(result.err).starts_with("dbbackup restore /"));
    const ProgramResult restored =
        run_program({"/bin/sh", "-c", way_back(result.err)}, scene.options());
    CAPTURE(restored.err);
    CHECK(restored.exit_code == 0);
    CHECK(scene.database().psql("select sum(i) from t") == "6");
    CHECK(scene.database().psql("select to_regclass('new') is null") == "t");
}

TEST_CASE("the undo command after a dump of one table leaves the others alone") {
    const GuardScene scene;
    scene.database().psql("create table other (i int)");
    const ProgramResult result = scene.run("psql -Xqd \"$DATABASE_URL\" -c 'delete from t; insert "
                                           "into other values (1)'; exit 1",
                                           {"-t", "t"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 1);
    const ProgramResult restored =
        run_program({"/bin/sh", "-c", way_back(result.err)}, scene.options());
    CAPTURE(restored.err);
    CHECK(restored.exit_code == 0);
    CHECK(scene.database().psql("select (select sum(i) from t), count(*) from other") == "6|1");
}

TEST_CASE("guard reports a command that a signal ended") {
    const GuardScene scene;
    const ProgramResult result = scene.run("kill -KILL $$");
    CHECK(result.exit_code == 128 + 9);
    CHECK(result.err.find("the command ended with signal 9 (Killed)") != std::string::npos);
    CHECK(way_back(result.err).starts_with("dbbackup restore /"));
}

TEST_CASE("the guarded command reads stdin and has the caller's environment") {
    const GuardScene scene;
    const ProgramResult fed = run_program(scene.words({}, {"cat"}), scene.options("one\ntwo\n"));
    CHECK(fed.out == "one\ntwo\n");
    const Words print{"/bin/sh", "-c", "env | grep -v '^_=' | sort; ls /proc/self/fd; ulimit -c"};
    ProgramOptions options = scene.options();
    // Variables that would affect a dump reach the command, unless they lead to another server.
    for (const char* name :
         {"PGHOST", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGOPTIONS", "PGAPPNAME",
          "PGCLIENTENCODING", "PGTZ", "PSQLRC", "LANGUAGE", "LC_ALL", "DBBACKUP_SCRATCH_URL"}) {
        options.environment[name] = std::string{"callers "} + name;
    }
    const std::string direct = run_program(print, options).out;
    CHECK(direct.find("PGOPTIONS=callers PGOPTIONS\n") != std::string::npos);
    CHECK(run_program(scene.words({}, print), options).out == direct);
}

TEST_CASE("the guarded command has the caller's open files and core dump limit") {
    const GuardScene scene;
    // guard takes its own limit back when the command is already running.
    const std::string script = "echo 5 >&5; ulimit -Sc > core_limit; for try in $(seq 1000); do "
                               "grep -c 'Max core file size  *0 ' /proc/$PPID/limits > guards && "
                               "exit; sleep 0.01; done; exit 1";
    const auto words = scene.words({}, {"/bin/sh", "-c", script});
    Words shell{"/bin/sh", "-c", "ulimit -Sc 8; exec 5> five; exec \"$@\"", "sh"};
    shell.insert(shell.end(), words.begin(), words.end());
    const ProgramResult result = run_program(shell, scene.options());
    INFO(result.err);
    CHECK(result.exit_code == 0);
    const auto home = scene.dumps().parent_path();
    CHECK(read_file(home / "five") == "5\n");
    CHECK(read_file(home / "core_limit") == "8\n");
    INFO("guard itself leaves none");
    CHECK(read_file(home / "guards") == "1\n");
}

TEST_CASE("without a dump, guard does not run the command") {
    const GuardScene scene;
    check_not_run(scene, scene.run(leave_sign(scene), {"-t", "nosuch"}), 1,
                  "the command was not run");
    ProgramOptions no_server = scene.options();
    no_server.environment["DATABASE_URL"] = "postgresql:///db?host=/nonexistent";
    check_not_run(scene, run_program(scene.words({}, {"sh", "-c", leave_sign(scene)}), no_server),
                  1, "the command was not run");
    CHECK(scene.taken().empty());
}

TEST_CASE("with a dump that cannot be read back, guard does not run the command") {
    const GuardScene scene;
    const TempDir temp;
    FakeTools tools{temp.path()};
    tools.use_real("pg_dump");
    // Good when dump reads it, and not afterwards.
    tools.make("pg_restore", fmt::format("if [ -e '{0}' ]; then echo broken >&2; exit 1; fi\n"
                                         "touch '{0}'\nexec {1} \"$@\"\n",
                                         (temp / "once").string(), FakeTools::real("pg_restore")));
    check_not_run(scene, scene.run(leave_sign(scene), {"-Fc", "--bin-dir", tools.directory()}), 3,
                  "the command was not run");
}

TEST_CASE("the guarded command needs no -- before it, and gets all words that follow") {
    const GuardScene scene;
    const Words ours{dbbackup_path(), "-q", "guard", "-t", "t", "--dir=dumps"};
    const auto run = [&](Words command) {
        command.insert(command.begin(), ours.begin(), ours.end());
        return run_program(command, scene.options());
    };
    const ProgramResult printed = run({"printf", "%s,", "--json", "--dir", "x", "--", "-q"});
    CAPTURE(printed.err);
    CHECK(printed.exit_code == 0);
    CHECK(printed.out == "--json,--dir,x,--,-q,");
    CHECK(scene.taken().size() == 1);
    const ProgramResult missing = run({"no-such-program", "--json"});
    CHECK(missing.exit_code == 2);
    CHECK(missing.out.empty());
    CHECK(missing.err.find("no program 'no-such-program'") != std::string::npos);
    const ProgramResult alone = run({});
    CHECK(alone.exit_code == 2);
    CHECK(alone.err.find("as in: dbbackup guard npx prisma migrate deploy") != std::string::npos);
}

TEST_CASE("guard without a program to run dumps nothing") {
    const GuardScene scene;
    for (const Words& command :
         {Words{}, Words{""}, Words{"no-such-program"}, Words{"/etc/passwd"}, Words{"/etc"}}) {
        const ProgramResult result = run_program(scene.words({}, command), scene.options());
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.err.find("hint: ") != std::string::npos);
    }
    CHECK_FALSE(std::filesystem::exists(scene.dumps()));
}

TEST_CASE("guard refuses --json, and flags that would rule out an undo command") {
    const GuardScene scene;
    for (const Words& flags :
         {Words{"-s"}, Words{"-a"}, Words{"--exclude-table-data", "t"}, Words{"-O"}, Words{"-x"},
          Words{"--json"}, Words{"--keep-last", "0"}, Words{"--label", "postgres://u:p@h/d"}}) {
        const ProgramResult result = scene.run(leave_sign(scene), flags);
        CAPTURE(flags.front(), result.out, result.err);
        CHECK(result.exit_code == 2);
    }
    CHECK_FALSE(std::filesystem::exists(scene.dumps()));
    CHECK_FALSE(std::filesystem::exists(scene.sign()));
}

TEST_CASE("guard accepts dump's flags, prunes by its rules, and repeats no password") {
    const GuardScene scene;
    std::string url = scene.database().url();
    url.replace(url.find("postgres@"), 9, "postgres:sec+ret@");
    ProgramOptions options = scene.options();
    options.environment.erase("DATABASE_URL");
    for (int i = 0; i < 3; ++i) {
        const ProgramResult result = run_program(
            scene.words({"--url", url, "--label", "before 2.0", "--keep-last", "2"}, {"false"}),
            options);
        CAPTURE(result.err);
        CHECK(result.exit_code == 1);
        CHECK(way_back(result.err).ends_with("--url URL --dir " + scene.dumps().string()));
        CHECK((result.out + result.err).find("sec+ret") == std::string::npos);
    }
    CHECK(scene.taken().size() == 2);
}

TEST_CASE("the undo command does not touch a database of the same name on another server") {
    const GuardScene scene;
    const ProgramResult result = scene.run("exit 1");
    scene.database().psql("create table precious (i int)");
    ProgramOptions elsewhere = scene.options();
    elsewhere.environment["DATABASE_URL"] += "/."; // the same under another name
    const ProgramResult refused = run_program({"/bin/sh", "-c", way_back(result.err)}, elsewhere);
    CAPTURE(refused.err);
    CHECK(refused.exit_code == 5);
    CHECK(refused.err.find("Nothing was changed") != std::string::npos);
    CHECK(scene.database().psql("select count(*) from precious") == "0");
    CHECK(run_program({"/bin/sh", "-c", way_back(result.err)}, scene.options()).exit_code == 0);
    CHECK(scene.database().psql("select to_regclass('precious') is null") == "t");
}

TEST_CASE("guard checks before the command that a part could be restored") {
    const GuardScene scene;
    scene.database().psql("alter table t add primary key (i); "
                          "create table audit (t int references t)");
    check_not_run(scene, scene.run(leave_sign(scene), {"-T", "audit"}), 5, "could not be restored");
    scene.database().psql("drop table audit; create table audit (t int)");
    CHECK(scene.run(leave_sign(scene), {"-T", "audit"}).exit_code == 0);
    CHECK(std::filesystem::exists(scene.sign()));
}

TEST_CASE("guard prunes only after the new dump is verified") {
    const GuardScene scene;
    const TempDir temp;
    FakeTools tools{temp.path()};
    tools.use_real("pg_dump");
    tools.use_real("pg_restore");
    const Words flags{"-Fc", "--keep-last", "1", "--bin-dir", tools.directory()};
    CHECK(scene.run("exit 0", flags).exit_code == 0);
    const auto first = scene.taken();
    tools.make("pg_restore", fmt::format("if [ -e '{0}' ]; then echo broken >&2; exit 1; fi\n"
                                         "touch '{0}'\nexec {1} \"$@\"\n",
                                         (temp / "once").string(), FakeTools::real("pg_restore")));
    check_not_run(scene, scene.run(leave_sign(scene), flags), 3, "the command was not run");
    CHECK(scene.taken().size() == 2);
    CHECK(std::filesystem::exists(first.at(0)));
    tools.use_real("pg_restore");
    CHECK(scene.run("exit 0", flags).exit_code == 0);
    INFO("the damaged one and the first have gone");
    CHECK(scene.taken().size() == 1);
}

TEST_CASE("guard runs a script without a #! line as a shell does") {
    const GuardScene scene;
    const TempDir temp;
    write_file(temp / "script", "echo \"$1\"; exit 9\n");
    std::filesystem::permissions(temp / "script", std::filesystem::perms::owner_all);
    const ProgramResult result =
        run_program(scene.words({}, {(temp / "script").string(), "one word"}), scene.options());
    CHECK(result.exit_code == 9);
    CHECK(result.out == "one word\n");
}
