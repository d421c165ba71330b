// Dumps of one database or with one label, and a database's name in place of a dump's.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/server/cluster.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Two databases: three dumps of blog, one of them with a label, and one of shop.
struct TwoDatabases {
    [[nodiscard]] std::string dir() const { return " --dir " + dumps.path().string(); }

    /// The dumps that `verify` with `words` has checked.
    [[nodiscard]] Words verified(Words words) const {
        words.insert(words.begin(), {"verify", "--json"});
        const ProgramResult result = dumps.run(words);
        CAPTURE(result.out);
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        Words names;
        const auto report = nlohmann::json::parse(result.out);
        for (const auto& dump : report.at("dumps")) {
            names.push_back(std::filesystem::path{dump.at("path").get<std::string>()}.filename());
        }
        return names;
    }

    void check_error(const Words& words, int exit_code, const std::string& message,
                     const std::string& hint) const {
        const ProgramResult result = dumps.run(words);
        CAPTURE(result.err);
        CHECK(result.exit_code == exit_code);
        CHECK(contains(result.err, message));
        CHECK(contains(result.err, hint));
    }

    SampleDirectory dumps;
    std::string first = dumps.add({.started = "2020-01-01", .database = "blog", .label = "x"});
    std::string second = dumps.add({.started = "2020-01-02", .database = "blog"});
    std::string third = dumps.add({.started = "2020-01-03", .database = "blog"});
    std::string shop = dumps.add({.started = "2020-01-04", .database = "shop", .label = "x"});
};

} // namespace

TEST_CASE("verify checks only the dumps of one database or label") {
    const TwoDatabases two;
    CHECK(two.verified({"--database", "blog"}) == Words{two.third});
    CHECK(two.verified({"latest~1", "--database", "blog"}) == Words{two.second});
    CHECK(two.verified({"--all", "--database", "blog"}) == Words{two.third, two.second, two.first});
    CHECK(two.verified({"--all", "--label", "x"}) == Words{two.shop, two.first});
    CHECK(two.verified({"--label", "x", "--database", "blog"}) == Words{two.first});
    CHECK(two.verified({"--all", "--label", "x", "--database", "shop"}) == Words{two.shop});
    CHECK(two.verified({"--database", "blog", "--before", "2020-01-03T00:00:00Z"}) ==
          Words{two.second});
    INFO("the URL's database does not matter then");
    CHECK(two.verified({"--database", "blog", "--url", "postgres://h/shop"}) == Words{two.third});
}

TEST_CASE("verify never chooses another database than the named one") {
    const TwoDatabases two;
    const std::string here = "there is no dump in '" + two.dumps.path().string() + "'";
    for (const Words& words :
         {Words{"verify", "--database", "blgo"}, Words{"verify", "--all", "--database", "blgo"},
          Words{"verify", "--database", "blgo", "--url", "postgres://h/blog"}}) {
        two.check_error(words, 1, here + " of database 'blgo'\n", "dbbackup list");
    }
    two.check_error({"verify", "--all", "--label", "y", "--database", "shop"}, 1,
                    here + " of database 'shop' with the label 'y'\n", "dbbackup list");
    two.check_error({"verify", two.shop, "--database", "shop"}, 2,
                    "--database limits what 'latest' can be", "Leave out --database");
    two.check_error({"verify", two.shop, "--label", "x"}, 2, "--label limits", "use latest");
    two.check_error({"verify", "--database", "postgres://u:s3cr3t@h/x"}, 2, "", "hint: ");
    two.check_error({"verify"}, 2,
                    "'latest' is ambiguous: there are dumps of several databases: blog, shop",
                    "hint: Name one: dbbackup verify --database blog" + two.dir() +
                        ". Or all: dbbackup verify --all" + two.dir() + "\n");
}

TEST_CASE("lost dumps of other databases do not count if a database is named") {
    const TwoDatabases two;
    std::filesystem::remove(two.dumps / two.shop);
    CHECK(two.dumps.run({"verify", "--all"}).exit_code == 3);
    CHECK(two.dumps.run({"verify", "--all", "--database", "blog"}).exit_code == 0);
    CHECK(two.dumps.run({"verify", "--all", "--database", "shop"}).exit_code == 3);
    CHECK(two.dumps.run({"verify", "--all", "--label", "x"}).exit_code == 3);
}

TEST_CASE("verify reports the number of unchecked dumps, only in text") {
    const TwoDatabases two;
    const auto said = [&](Words words) {
        words.insert(words.begin(), "verify");
        return two.dumps.run(words).err;
    };
    CHECK(said({"--database", "blog"}) ==
          "dbbackup: checked 1 of 3 dumps. To check all: dbbackup verify --all --database blog" +
              two.dir() + "\n");
    CHECK(said({"--url", "postgres://h/shop"}) ==
          "dbbackup: checked 1 of 4 dumps. To check all: dbbackup verify --all --url "
          "postgres://h/shop" +
              two.dir() + "\n");
    for (const Words& words :
         {Words{"--database", "shop"}, Words{"--all"}, Words{"latest", "--database", "blog"},
          Words{two.first}, Words{"--database", "blog", "-q"},
          Words{"--database", "blog", "--json"},
          Words{"--database", "blog", "--before", "today"}}) {
        CHECK(said(words).empty());
    }
}

TEST_CASE("where a dump is expected, a database's name leads to its newest dump") {
    const TwoDatabases two;
    const std::string url = "postgres://u@db.invalid/app";
    for (const std::string command : {"show", "verify", "pin", "restore"}) {
        INFO(command);
        Words words{command, "blog"};
        std::string end = two.dir() + "\n";
        if (command == "restore") {
            words.insert(words.end(), {"--clean", "--url", url});
            end = " --clean --url " + url + end;
        }
        two.check_error(words, 2, "'blog' matches 3 dumps",
                        "hint: 'blog' is a database. Its newest dump: dbbackup " + command + " " +
                            two.third + end);
    }
    INFO("also if no name begins with it");
    two.dumps.add({.started = "2020-02-01", .database = "my app", .name = "other.sql"});
    two.check_error({"show", "my app"}, 1, "there is no dump 'my app'",
                    "hint: 'my app' is a database. Its newest dump: dbbackup show other.sql" +
                        two.dir() + "\n");
    INFO("what is neither is told as before");
    two.check_error({"show", "nothing"}, 1, "there is no dump 'nothing'", "List the dumps");
    two.check_error({"show", "b"}, 2, "'b' matches 3 dumps", "Write more of the name.");
}

TEST_CASE("where no dump is expected, a database's name leads to the option for it") {
    const SampleDirectory dumps;
    const auto hint = [&](const Words& words) {
        const ProgramResult result = run_dbbackup(words, {.directory = dumps.path()});
        CHECK(result.exit_code == 2);
        return result.err.substr(result.err.find("\nhint: ") + 1);
    };
    for (const std::string command : {"list", "status", "prune"}) {
        CHECK(hint({command, "blog"})
                  .starts_with("hint: Name the dump directory with --dir, and one database with "
                               "--database: --database blog.\n"));
    }
    CHECK(hint({"dump", "blog"})
              .starts_with("hint: Name the database with DATABASE_URL or --url "
                           "postgres://USER@HOST:PORT/blog, and the dump directory"));
    CHECK_FALSE(contains(hint({"dump", "postgres://u:s3cr3t@h/d"}), "s3cr3t"));
    CHECK(
        hint({"verify", "-d", "blog"}).starts_with("hint: To choose a database: --database NAME."));
}

TEST_CASE("a suggested restore of latest chooses the same dump") {
    const TestDatabase database;
    database.psql("create table a (i integer)");
    const TempDir home;
    const ProgramOptions options{.environment = {{"DATABASE_URL", database.url()}},
                                 .directory = home.path()};
    REQUIRE(run_dbbackup({"dump", "-q"}, options).exit_code == 0);
    const ProgramResult result = run_dbbackup(
        {"restore", "--clean", "--before", "2100-01-01 10:00", "--accept-partial"}, options);
    CHECK(result.exit_code == 5);
    for (const std::string& more : {std::string{"--dry-run"}, "--confirm " + database.name()}) {
        CHECK(contains(result.err, "dbbackup restore latest " + more +
                                       " --before '2100-01-01 10:00' --accept-partial --clean"));
    }
}
