// `dbbackup guard` and its command work on the same database, or the command does not run.

#include "support/catch.hpp"
#include "support/scene/guard_scene.hpp"

#include <filesystem>
#include <fmt/format.h>

using namespace dbbackup::test;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

/// A command that works like a migration: finds its database by DATABASE_URL, and changes it.
constexpr const char* k_migration = "psql -Xqd \"$DATABASE_URL\" -c 'delete from t'";

/// A scene with a second database, which no run may change.
struct TwoDatabases {
    TwoDatabases() { other.psql("create table t as select generate_series(1, 3) as i"); }

    [[nodiscard]] ProgramResult run(const ProgramOptions& options,
                                    const std::string& script = k_migration,
                                    const Words& flags = {}) const {
        return run_program(scene.words(flags, {"sh", "-c", script}), options);
    }

    void write(const std::string& name, const std::string& url) const {
        write_file(scene.home() / name, "DATABASE_URL='" + url + "'\n");
        fs::permissions(scene.home() / name, fs::perms::owner_read | fs::perms::owner_write);
    }

    /// Checks that `result` is a refusal which shows both databases, and that nothing was done.
    void check_refused(const ProgramResult& result, const std::string& place,
                       const std::string& other_place) const {
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.err.find(scene.database().name() + " (" + place + ")") != std::string::npos);
        CHECK(result.err.find(other.name() + " (" + other_place + ")") != std::string::npos);
        CHECK(result.err.find("hint: ") != std::string::npos);
        CHECK(result.err.find("s3cr3t") == std::string::npos);
        CHECK_FALSE(fs::exists(scene.dumps()));
        CHECK(rows() == "3");
        CHECK(other.psql("select count(*) from t") == "3");
    }

    [[nodiscard]] std::string rows() const {
        return scene.database().psql("select count(*) from t");
    }

    [[nodiscard]] std::string url() const { return scene.database().url(); }

    GuardScene scene;
    TestDatabase other;
};

/// `url` with another user's name and password, and the parameters an ORM adds.
std::string with_other_login(std::string url) {
    return url.replace(url.find("postgres@"), 9, "postgres:s3cr3t@") + "&schema=public";
}

} // namespace

TEST_CASE("guard reports which database it dumps, and the source of the URL") {
    const TwoDatabases two;
    const std::string server = fs::canonical(Cluster::shared().socket_directory()).string();
    const std::string line = fmt::format("dbbackup: guarding database {} on {}:5432, from ",
                                         two.scene.database().name(), server);
    CHECK(two.scene.run("true").err.starts_with(line + "DATABASE_URL in the environment\n"));
    two.write(".env", two.url());
    CHECK(
        two.run(two.scene.options_without_url()).err.starts_with(line + "DATABASE_URL in .env\n"));
    CHECK(two.run(two.scene.options_without_url(), "true", {"--url", two.url()})
              .err.starts_with(line + "--url\n"));
    fs::remove(two.scene.home() / ".env");
    INFO("what the command cannot see is told even to those who want to hear little");
    const ProgramResult alone =
        two.run(two.scene.options_without_url(), "true", {"-q", "--url", two.url()});
    CHECK(alone.exit_code == 0);
    CHECK(alone.err.find("from --url, which is not passed to the command: make sure that it uses "
                         "the same database\n") != std::string::npos);
}

TEST_CASE("guard refuses if the command could find another database") {
    const TwoDatabases two;
    const std::string url = with_other_login(two.url());
    const std::string other_url = with_other_login(two.other.url());
    ProgramOptions bare = two.scene.options_without_url();
    ProgramOptions with_variable = bare;
    with_variable.environment["DATABASE_URL"] = url;
    SECTION("in .env.local") {
        two.write(".env", url);
        two.write(".env.local", other_url);
        const ProgramResult result = two.run(bare);
        two.check_refused(result, "DATABASE_URL in .env", "DATABASE_URL in .env.local");
        CHECK(result.err.find("--env-file .env or --env-file .env.local") != std::string::npos);
    }
    SECTION("in .env, despite the environment") {
        two.write(".env", other_url);
        const ProgramResult result = two.run(with_variable);
        two.check_refused(result, "DATABASE_URL in the environment", "DATABASE_URL in .env");
        CHECK(result.err.find("--env-file /dev/null") != std::string::npos);
    }
    SECTION("in .env.local, despite the environment") {
        two.write(".env.local", other_url);
        two.check_refused(two.run(with_variable), "DATABASE_URL in the environment",
                          "DATABASE_URL in .env.local");
    }
    SECTION("in .env, despite --url") {
        two.write(".env", other_url);
        two.check_refused(two.run(bare, k_migration, {"--url", url}), "--url",
                          "DATABASE_URL in .env");
    }
    SECTION("in the environment, despite --url") {
        bare.environment["DATABASE_URL"] = other_url;
        two.check_refused(two.run(bare, k_migration, {"--url", url}), "--url",
                          "DATABASE_URL in the environment");
    }
    SECTION("in the configuration") {
        write_file(two.scene.home() / "dbbackup.toml", "url = \"" + other_url + "\"\n");
        two.check_refused(two.run(with_variable), "DATABASE_URL in the environment",
                          "url in dbbackup.toml");
    }
    SECTION("in the named env file, despite --url") {
        two.write("chosen.env", other_url);
        two.check_refused(two.run(bare, k_migration, {"--url", url, "--env-file", "chosen.env"}),
                          "--url", "DATABASE_URL in chosen.env");
    }
}

TEST_CASE("guard refuses if another URL is not PostgreSQL's or cannot be read") {
    const TwoDatabases two;
    two.write(".env", two.url());
    two.write(".env.local", "prisma+postgres://accelerate.example/?api_key=s3cr3t");
    const ProgramResult result = two.run(two.scene.options_without_url());
    CAPTURE(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("not a URL that dbbackup can read (DATABASE_URL in .env.local)") !=
          std::string::npos);
    CHECK(result.err.find("s3cr3t") == std::string::npos);
    write_file(two.scene.home() / ".env.local", "DATABASE_URL='s3cr3t\n");
    const ProgramResult broken = two.run(two.scene.options_without_url());
    CHECK(broken.exit_code == 2);
    CHECK(broken.err.find("line 1 of '.env.local'") != std::string::npos);
    fs::permissions(two.scene.home() / ".env.local", fs::perms::all);
    CHECK(two.run(two.scene.options_without_url()).err.find("not safe to use") !=
          std::string::npos);
    CHECK_FALSE(fs::exists(two.scene.dumps()));
    CHECK(two.rows() == "3");
}

TEST_CASE("another login or other parameters do not make another database") {
    const TwoDatabases two;
    two.write(".env", with_other_login(two.url()));
    two.write(".env.local", two.url());
    write_file(two.scene.home() / "dbbackup.toml", "url = \"" + two.url() + "&x=1\"\n");
    const ProgramResult result = two.run(two.scene.options());
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(two.rows() == "0");
}

TEST_CASE("the guarded command gets the env file's DATABASE_URL as written there") {
    const TwoDatabases two;
    const std::string show = "printenv DATABASE_URL";
    two.write(".env", two.url() + "&schema=public");
    ProgramOptions bare = two.scene.options_without_url();
    const std::string written = two.url() + "&schema=public\n";
    CHECK(two.run(bare, show).out == written);
    CHECK(two.run(bare, show, {"--url", two.url()}).out == written);
    bare.environment["DATABASE_URL"] = "";
    CHECK(two.run(bare, show + "; env | grep -c ^DATABASE_URL=").out == written + "1\n");
    INFO("the environment's own stays, unless an env file is named");
    CHECK(two.run(two.scene.options(), show).out == two.url() + "\n");
    CHECK(two.run(two.scene.options(), show, {"--env-file", ".env"}).out == written);
    INFO("neither --url nor the configuration's is handed on");
    fs::remove(two.scene.home() / ".env");
    bare.environment.erase("DATABASE_URL");
    CHECK(two.run(bare, show + " || echo none", {"--url", two.url()}).out == "none\n");
    write_file(two.scene.home() / "dbbackup.toml", "url = \"" + two.url() + "\"\n");
    CHECK(two.run(bare, show + " || echo none").out == "none\n");
}

TEST_CASE("the named env file's database is dumped, migrated and restored") {
    const TwoDatabases two;
    two.write(".env", two.other.url());
    two.write(".env.local", two.url());
    ProgramOptions bare = two.scene.options_without_url();
    SECTION("despite a .env") {
    }
    SECTION("despite the environment") {
        bare.environment["DATABASE_URL"] = two.other.url();
    }
    const ProgramResult result =
        two.run(bare, std::string{k_migration} + "; exit 3", {"--env-file", ".env.local"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 3);
    CHECK(two.rows() == "0");
    INFO("from any directory");
    bare.directory = "/";
    const ProgramResult restored = run_program({"/bin/sh", "-c", way_back(result.err)}, bare);
    CAPTURE(restored.err);
    CHECK(restored.exit_code == 0);
    CHECK(two.rows() == "3");
    CHECK(two.other.psql("select count(*) from t") == "3");
}

TEST_CASE("with --env-file /dev/null guard uses only the environment") {
    const TwoDatabases two;
    two.write(".env", two.other.url());
    const ProgramResult result =
        two.run(two.scene.options(), k_migration, {"--env-file", "/dev/null"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(two.rows() == "0");
    CHECK(run_program({"/bin/sh", "-c", way_back(result.err)}, two.scene.options()).exit_code == 0);
    CHECK(two.rows() == "3");
}

TEST_CASE("the undo command is also printed if the command succeeds, and with --quiet") {
    const TwoDatabases two;
    std::string with_password = two.url();
    with_password.replace(with_password.find("postgres@"), 9, "postgres:s3cr3t@");
    two.write(".env", with_password);
    ProgramOptions bare = two.scene.options_without_url();
    for (const Words& flags : {Words{}, Words{"-q"}, Words{"--url", with_password}}) {
        const ProgramResult result = two.run(bare, k_migration, flags);
        CAPTURE(result.err);
        CHECK(result.exit_code == 0);
        CHECK(two.rows() == "0");
        CHECK(result.err.find("to undo: dbbackup restore /") != std::string::npos);
        INFO("with the URL of .env, from any directory");
        ProgramOptions elsewhere = bare;
        elsewhere.directory = "/";
        const ProgramResult restored =
            run_program({"/bin/sh", "-c", way_back(result.err)}, elsewhere);
        CAPTURE(restored.err);
        CHECK(restored.exit_code == 0);
        CHECK(two.rows() == "3");
    }
}

TEST_CASE("the undo command repeats a configuration and a directory with odd names") {
    const TwoDatabases two;
    const fs::path odd = two.scene.home() / "it's here";
    fs::create_directory(odd);
    write_file(odd / "dbbackup.toml", "url = \"" + two.url() + "\"\ndir = \"my dumps\"\n");
    ProgramOptions bare = two.scene.options_without_url();
    bare.directory = odd;
    const std::string script = "psql -Xqd '" + two.url() + "' -c 'delete from t'";
    fs::create_directory_symlink(Cluster::shared().bin_dir(), odd / "bin");
    const ProgramResult result =
        run_program({dbbackup_path(), "guard", "--bin-dir", "bin", "sh", "-c", script}, bare);
    CAPTURE(result.err);
    CHECK(way_back(result.err).find("it'\\''s here/bin'") != std::string::npos);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("which is not passed to the command") != std::string::npos);
    CHECK(two.rows() == "0");
    bare.directory = "/";
    const ProgramResult restored = run_program({"/bin/sh", "-c", way_back(result.err)}, bare);
    CAPTURE(restored.err);
    CHECK(restored.exit_code == 0);
    CHECK(two.rows() == "3");
}

TEST_CASE("guard refuses variables that lead its command to another server than the dump's") {
    const TwoDatabases databases;
    for (const char* name : {"PGPORT", "PGHOSTADDR", "PGSERVICE"}) {
        CAPTURE(name);
        ProgramOptions options = databases.scene.options();
        options.environment[name] = "6543";
        const ProgramResult result = databases.run(options);
        CHECK(result.exit_code == 2);
        CHECK(result.err.find(std::string{name} +
                              " is set, and could make the command use another server") !=
              std::string::npos);
        CHECK_FALSE(fs::exists(databases.scene.dumps()));
        CHECK(databases.rows() == "3");
    }
    INFO("what says the same as the URL misleads nobody");
    ProgramOptions options = databases.scene.options();
    options.environment["PGPORT"] = "5432";
    CHECK(databases.run(options).exit_code == 0);
    CHECK(databases.rows() == "0");
}

TEST_CASE("guard prints no undo command for a dump that its command has removed") {
    const GuardScene scene;
    const ProgramResult result = scene.run("rm -r '" + scene.dumps().string() + "'");
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("is missing: the command moved or deleted it") != std::string::npos);
    CHECK(result.err.find("to undo:") == std::string::npos);
}

TEST_CASE("the undo command names the dump directory, so that it works anywhere") {
    const GuardScene scene;
    const ProgramResult result = scene.run("psql -Xqd \"$DATABASE_URL\" -c 'drop table t'");
    CHECK(result.exit_code == 0);
    ProgramOptions elsewhere = scene.options();
    const TempDir other;
    elsewhere.directory = other.path();
    CHECK(run_program({"/bin/sh", "-c", way_back(result.err)}, elsewhere).exit_code == 0);
    CHECK(scene.database().psql("select count(*) from t") == "3");
    CHECK(names_in(other.path()).empty());
}
