#include "support/catch.hpp"
#include "support/scene/settings_place.hpp"
#include "support/server/cluster.hpp"

using namespace dbbackup::test;

namespace {

/// What a planted pg_dump would leave behind.
struct PlantedProgram {
    PlantedProgram() {
        for (const char* program : {"pg_dump", "pg_restore"}) {
            write_executable(home() / program, "#!/bin/sh\nenv > '" + marker.string() + "'\n");
        }
        write_file(home() / "dbbackup.toml", "bin-dir = \"" + home().string() + "\"\n");
        set_mode(home(), 0755);
    }

    [[nodiscard]] const fs::path& home() const { return temp.path(); }

    [[nodiscard]] ProgramResult dump() const {
        return run_dbbackup({"dump"},
                            {.environment = {{"DATABASE_URL", Cluster::shared().url("postgres")}},
                             .directory = home()});
    }

    TempDir temp;
    fs::path marker = temp / "ran";
};

} // namespace

TEST_CASE("a planted dbbackup.toml runs no program") {
    const PlantedProgram planted;
    SECTION("it would, if it were one's own") {
        CHECK_FALSE(says(planted.dump(), "not safe to use"));
        CHECK(fs::exists(planted.marker));
        return;
    }
    SECTION("in a directory that others can write to") {
        set_mode(planted.home(), 01777);
        const ProgramResult result = planted.dump();
        CHECK(result.exit_code == 2);
        CHECK(says(result, "'" + planted.home().string() + "'"));
        CHECK(says(result, "mode 1777"));
        CHECK(says(result, "It can run programs as you"));
    }
    SECTION("of another user") {
        if (::geteuid() != 0) {
            WARN("skipped: only root can give files away");
            return;
        }
        give(planted.home() / "dbbackup.toml", k_stranger, k_stranger);
        const ProgramResult result = planted.dump();
        CHECK(result.exit_code == 2);
        CHECK(says(result, "belongs to the user with uid 4321, who is neither you nor root"));
    }
    CHECK_FALSE(fs::exists(planted.marker));
}

TEST_CASE("a planted .env does not lead to another server") {
    const TempDir home;
    write_file(home / ".env", "DATABASE_URL=postgres://u:s3cr3t@elsewhere.invalid/shop\n");
    set_mode(home.path(), 0777);
    const ProgramResult result = run_dbbackup({"dump"}, {.directory = home.path()});
    CHECK(result.exit_code == 2);
    CHECK(says(result, "the env file '.env' is not safe to use"));
    CHECK_FALSE(says(result, "elsewhere"));
    // Once everything is given, nothing is needed from it.
    const ProgramResult all_given = run_dbbackup(
        {"list", "--url", "postgres:///shop", "--dir", "."}, {.directory = home.path()});
    CHECK(all_given.out == "No dumps yet in '.'. Take the first: dbbackup dump --url "
                           "postgres:///shop --dir " +
                               home.path().string() + "\n");
}

TEST_CASE("settings that nobody named must be writable by the user alone") {
    for (const std::string file : {".env", "dbbackup.toml"}) {
        INFO(file);
        Place{file}.check_used();
        for (const mode_t mode : {0644U, 0640U, 0444U}) {
            const Place place{file};
            set_mode(place.home / file, mode);
            set_mode(place.home, 0755);
            place.check_used();
        }
        {
            const Place place{file};
            set_mode(place.home / file, 0606);
            place.check_refused("others may write to it (mode 0606)");
        }
        {
            const Place place{file};
            set_mode(place.home, 0757);
            place.check_refused("its directory '" + place.home.string() + "' belongs to ");
        }
        {
            const Place place{file};
            fs::rename(place.home / file, place.home / "target");
            fs::create_symlink("target", place.home / file); // one's own link is accepted
            place.check_used();
            set_mode(place.home / "target", 0602);
            place.check_refused("the file that the link leads to belongs to ");
        }
    }
}

TEST_CASE("settings that nobody named must belong to the user or root") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can give files away");
        return;
    }
    for (const std::string file : {".env", "dbbackup.toml"}) {
        INFO(file);
        {
            const Place place{file};
            give(place.home / file, k_stranger, 0);
            place.check_refused(
                "it belongs to the user with uid 4321, who is neither you nor root");
        }
        {
            const Place place{file};
            give(place.home, k_stranger, 0);
            place.check_refused("its directory '" + place.home.string() +
                                "' belongs to the user with uid 4321");
        }
        {
            const Place place{file};
            fs::rename(place.home / file, place.temp / "target");
            fs::create_symlink("../target", place.home / file);
            give(place.home / file, k_stranger, k_stranger);
            place.check_refused("that link belongs to the user with uid 4321");
        }
        {
            const Place place{file};
            fs::rename(place.home / file, place.temp / "target");
            fs::create_symlink("../target", place.home / file);
            give(place.temp / "target", k_stranger, k_stranger);
            place.check_refused(
                "the file that the link leads to belongs to the user with uid 4321");
        }
    }
}

TEST_CASE("a FIFO as settings file is refused unless it was named") {
    for (const std::string file : {".env", "dbbackup.toml"}) {
        INFO(file);
        const Place place{file};
        fs::remove(place.home / file);
        REQUIRE(::mkfifo((place.home / file).c_str(), 0600) == 0);
        const ProgramResult result = place.list();
        CHECK(result.exit_code == 2);
        CHECK(says(result, "it is not a regular file"));
        const ProgramResult named = run_program(
            {"/bin/bash", "-c", "exec \"$0\" list " + place.option() + " <(printf '%s' \"$1\")",
             dbbackup_path(), place.content},
            {.directory = place.home, .timeout = std::chrono::seconds{10}});
        INFO(named.err);
        CHECK(named.out.starts_with("No dumps yet in 'planted'."));
    }
}

TEST_CASE("settings that are missing, or a directory, are skipped") {
    for (const std::string file : {".env", "dbbackup.toml"}) {
        INFO(file);
        const Place place{file};
        fs::remove(place.home / file);
        set_mode(place.home, 0777); // nothing is read from it
        CHECK(place.list().out.starts_with("No dumps yet in 'dumps'."));
        fs::create_symlink("nowhere", place.home / file);
        set_mode(place.home, 0700);
        CHECK(place.list().out.starts_with("No dumps yet in 'dumps'."));
        fs::remove(place.home / file);
        fs::create_directory(place.home / file);
        CHECK(place.list().out.starts_with("No dumps yet in 'dumps'."));
        fs::rename(place.home / file, place.home / "target");
        fs::create_symlink("target", place.home / file);
        CHECK(place.list().out.starts_with("No dumps yet in 'dumps'."));
    }
}

TEST_CASE("a .env with a password that others can read causes one warning") {
    const TempDir home;
    fs::create_directory(home / "dumps");
    const auto list = [&](const std::string& content, mode_t mode,
                          std::vector<std::string> words = {}) {
        write_file(home / ".env", content);
        set_mode(home / ".env", mode);
        words.insert(words.begin(), "list");
        const ProgramResult result = run_dbbackup(words, {.directory = home.path()});
        CHECK(result.exit_code == 0);
        return result.err;
    };
    const std::string secret = "DATABASE_URL=postgres://u:s3cr3t@localhost/shop\n";
    const std::string warning = "dbbackup: warning: the env file '.env' holds a password, and its "
                                "mode 0644 lets other users read it: chmod 600 .env\n";
    CHECK(list(secret, 0644) == warning);
    CHECK(list(secret, 0644, {"--quiet"}) == warning);
    CHECK(list(secret, 0644, {"--env-file", ".env"}) == warning);
    CHECK(list("DBBACKUP_SCRATCH_URL=postgres://localhost/d?password=s3cr3t\n", 0644) == warning);
    CHECK(list(secret, 0604) != "");
    CHECK(list(secret, 0600) == "");
    CHECK(list("DATABASE_URL=postgres://u@localhost/shop\n", 0644) == "");
    CHECK(list("DBBACKUP_DIR=dumps\nSECRET=1\n", 0644) == "");
}
