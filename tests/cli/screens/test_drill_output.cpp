// `dbbackup verify --restore` as people and programs see it.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_small =
    "create sequence s; create table t (id integer primary key, line text);"
    "insert into t select g, 'line ' || g from generate_series(1, 2000) g;"
    "create schema \"S\"; create table \"S\".empty (x integer)";

/// A scene, and a role to drill with, which is faster than starting a server.
struct OutputScene {
    explicit OutputScene(const std::string& sql = k_small) : scene(sql), dump(scene.dump()) {}

    [[nodiscard]] ProgramResult run(const Words& arguments) const {
        return run_program(scene.words(dump, role.with(arguments)), scene.options());
    }

    DrillScene scene;
    std::filesystem::path dump;
    ScratchRole role{"login superuser"};
};

Words keys_of(const nlohmann::ordered_json& object) {
    Words keys;
    for (const auto& [key, value] : object.items()) {
        keys.push_back(key);
    }
    return keys;
}

} // namespace

TEST_CASE("the fields of a drill's JSON report") {
    const OutputScene scene;
    const ProgramResult result = scene.run({"--json"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    const auto report = nlohmann::ordered_json::parse(result.out);
    CHECK(keys_of(report) == Words{"result", "dumps"});
    CHECK(report.at("result") == "good");
    REQUIRE(report.at("dumps").size() == 1);
    const auto& dump = report.at("dumps").at(0);
    CHECK(keys_of(dump) == Words{"path", "database", "kind", "result", "message", "hint", "place",
                                 "has_manifest", "not_checked", "size", "uncompressed_size",
                                 "tables", "rows", "read_ms", "drill", "recorded", "level"});
    CHECK(dump.at("path") == scene.dump.string());
    CHECK(dump.at("database") == scene.scene.database().name());
    CHECK(dump.at("message").is_null());
    CHECK(keys_of(dump.at("place")) == Words{"member", "offset", "table", "first_row", "last_row"});
    CHECK(dump.at("tables") == 2);
    CHECK(dump.at("rows") == 2000);
    const auto& drill = dump.at("drill");
    CHECK(keys_of(drill) == Words{"scratch", "server_version", "restore_ms", "compare_ms", "tables",
                                  "sequences", "large_objects", "objects", "text_not_compared",
                                  "notes", "left_out", "differences"});
    CHECK(drill.at("restore_ms").is_number_unsigned());
    CHECK(drill.at("compare_ms").is_number_unsigned());
    CHECK(drill.at("sequences") == 1);
    CHECK(drill.at("large_objects") == 0);
    CHECK(drill.at("left_out").empty());
    CHECK(drill.at("differences").empty());
    REQUIRE(drill.at("tables").size() == 2);
    for (const auto& table : drill.at("tables")) {
        CHECK(keys_of(table) == Words{"schema", "name", "rows", "compared"});
        CHECK(table.at("compared") == "contents");
    }
}

TEST_CASE("a failed drill also prints a single JSON object, with the error in it") {
    const OutputScene scene;
    FakeTools tools{scene.scene.temp()};
    tools.make("pg_dump", FakeTools::real("pg_dump") + " \"$@\" | sed '/^7\tline 7$/d'\n");
    const ProgramResult result = scene.run({"--json", "--bin-dir", tools.directory()});
    CHECK(result.exit_code == 3);
    CHECK(result.err.empty());
    const auto report = nlohmann::ordered_json::parse(result.out);
    CHECK(keys_of(report) == Words{"result", "dumps", "error"});
    CHECK(report.at("result") == "damaged");
    CHECK(keys_of(report.at("error")) == Words{"kind", "message", "hint"});
    CHECK(report.at("error").at("kind") == "damaged");
    const auto& dump = report.at("dumps").at(0);
    CHECK(dump.at("message") == report.at("error").at("message"));
    CHECK(dump.at("drill").at("differences") ==
          Words{"table public.t has 2,000 rows in the dump, 1,999 came back"});
}

TEST_CASE("a drill's text report says what was compared, and how long the restore took", "[slow]") {
    const OutputScene scene;
    const ProgramResult result = scene.run({});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    for (const char* line :
         {": proven\n", "the measured recovery time\n", "dumped again and compared in ",
          "public.t  2,000  every row\n", "S.empty       0  every row\n",
          "also as in the dump: ", "and the text of the schema\n", "all as its manifest says\n"}) {
        INFO(line);
        CHECK(result.out.find(line) != std::string::npos);
    }
    const ProgramResult partly = scene.run({"-O", "-x"});
    CHECK(partly.exit_code == 0);
    CHECK(partly.out.find("the text of the schema was not proven: owners or privileges were left "
                          "out\n") != std::string::npos);
    CHECK(partly.out.find("left out: ") != std::string::npos);
}

TEST_CASE("a failed drill's text report names the table, and the error says what to do") {
    const OutputScene scene;
    FakeTools tools{scene.scene.temp()};
    tools.make("pg_dump", FakeTools::real("pg_dump") + " \"$@\" | sed '/^7\tline 7$/d'\n");
    const ProgramResult result = scene.run({"--bin-dir", tools.directory()});
    CHECK(result.exit_code == 3);
    CHECK(result.out.find(": DAMAGED\n") != std::string::npos);
    CHECK(result.out.find("public.t  2,000  DIFFERS\n") != std::string::npos);
    CHECK(
        result.out.find("differs: table public.t has 2,000 rows in the dump, 1,999 came back\n") !=
        std::string::npos);
    CHECK(result.err.find("dbbackup: error: ") == 0);
    CHECK(result.err.find("came back different") != std::string::npos);
    CHECK(result.err.find("hint: Do not rely on this dump") != std::string::npos);
}

TEST_CASE("a drill escapes control characters in names") {
    const OutputScene scene{"create table \"a\tb\x1b[31m\nc\" (x integer);"
                            "insert into \"a\tb\x1b[31m\nc\" values (1), (2)"};
    FakeTools tools{scene.scene.temp()};
    tools.make("pg_dump", FakeTools::real("pg_dump") + " \"$@\" | sed '/^2$/d'\n");
    const ProgramResult result = scene.run({"--bin-dir", tools.directory()});
    CHECK(result.exit_code == 3);
    CHECK((result.out + result.err).find('\x1b') == std::string::npos);
    CHECK(result.err.find("a\\tb\\x1B[31m\\nc") != std::string::npos);
}

TEST_CASE("a drill shows its progress on a terminal, and only the report remains", "[slow]") {
    // Some blocks of 1 MiB, each of which takes dbbackup some time to restore.
    const OutputScene scene{
        "create function slow(integer) returns boolean language plpgsql as 'begin if $1 % 2000 = 0 "
        "and current_setting(''application_name'') = ''dbbackup'' then "
        "perform pg_catalog.pg_sleep(0.2); end if; return true; end';"
        "create table slowly (id integer check (slow(id)), x text);"
        "insert into slowly select g, repeat(md5(g::text), 3) from generate_series(1, 60000) g"};
    TerminalProgram program{scene.scene.words(scene.dump, scene.role.with()), scene.scene.options(),
                            100};
    REQUIRE(program.wait_for("restoring: "));
    program.type("\x03");
    CHECK(program.wait() == 130);
    CHECK(program.output().find("ended by signal 2") != std::string::npos);
    scene.scene.check_nothing_left();
    scene.role.check_nothing_left();
    const OutputScene quick;
    TerminalProgram whole{quick.scene.words(quick.dump, quick.role.with()), quick.scene.options(),
                          100};
    CHECK(whole.wait() == 0);
    for (const std::string& line : screen_of(whole.output(), 100)) {
        CHECK(line.find("restoring") == std::string::npos);
        CHECK(line.find("comparing what") == std::string::npos);
    }
    CHECK(whole.output().find(": proven") != std::string::npos);
}

TEST_CASE("verify: -v describes the steps of a drill, -q prints only the result", "[slow]") {
    const OutputScene scene;
    const ProgramResult quiet = scene.run({"-q"});
    CHECK(quiet.exit_code == 0);
    CHECK(quiet.err.empty());
    CHECK(scene.run({"--no-progress"}).err.empty());
    const ProgramResult loud =
        run_program(scene.scene.words(scene.dump, {"-v"}), scene.scene.options());
    CHECK(loud.exit_code == 0);
    CHECK(loud.err.find("dbbackup: starting a throwaway PostgreSQL ") != std::string::npos);
    scene.scene.check_nothing_left();
}

TEST_CASE("verify: drill flags without --restore are a usage error") {
    const OutputScene scene;
    for (const Words& flags :
         {Words{"--scratch-url", "postgres://localhost/x"}, Words{"--no-owner"}, Words{"-x"}}) {
        Words words{dbbackup_path(), "verify", scene.dump.string()};
        words.insert(words.end(), flags.begin(), flags.end());
        const ProgramResult result = run_program(words, scene.scene.options());
        INFO(flags.front());
        CHECK(result.exit_code == 2);
        CHECK(result.err.find("--restore") != std::string::npos);
    }
    const ProgramResult nowhere = scene.run({"--scratch-url", "nonsense"});
    CHECK(nowhere.exit_code == 2);
}
