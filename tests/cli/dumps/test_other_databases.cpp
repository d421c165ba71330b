// An env file that may mean another database: commands that replace data refuse, others report it.

#include "support/catch.hpp"
#include "support/scene/settings_place.hpp"
#include "support/server/cluster.hpp"

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

constexpr const char* k_url = "DATABASE_URL=postgres://u:s3cr3t@LOCALHOST/shop?schema=a\n";
constexpr const char* k_same = "DATABASE_URL=postgres://v@localhost:5432/shop\n";
constexpr const char* k_other = "DATABASE_URL=postgres://u:s3cr3t@localhost/shop_dev\n";

struct TwoFiles {
    TwoFiles(const std::string& env, const std::string& local) {
        write(".env", env);
        write(".env.local", local);
        fs::create_directory(home / "dumps");
    }

    void write(const std::string& name, const std::string& content) const {
        write_file(home / name, content);
        set_mode(home / name, 0600);
    }

    [[nodiscard]] ProgramResult run(const Words& words, const std::string& url = {}) const {
        ProgramOptions options{.directory = home.path()};
        if (!url.empty()) {
            options.environment["DATABASE_URL"] = url;
        }
        const ProgramResult result = run_dbbackup(words, options);
        CHECK_FALSE(says(result, "s3cr3t"));
        return result;
    }

    TempDir home;
};

constexpr const char* k_warning = "warning: using localhost:5432/shop (DATABASE_URL in .env), not "
                                  "localhost:5432/shop_dev (DATABASE_URL in .env.local)\n";

} // namespace

TEST_CASE("restore refuses if .env and .env.local name different databases") {
    const TwoFiles files{k_url, k_other};
    for (const Words& words : {Words{"restore"}, Words{"restore", "--dry-run"},
                               Words{"restore", "any", "--clean", "--confirm", "shop"}}) {
        const ProgramResult result = files.run(words);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(says(result, "localhost:5432/shop (DATABASE_URL in .env), localhost:5432/shop_dev "
                           "(DATABASE_URL in .env.local)"));
        CHECK(says(result,
                   "hint: Say which one you mean: --env-file .env or --env-file .env.local."));
    }
    for (const std::string other :
         {"postgres://127.0.0.1/shop", "postgres://localhost:5433/shop", "postgres:///shop",
          "postgres://localhost/Shop", "postgres://localhost,other/shop"}) {
        INFO(other);
        files.write(".env.local", "DATABASE_URL=" + other + "\n");
        CHECK(says(files.run({"restore"}), "it is not clear which database you mean"));
    }
    files.write(".env.local", k_other);
    INFO("whoever says which one is meant is not asked again");
    CHECK_FALSE(says(files.run({"restore", "--env-file", ".env"}), "not clear"));
    CHECK_FALSE(says(files.run({"restore", "--url", "postgres://localhost/shop"}), "not clear"));
    CHECK_FALSE(says(files.run({"restore"}, "postgres://localhost/x"), "not clear"));
    INFO("another login is no other database");
    files.write(".env.local", k_same);
    CHECK_FALSE(says(files.run({"restore"}), "not clear"));
    files.write(".env.local", "OTHER=1\nDATABASE_URL=\n");
    CHECK_FALSE(says(files.run({"restore"}), "not clear"));
}

TEST_CASE("guard without a command reports that before it looks for a database") {
    const TempDir home;
    const ProgramResult result = run_dbbackup({"guard"}, {.directory = home.path()});
    CHECK(result.exit_code == 2);
    CHECK(says(result, "guard has no command to run\nhint: Write it last, as in: dbbackup guard "
                       "npx prisma migrate deploy\n"));
}

TEST_CASE("read-only commands use .env, and say so if .env.local names another database") {
    const TwoFiles files{k_url, k_other};
    for (const Words& words : {Words{"verify"}, Words{"show"}}) {
        const ProgramResult result = files.run(words);
        CAPTURE(result.err);
        CHECK(says(result, k_warning));
        CHECK(says(result, "no dump"));
        CHECK_FALSE(says(files.run({words.front(), "--env-file", ".env"}), "warning"));
    }
    INFO("what does not use the URL says nothing");
    for (const Words& words : {Words{"list"}, Words{"status"}, Words{"verify", "--all"},
                               Words{"show", "any"}, Words{"prune", "--keep-last", "1"}}) {
        INFO(words.front());
        CHECK_FALSE(says(files.run(words), "warning: using"));
    }
    INFO("what refuses does not warn too");
    for (const Words& words : {Words{"restore"}, Words{"guard", "--", "true"}}) {
        const ProgramResult refused = files.run(words);
        CHECK(refused.exit_code == 2);
        CHECK(refused.err.starts_with("dbbackup: error: "));
        CHECK_FALSE(says(refused, "warning"));
    }
    INFO("once");
    const TestDatabase database;
    files.write(".env", "DATABASE_URL=" + database.url() + "\n");
    const ProgramResult dumped = files.run({"dump", "-q"});
    CHECK(dumped.exit_code == 0);
    CHECK(dumped.out.starts_with("dumps/" + database.name() + "_"));
    const std::size_t at = dumped.err.find("warning: using ");
    REQUIRE(at != std::string::npos);
    CHECK(dumped.err.find("warning: ", at + 1) == std::string::npos);
}

TEST_CASE("an untrusted .env.local stops commands that change data, and no others") {
    const TwoFiles files{k_url, k_same};
    set_mode(files.home / ".env.local", 0666);
    CHECK(says(files.run({"verify"}), "cannot check whether .env.local names the same database: "
                                      "the env file '.env.local' is not safe to use"));
    const ProgramResult refused = files.run({"restore"});
    CHECK(refused.exit_code == 2);
    CHECK(says(refused, "error: the env file '.env.local' is not safe to use"));
    fs::remove(files.home / ".env.local");
    REQUIRE(::mkfifo((files.home / ".env.local").c_str(), 0600) == 0);
    CHECK(says(files.run({"restore"}), "it is not a regular file"));
}

TEST_CASE("a named env file overrides the environment, with a warning") {
    const TwoFiles files{k_url, k_other};
    const ProgramResult result =
        files.run({"show", "--env-file", ".env"}, "postgres://h/elsewhere");
    CAPTURE(result.err);
    CHECK(says(result, "warning: using localhost:5432/shop (DATABASE_URL in .env), not "
                       "h:5432/elsewhere (DATABASE_URL in the environment)\n"));
    CHECK_FALSE(says(files.run({"show"}, "postgres://h/elsewhere"), "warning"));
    const TestDatabase database;
    files.write(".env", "DATABASE_URL=" + database.url() + "\nDBBACKUP_DIR=mine\n");
    ProgramOptions options{
        .environment = {{"DATABASE_URL", "postgres://h/elsewhere"}, {"DBBACKUP_DIR", "theirs"}},
        .directory = files.home.path()};
    CHECK(run_dbbackup({"dump", "-q", "--env-file", ".env"}, options)
              .out.starts_with("mine/" + database.name() + "_"));
}
