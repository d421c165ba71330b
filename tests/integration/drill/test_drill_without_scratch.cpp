// A scratch database that is unavailable, or lost midway, proves nothing about the dump: 1, never
// 3, with a hint, and nothing left behind.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/scene/drill_scene.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/scene/small_disk.hpp"

#include <csignal>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_small = "create table t (id integer primary key); insert into t values (1)";

std::string hint_of(const Drilled& drilled) {
    return drilled.dump.at("hint").get<std::string>();
}

/// Changes a field in a manifest, as if the dump were of such a database.
void edit_manifest(const std::filesystem::path& dump, const char* field, const std::string& value) {
    const std::string path = dump.string() + ".json";
    auto manifest = nlohmann::ordered_json::parse(read_file(path));
    manifest.at("database")[field] = value;
    write_file(path, manifest.dump(2));
}

/// A --bin-dir with the real programs, except for those a test replaces.
FakeTools all_real(const DrillScene& scene) {
    FakeTools tools{scene.temp()};
    for (const char* program : {"pg_dump", "pg_restore", "initdb", "postgres"}) {
        tools.use_real(program);
    }
    return tools;
}

/// Waits until a restore sleeps at its place; returns the process of its session.
pid_t wait_for_sleep(const DrillScene& scene) {
    pid_t sleeper = 0;
    CHECK(eventually([&] {
        const auto names = names_in(scene.place());
        if (names.empty()) {
            return false;
        }
        const ProgramResult result =
            run_program({(Cluster::shared().bin_dir() / "psql").string(), "-XAtq", "-c",
                         "select pid from pg_stat_activity where wait_event = 'PgSleep'", "-d",
                         fmt::format("postgresql://postgres@/postgres?host={}",
                                     (scene.place() / names.front() / "server").string())});
        sleeper = result.out.empty() ? 0 : std::stoi(result.out);
        return sleeper != 0;
    }));
    return sleeper;
}

pid_t parent_of(pid_t process) {
    const std::string status = read_file(fmt::format("/proc/{}/stat", process));
    // "PID (NAME) STATE PARENT"
    return std::stoi(status.substr(status.rfind(')') + 4));
}

} // namespace

TEST_CASE("no server is installed") {
    const DrillScene scene{k_small};
    const auto dump = scene.dump();
    Words words{"/usr/bin/unshare",
                "--mount",
                "/bin/sh",
                "-c",
                "mount -t tmpfs none /usr/lib/postgresql && exec \"$@\"",
                "sh"};
    const Words drill = scene.words(dump, {"--json"});
    words.insert(words.end(), drill.begin(), drill.end());
    const ProgramResult result = run_program(words, scene.options());
    if (result.out.empty()) {
        WARN("left out, as only root may hide the server's programs");
        return;
    }
    const Drilled drilled{result, nlohmann::json::parse(result.out).at("dumps").at(0)};
    scene.check_failed(drilled, 1, "no PostgreSQL server is installed");
    CHECK(hint_of(drilled).find("Install the package postgresql-") != std::string::npos);
    CHECK(hint_of(drilled).find("--scratch-url") != std::string::npos);
    scene.check_nothing_left();
}

TEST_CASE("only an older server is installed") {
    const DrillScene scene{k_small};
    const auto dump = scene.dump();
    FakeTools tools{scene.temp()};
    for (const char* program : {"pg_dump", "pg_restore", "initdb", "postgres"}) {
        tools.make(program, "exit 1\n", "9.6.24");
    }
    const Drilled drilled = scene.drill(dump, {"--bin-dir", tools.directory()});
    scene.check_failed(drilled, 1, "the newest installed PostgreSQL server is version 9");
    CHECK(hint_of(drilled).find("Install the package postgresql-") != std::string::npos);
}

TEST_CASE("the server's programs fail") {
    const DrillScene scene{k_small};
    const auto dump = scene.dump();
    FakeTools tools = all_real(scene);
    const Words words{"--bin-dir", tools.directory()};
    scene.check_proven(scene.drill(dump, words));
    tools.make("postgres", "echo 'FATAL: no such luck' >&2\nexit 1\n");
    const Drilled ended = scene.drill(dump, words);
    scene.check_failed(ended, 1, "no such luck");
    CHECK(hint_of(ended).find("TMPDIR") != std::string::npos);
    tools.make("postgres", "kill -SEGV $$\n");
    scene.check_failed(scene.drill(dump, words), 1, "ended while it started");
    tools.make("initdb", "echo 'initdb: error: no luck' >&2\nexit 1\n");
    scene.check_failed(scene.drill(dump, words), 1, "no luck");
}

TEST_CASE("components that the dump needs are not installed") {
    const DrillScene scene{k_small};
    const ScratchRole role{"login superuser"};
    const std::string sql = sql_of(scene.dump({"-Z", "none"}));
    const auto extension =
        scene.write_dump(replaced(sql, "CREATE TABLE",
                                  "CREATE EXTENSION nowhere_to_be_had WITH SCHEMA public;\n\n"
                                  "CREATE TABLE"));
    const auto language = scene.write_dump(replaced(sql, "CREATE TABLE",
                                                    "CREATE LANGUAGE plnowhere;\n\n"
                                                    "CREATE TABLE"));
    const auto collation =
        scene.write_dump(replaced(sql, "CREATE TABLE",
                                  "CREATE COLLATION public.c (provider = libc, locale = "
                                  "'xx_YY.utf8');\n\nCREATE TABLE"));
    for (const Words& where : {Words{}, role.with()}) {
        const Drilled drilled = scene.drill(extension, where);
        scene.check_failed(drilled, 1, "nowhere_to_be_had");
        CHECK(hint_of(drilled).find("Install") != std::string::npos);
        scene.check_failed(scene.drill(language, where), 1, "plnowhere");
        scene.check_failed(scene.drill(collation, where), 1, "xx_YY.utf8");
        role.check_nothing_left();
    }
}

TEST_CASE("the locale of the dump's database is not installed") {
    const DrillScene scene{k_small};
    const ScratchRole role;
    const auto dump = scene.dump();
    edit_manifest(dump, "collate", "xx_YY.UTF-8");
    edit_manifest(dump, "ctype", "xx_YY.UTF-8");
    for (const Words& where : {Words{}, role.with({"-O", "-x"})}) {
        const Drilled drilled = scene.drill(dump, where);
        scene.check_failed(drilled, 1, "locale name"); // each version says it differently
        CHECK(hint_of(drilled).find("xx_YY.UTF-8") != std::string::npos);
        CHECK(hint_of(drilled).find("locales-all") != std::string::npos);
        role.check_nothing_left();
    }
}

TEST_CASE("TMPDIR is unsuitable for a server") {
    DrillScene scene{k_small};
    const auto dump = scene.dump();
    scene.set_place("/nonexistent/place");
    const Drilled nowhere = scene.drill(dump);
    scene.check_failed(nowhere, 1, "private directory in /nonexistent/place");
    CHECK(hint_of(nowhere).find("TMPDIR") != std::string::npos);
    write_file(scene.temp() / "file", "");
    scene.set_place(scene.temp() / "file");
    scene.check_failed(scene.drill(dump), 1, "Not a directory");
    if (::geteuid() == 0) {
        // Root can write there, but the server's user cannot enter.
        std::filesystem::create_directory(scene.temp() / "closed");
        std::filesystem::permissions(scene.temp() / "closed", std::filesystem::perms::owner_all);
        scene.set_place(scene.temp() / "closed");
        const Drilled closed = scene.drill(dump);
        scene.check_failed(closed, 1, "Permission denied");
        CHECK(hint_of(closed).find("TMPDIR") != std::string::npos);
    }
}

TEST_CASE("a path too long for a socket is a configuration error, and nothing is started") {
    DrillScene scene{k_small};
    const auto dump = scene.dump();
    scene.set_place(scene.temp() / std::string(60 - scene.temp().native().size(), 'x'));
    std::filesystem::create_directory(scene.place());
    const ProgramResult result = run_program(scene.words(dump), scene.options());
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("is too long for the socket") != std::string::npos);
    CHECK(result.err.find("at most 60 bytes") != std::string::npos);
    scene.check_nothing_left();
    // One byte less is enough.
    scene.set_place(scene.place().native().substr(0, 60));
    std::filesystem::create_directory(scene.place());
    scene.check_proven(scene.drill(dump));
}

TEST_CASE("the disk of TMPDIR is full, from the start or later") {
    const SmallDisk tiny{"8m"};
    const SmallDisk small{"72m"};
    if (!tiny.there() || !small.there()) {
        return;
    }
    DrillScene scene{"create table big as select repeat(md5(g::text), 30) as x "
                     "from generate_series(1, 60000) g"};
    const auto dump = scene.dump();
    for (const SmallDisk* disk : {&tiny, &small}) {
        scene.set_place(disk->path());
        const Drilled drilled = scene.drill(dump);
        scene.check_failed(drilled, 1, "space");
        CHECK(hint_of(drilled).find("TMPDIR") != std::string::npos);
    }
}

TEST_CASE("a server that goes away in the middle proves nothing about the dump") {
    const DrillScene scene{k_slow_to_restore};
    const auto dump = scene.dump();
    enum class End { of_session, by_crash, of_server };
    for (const End end : {End::of_session, End::by_crash, End::of_server}) {
        CAPTURE(static_cast<int>(end));
        Program run{scene.words(dump, {"--json"}), scene.options()};
        const pid_t session = wait_for_sleep(scene);
        REQUIRE(session > 1);
        ::kill(end == End::of_server ? parent_of(session) : session,
               end == End::of_session ? SIGTERM
               : end == End::by_crash ? SIGKILL
                                      : SIGQUIT);
        const ProgramResult result = run.wait();
        const Drilled drilled{result, nlohmann::json::parse(result.out).at("dumps").at(0)};
        scene.check_failed(drilled, 1, "");
        CHECK(drilled.dump.at("message").get<std::string>().find("cannot be restored") ==
              std::string::npos);
        scene.check_nothing_left();
    }
}

TEST_CASE("a copy that cannot be dumped proves nothing about the dump") {
    const DrillScene scene{k_small};
    const auto dump = scene.dump();
    const ScratchRole role{"login superuser"};
    FakeTools tools{scene.temp()};
    const std::string real = FakeTools::real("pg_dump") + " \"$@\"";
    for (const std::string& body :
         {real + " | head -c 500\nexit 1\n", real + " | head -c 500\n", std::string{"exit 0\n"},
          std::string{"exit 1\n"}, "(" + real + "; echo '\\! id')\n", real + "\nexit 1\n",
          real + "; kill -KILL $$\n",
          std::string{"echo 'pg_dump: error: no luck' >&2; exit 1\n"}}) {
        INFO(body);
        tools.make("pg_dump", body);
        const Drilled drilled = scene.drill(dump, role.with({"--bin-dir", tools.directory()}));
        scene.check_failed(drilled, 1, "the restored copy could not be dumped");
        role.check_nothing_left();
    }
}
