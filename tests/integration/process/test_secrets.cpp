// A canary password: it reaches the PostgreSQL clients and nothing else.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/program/processes.hpp"
#include "support/scene/dump_scene.hpp"
#include "support/server/server_side.hpp"

#include <fmt/format.h>
#include <memory>
#include <random>

using namespace dbbackup::test;

namespace {

using Arguments = std::vector<std::string>;

std::string letters() {
    return fmt::format("c4nary{:08x}", std::random_device{}());
}

/// A password with every kind of character; a leak of either end is noticed, encoded or not.
struct Canary {
    std::string head = letters();
    std::string tail = letters();
    std::string password = head + " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + tail;

    void check_absent(const std::string& text) const {
        CHECK(text.find(head) == std::string::npos);
        CHECK(text.find(tail) == std::string::npos);
    }
};

/// A scene whose role needs the canary as its password.
struct CanaryScene {
    Canary canary;
    DumpScene scene;
    TestRole role{TestRole::with_password(canary.password)};
    TempDir secret_files; ///< where the canary may be
    std::string url = Cluster::shared().url(scene.database().name(), role.name(), canary.password);

    [[nodiscard]] ProgramOptions options(const std::string& database_url) const {
        ProgramOptions options = scene.options();
        options.environment["DATABASE_URL"] = database_url;
        return options;
    }

    /// The four ways to name the database.
    struct Way {
        const char* what;
        Arguments arguments;
        std::string variable;
    };

    [[nodiscard]] std::vector<Way> ways() const {
        write_file(secret_files / "env", "DATABASE_URL='" + url + "'\n");
        write_file(secret_files / "config", "url = \"" + url + "\"\n");
        return {{"DATABASE_URL", {}, url},
                {"--url", {"--url", url}, ""},
                {"--url=", {"--url=" + url}, ""},
                {"--env-file", {"--env-file", secret_files / "env"}, ""},
                {"--config", {"--config", secret_files / "config"}, ""}};
    }

    void check_absent_from_files() const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{scene.temp()}) {
            canary.check_absent(entry.path().string());
            if (entry.is_regular_file()) {
                INFO(entry.path());
                canary.check_absent(read_file(entry.path()));
            }
        }
    }

    void check_absent_from(const ProgramResult& result) const {
        INFO("exit code " << result.exit_code);
        canary.check_absent(result.out);
        canary.check_absent(result.err);
        check_absent_from_files();
    }

    void check_absent_from_command_lines() const {
        CHECK(command_lines_with(canary.head) == Arguments{});
        CHECK(command_lines_with(canary.tail) == Arguments{});
    }
};

std::string with(const std::string& text, const std::string& what, const std::string& instead) {
    std::string result = text;
    return result.replace(result.find(what), what.size(), instead);
}

/// A run that fails, for whatever reason, without revealing the canary.
void check_failure(const CanaryScene& scene, const char* what, const std::string& url,
                   const Arguments& arguments) {
    INFO(what);
    for (const char* form : {"--json", "-v"}) {
        Arguments words = scene.scene.words(arguments);
        words.insert(words.begin() + 2, form);
        const ProgramResult result = run_program(words, scene.options(url));
        INFO(result.err << result.out);
        CHECK(result.exit_code != 0);
        CHECK((result.out + result.err).find("error") != std::string::npos);
        scene.check_absent_from(result);
    }
    scene.scene.check_untouched();
}

} // namespace

TEST_CASE("a dump's password is in no command line, output or file, however it was given") {
    const CanaryScene scene;
    scene.scene.database().psql("create table busy (x int)");
    const char* format = "plain";
    for (const CanaryScene::Way& way : scene.ways()) {
        INFO(way.what << " " << format);
        Arguments arguments = way.arguments;
        arguments.insert(arguments.end(), {"-v", "-F", format});
        format = "custom";
        auto lock = std::make_unique<HeldLock>(scene.scene.database(), "busy");
        Program run{scene.scene.words(arguments), scene.options(way.variable)};
        // The real pg_dump has connected with the password, and waits.
        REQUIRE(eventually([&scene] {
            return scene.scene.database().psql(
                       "select exists (select from pg_stat_activity where application_name = "
                       "'pg_dump' and wait_event_type = 'Lock' and datname = "
                       "current_database())") == "t";
        }));
        scene.check_absent_from_command_lines();
        lock.reset();
        const ProgramResult result = run.wait();
        scene.scene.check_dumped(result);
        scene.check_absent_from(result);
        scene.scene.remove_new();
    }
}

TEST_CASE("a client gets the password in its environment, and not the URL") {
    const CanaryScene scene;
    FakeTools tools{scene.scene.temp()};
    tools.make("pg_dump",
               fmt::format("env > '{}'\ncat '{}'\n", (scene.secret_files / "seen").string(),
                           tools.file("sql", sample::whole())));
    const auto result =
        run_program(scene.scene.words({"--bin-dir", tools.directory()}), scene.options(scene.url));
    scene.scene.check_dumped(result);
    const std::string seen = read_file(scene.secret_files / "seen");
    CHECK(seen.find("PGPASSWORD=" + scene.canary.password + "\n") != std::string::npos);
    CHECK(seen.find("DATABASE_URL") == std::string::npos);
    CHECK(seen.find(scene.canary.head) == seen.rfind(scene.canary.head));
}

TEST_CASE("a refusal by the server is reported without the password") {
    const CanaryScene scene;
    const std::string& url = scene.url;
    const std::string database = percent_encode(scene.scene.database().name());
    const std::string role = percent_encode(scene.role.name());
    const std::string socket = Cluster::shared().socket_directory();
    check_failure(scene, "another database", with(url, database + "?", "nowhere?"), {});
    check_failure(scene, "another role", with(url, role, "nobody_at_all"), {});
    const TestRole other{TestRole::with_password("another")};
    check_failure(scene, "a wrong password", with(url, role, percent_encode(other.name())), {});
    check_failure(scene, "no server", with(url, socket, "/nonexistent"), {});
    const std::string start = url.substr(0, url.find("@/"));
    check_failure(scene, "no port", start + "@127.0.0.1:1/x", {});
    check_failure(scene, "no such host", start + "@no-such-host.invalid/x", {});
    check_failure(scene, "a piece of a password for a host",
                  start + "@" + scene.canary.head + "/x%00", {});
}

TEST_CASE("an unreadable URL is reported without its content") {
    const CanaryScene scene;
    const std::string& head = scene.canary.head;
    const std::string& tail = scene.canary.tail;
    const std::string place = "@localhost/shop";
    check_failure(scene, "an encoding that is none", "postgres://u:" + head + "%zz" + place, {});
    check_failure(scene, "a password for a port", "postgres://u@localhost:" + head + "/shop", {});
    check_failure(scene, "another scheme", "mysql://u:" + head + place, {});
    check_failure(scene, "no scheme", "u:" + head + place, {});
    check_failure(scene, "no database", "postgres://u:" + head + "@localhost", {});
    check_failure(scene, "raw marks", "postgres://u:" + head + "@/?#" + tail + place, {});
    check_failure(scene, "two databases", "postgres://u:" + head + place + "?dbname=other", {});
    check_failure(scene, "a password in the query",
                  "postgres://localhost:1/shop?password=" + head + "&sslpassword=" + tail, {});
    check_failure(scene, "unknown parameters",
                  "postgres://localhost:1/shop?schema=" + head + "&pass=" + tail, {});
    check_failure(scene, "a wrong port parameter",
                  "postgres://localhost/shop?port=" + head + "&" + tail + "=1", {});
}

TEST_CASE("an unreadable command line is reported without its content") {
    const CanaryScene scene;
    const std::string& url = scene.url;
    write_file(scene.secret_files / "env", "DATABASE_URL=\"" + url + "\n");
    write_file(scene.secret_files / "config", "url = " + url + "\n");
    write_file(scene.secret_files / "unknown", "url = \"" + url + "\"\nurl2 = \"" + url + "\"\n");
    check_failure(scene, "an unknown flag", "", {"--url", url, "--nonsense"});
    check_failure(scene, "a URL of its own", "", {url});
    check_failure(scene, "a URL for a flag", "", {"--" + url});
    check_failure(scene, "a URL for a format", "", {"-F", url});
    check_failure(scene, "a URL for a duration", url, {"--lock-wait-timeout", url});
    check_failure(scene, "a URL for a compression", url, {"-Z", url});
    check_failure(scene, "a URL for pg_dump", url, {"--", "--dbname=" + url});
    check_failure(scene, "a URL twice", "", {"--url", url, "--url", url + "x"});
    check_failure(scene, "an env file cut short", "", {"--env-file", scene.secret_files / "env"});
    check_failure(scene, "a broken configuration", "", {"--config", scene.secret_files / "config"});
    check_failure(scene, "an unknown key", "", {"--config", scene.secret_files / "unknown"});
}

TEST_CASE("a failure of pg_dump is reported without the password") {
    const CanaryScene scene;
    FakeTools tools{scene.scene.temp()};
    const Arguments fake{"--bin-dir", tools.directory()};
    tools.make("pg_dump", "echo \"pg_dump: error: $PGPASSWORD is wrong\" >&2\nenv >&2\nexit 1\n");
    check_failure(scene, "pg_dump tells the password", scene.url, fake);
    tools.make("pg_dump", "exit 0\n");
    check_failure(scene, "pg_dump writes nothing", scene.url, fake);
    tools.make("pg_dump", "kill -KILL $$\n");
    check_failure(scene, "pg_dump is killed", scene.url, fake);
    tools.make("pg_dump", "exit 1\n", "9.6");
    check_failure(scene, "pg_dump is too old", scene.url, fake);
    check_failure(scene, "no pg_dump", scene.url, {"--bin-dir", scene.secret_files.path()});
    check_failure(scene, "pg_dump refuses", scene.url, {"-t", "nowhere"});
    scene.scene.database().psql("create table busy (x int)");
    const HeldLock lock{scene.scene.database(), "busy"};
    check_failure(scene, "a lock", scene.url, {"--lock-wait-timeout", "100ms"});
}

TEST_CASE("a warning of pg_dump is reported without the password") {
    const CanaryScene scene;
    FakeTools tools{scene.scene.temp()};
    tools.make("pg_dump", fmt::format("echo \"pg_dump: warning: $PGPASSWORD\" >&2\ncat '{}'\n",
                                      tools.file("sql", sample::whole())));
    const auto result = run_program(scene.scene.words({"-v", "--bin-dir", tools.directory()}),
                                    scene.options(scene.url));
    scene.scene.check_dumped(result);
    CHECK(result.err.find("pg_dump: warning: ***") != std::string::npos);
    scene.check_absent_from(result);
}

TEST_CASE("the password of --scratch-url is in no command line, output, file or manifest") {
    const CanaryScene scene;
    scene.scene.database().psql("create table t (id integer); insert into t values (1)");
    scene.scene.check_dumped(scene.scene.dump());
    const std::string dump = scene.scene.dumps() / scene.scene.new_names().at(0);
    FakeTools tools{scene.scene.temp()};
    const std::string seen = scene.secret_files / "seen";
    // Waits, so that its command line and dbbackup's can be read.
    tools.make("pg_dump", fmt::format("env > '{}'; sleep 1\nexec {} \"$@\"\n", seen,
                                      FakeTools::real("pg_dump")));
    tools.use_real("pg_restore");
    write_file(scene.secret_files / "config", "scratch-url = \"" + scene.url + "\"\n");
    ProgramOptions by_variable = scene.options("");
    by_variable.environment["DBBACKUP_SCRATCH_URL"] = scene.url;
    const Arguments drill{dbbackup_path(),     "verify",    "-v",
                          "--restore",         dump,        "--dir",
                          scene.scene.dumps(), "--bin-dir", tools.directory()};
    for (const bool by_flag : {false, true}) {
        INFO("by the flag: " << by_flag);
        std::filesystem::remove(seen);
        Arguments words = drill;
        if (by_flag) {
            words.insert(words.end(), {"--scratch-url", scene.url});
        }
        Program run{words, by_flag ? scene.options("") : by_variable};
        REQUIRE(eventually([&] { return std::filesystem::exists(seen); }));
        scene.check_absent_from_command_lines();
        const ProgramResult result = run.wait();
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(read_file(seen).find("PGPASSWORD=" + scene.canary.password + "\n") !=
              std::string::npos);
        CHECK(read_file(seen).find("DBBACKUP_SCRATCH_URL") == std::string::npos);
        scene.check_absent_from(result);
    }
}

TEST_CASE("a failed drill is reported without the password of --scratch-url") {
    const CanaryScene scene;
    scene.scene.database().psql("create table t (id integer); insert into t values (1)");
    scene.scene.check_dumped(scene.scene.dump());
    const std::string dump = scene.scene.dumps() / scene.scene.new_names().at(0);
    FakeTools tools{scene.scene.temp()};
    tools.make("pg_dump", "echo \"pg_dump: error: $PGPASSWORD is wrong\" >&2\nenv >&2\nexit 1\n");
    const std::string& url = scene.url;
    const std::string socket = Cluster::shared().socket_directory();
    const std::string role = percent_encode(scene.role.name());
    const TestRole other{TestRole::with_password("another")};
    for (const std::string& scratch :
         {url, with(url, role, "nobody_at_all"), with(url, role, percent_encode(other.name())),
          with(url, socket, "/nonexistent"),
          "postgres://u:" + scene.canary.head + "%zz@localhost/x",
          "postgres://u@localhost:" + scene.canary.head + "/x", "mysql://u:" + scene.canary.head,
          "postgres://u:" + scene.canary.tail + "@localhost:1/x?password=" + scene.canary.head}) {
        for (const char* form : {"--json", "-v"}) {
            const ProgramResult result = run_program(
                {dbbackup_path(), "verify", form, "--restore", dump, "--dir", scene.scene.dumps(),
                 "--bin-dir", tools.directory(), "--scratch-url", scratch},
                scene.options(""));
            CHECK(result.exit_code != 0);
            CHECK(result.exit_code != 3);
            scene.check_absent_from(result);
        }
    }
}
