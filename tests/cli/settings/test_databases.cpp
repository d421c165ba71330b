// Sections [database.NAME] of the configuration, without a server.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/scene/settings_place.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

constexpr const char* k_two = "[database.shop]\nurl-env = \"SHOP_URL\"\n"
                              "[database.billing]\nurl = \"postgres://db/billing\"\n";

/// A dump directory with a configuration beside it.
struct Sections : SampleDirectory {
    explicit Sections(const std::string& configuration = k_two) { configure(configuration); }

    void configure(const std::string& text) const { write_file(home() / "dbbackup.toml", text); }

    [[nodiscard]] ProgramResult run(const Words& words,
                                    std::map<std::string, std::string> environment = {
                                        {"SHOP_URL", "postgres://u:s3cr3t@db:5432/app"}}) const {
        const ProgramResult result =
            run_dbbackup(words, {.environment = std::move(environment), .directory = home()});
        INFO(result.out + result.err);
        CHECK_FALSE(says(result, "s3cr3t"));
        CHECK(result.out.find("s3cr3t") == std::string::npos);
        return result;
    }

    void check_refused(const Words& words, const std::string& message,
                       const std::string& hint = {}) const {
        const ProgramResult result = run(words);
        CAPTURE(words, result.err);
        CHECK(result.exit_code == 2);
        CHECK(says(result, message));
        CHECK(says(result, hint));
    }
};

} // namespace

TEST_CASE("a wrong section of the configuration is refused, and says what is wrong") {
    const Sections place;
    for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
             {"[database.shop]", "it has neither url-env nor url"},
             {"[database.shop]\nkeep-daily = 3", "it has neither url-env nor url"},
             {"[database.shop]\nurl-env = 'A'\nurl = 'postgres://u:s3cr3t@h/d'",
              "it has both url and url-env"},
             {"[database.shop]\nurl-env = ''", "url-env has one value, which is not empty"},
             {"[database.shop]\nurl-env = ['A', 'B']", "url-env has one value"},
             {"[database.shop]\nurl-env = 'postgres://u:s3cr3t@h/d'",
              "url-env is the name of a variable"},
             {"[database.shop]\nurl-env = 'A'\nkep-daily = 3", "unknown key 'kep-daily'"},
             {"[database.shop]\nurl-env = 'A'\nclean = true", "clean belongs on the command line"},
             {"[database.shop]\nurl-env = 'A'\ndir = 'x'", "dir is not a setting of one database"},
             {"[database.shop]\nurl-env = 'A'\ndatabase = 'x'", "database is not a setting of"},
             {"[database.shop.dump]\npin = true", "it has a table below it"},
             {"[database]\nurl = 'postgres://h/d'", "[database], which needs a name"},
             {"[database.'a b']\nurl-env = 'A'", "letters, digits, - and _ only"},
             {"[database.'a.b']\nurl-env = 'A'", "letters, digits, - and _ only"},
             {"[database.'a\\\"b']\nurl-env = 'A'", "letters, digits, - and _ only"},
             {"[database.\"a\\u001bb\"]\nurl-env = 'A'", "letters, digits, - and _ only"},
             {"[database.'']\nurl-env = 'A'", "letters, digits, - and _ only"},
             {"[database.-a]\nurl-env = 'A'", "letters, digits, - and _ only"}}) {
        place.configure(text + "\n");
        place.check_refused({"list"}, message);
        place.check_refused({"dump"}, message);
    }
    place.configure("[database.shop]\nurl-env = 'A'\nkep-daily = 3\n");
    place.check_refused({"list"}, "[database.shop]", "Did you mean keep-daily");
}

TEST_CASE("a section is chosen by its name on any command") {
    const Sections place;
    for (const Words& words :
         {Words{"dump", "--database", "shop"}, Words{"--database", "shop", "dump"},
          Words{"list", "--database", "shop"}, Words{"--database=shop", "list"},
          Words{"status", "--database", "shop"}, Words{"restore", "--database", "shop"}}) {
        CAPTURE(words);
        const ProgramResult result = place.run(words, {{"DATABASE_URL", "postgres://else/where"}});
        CHECK(result.exit_code == 2);
        CHECK(says(result, "[database.shop] takes its URL from SHOP_URL, which is not set"));
        CHECK(says(result, "Set SHOP_URL in the environment or in .env."));
    }
    place.check_refused({"dump", "--database", "shpo"}, "no section [database.shpo]",
                        "Did you mean shop? It has billing, shop.");
    place.check_refused({"dump", "--database", "shop", "--url", "postgres://h/d"},
                        "--url and --database shop both name a database");
    place.check_refused({"--database", "shop", "list", "--database", "shop"},
                        "--database is given before and after the command");
    place.configure("");
    place.check_refused({"restore", "--database", "shop"}, "no section [database.shop]",
                        "[database.shop] and, below it, url-env = \"SHOP_URL\"");
    // Whoever means the database itself, as for pg_dump, learns how to name it.
    place.check_refused({"dump", "--database", "x"}, "no section [database.x]",
                        "with DATABASE_URL or --url");
    CHECK(place.run({"list", "--database", "shop"}).exit_code == 0);
}

TEST_CASE("with a section DATABASE_URL is not looked at, not even a wrong one in .env") {
    const Sections place;
    write_file(place.home() / ".env",
               "DATABASE_URL=${NOBODY}\nSHOP_URL=postgres://u:s3cr3t@localhost:1/app\n");
    set_mode(place.home() / ".env", 0600);
    const ProgramResult result = place.run({"dump", "--database", "shop"}, {});
    INFO(result.err);
    CHECK(result.exit_code == 1);
    CHECK(says(result, "The URL comes from SHOP_URL in .env, of [database.shop]."));
}

TEST_CASE("a section limits commands to the dumps of its database, by host, port and name") {
    const Sections place;
    const std::string mine = place.add({.started = "2020-01-01", .label = "old"});
    const std::string elsewhere = place.add({.started = "2020-01-02", .host = "other"});
    const std::string port = place.add({.started = "2020-01-03", .port = 5433});
    const std::string billing =
        place.add({.started = "2020-01-04", .database = "billing", .label = "old"});

    CHECK(nlohmann::json::parse(place.run({"list", "--database", "shop", "--json"}).out)
              .at("dumps")
              .size() == 1);
    for (const char* command : {"show", "verify"}) {
        const ProgramResult result = place.run({command, "latest", "--database", "shop"});
        INFO(result.out + result.err);
        CHECK(result.exit_code == 0);
        CHECK(result.out.find(mine) != std::string::npos);
    }
    const ProgramResult all = place.run({"verify", "--all", "--database", "shop", "--json"});
    CHECK(nlohmann::json::parse(all.out).at("dumps").size() == 1);
    // A label that two have means the one of the section.
    CHECK(place.run({"show", "old", "--database", "billing"}).out.find(billing) !=
          std::string::npos);
    CHECK(place.run({"pin", "latest", "--database", "shop"}).out.find(mine) != std::string::npos);
    const ProgramResult none =
        place.run({"show", "--database", "shop"}, {{"SHOP_URL", "postgres://nowhere/app"}});
    CHECK(none.exit_code == 1);
    CHECK(says(none, "of [database.shop]"));
}

TEST_CASE("prune with a section goes by its rules, and touches no other database") {
    const Sections place{"[prune]\nkeep-last = 50\ndatabase = 'billing'\n[database.shop]\n"
                         "url-env = 'SHOP_URL'\nkeep-last = 2\n"};
    for (const std::string day : {"1", "2", "3", "4"}) {
        (void)place.add({.started = "2020-01-0" + day});
        (void)place.add({.started = "2020-02-0" + day, .host = "other"});
        (void)place.add({.started = "2020-01-0" + day, .database = "billing"});
    }
    CHECK(place.run({"prune", "--database", "shop"}).exit_code == 0);
    CHECK(place.dumps().size() == 10);
    // A flag counts more than the section, and the section more than [prune].
    CHECK(place.run({"prune", "--database", "shop", "--keep-last", "1"}).exit_code == 0);
    CHECK(place.dumps().size() == 9);
    // Without it, all is as it was: a filter and the rules of [prune].
    CHECK(place.run({"prune"}).exit_code == 0);
    CHECK(place.dumps().size() == 9);
    place.check_all_good();
}

TEST_CASE("status wants a dump of every section, and judges each by its own limits") {
    const Sections place{std::string{k_two} + "max-age = \"100000d\"\n"};
    (void)place.add({.started = "2020-01-01", .database = "billing"});
    const ProgramResult result = place.run({"status"});
    INFO(result.out);
    CHECK(result.exit_code == 1);
    CHECK(result.out.find("there is no dump of [database.shop] (db:5432/app)") !=
          std::string::npos);
    CHECK(result.out.find("dump --database shop") != std::string::npos);
    CHECK(place.run({"status", "--database", "billing"}).exit_code == 0);
    CHECK(place.run({"status", "--database", "billing", "--max-age", "1d"}).exit_code == 1);
    CHECK(place.run({"status", "--database", "shop"}).exit_code == 1);
    CHECK(place.run({"status", "--database", "shop", "--database", "billing"}).exit_code == 1);

    const ProgramResult unknown = place.run({"status"}, {});
    CHECK(unknown.exit_code == 1);
    CHECK(unknown.out.find("it is unknown which dumps are of [database.shop]") !=
          std::string::npos);
    (void)place.add({.started = "2020-01-01", .host = "other"});
    CHECK(place.run({"status", "--max-age", "100000d"}).exit_code == 1);
    (void)place.add({.started = "2020-01-02"});
    CHECK(place.run({"status", "--max-age", "100000d"}).exit_code == 0);
}

TEST_CASE("option --all needs sections, and nothing else that names a database") {
    const Sections place;
    place.check_refused({"dump", "--all", "--database", "shop"},
                        "--all and --database exclude each other");
    place.check_refused({"prune", "--all", "--database", "else"},
                        "--all and --database exclude each other");
    place.check_refused({"dump", "--all", "--url", "postgres://h/d"},
                        "--all and --url exclude each other");
    place.check_refused({"dump", "--all", "--label", "postgres://u:s3cr3t@h/d"},
                        "no URL and no secret key");
    place.check_refused({"dump", "--all", "--parallel", "0"}, "--parallel");
    place.check_refused({"dump", "--parallel", "2"}, "--all");
    place.configure(std::string{k_two} + "[database.again]\nurl = 'postgres://DB:5432/app'\n");
    place.check_refused({"dump", "--all"},
                        "[database.again] and [database.shop] are the same database");
    place.configure("");
    place.check_refused({"dump", "--all"}, "it has none", "[database.shop] and, below it");
}

TEST_CASE("option --all of prune prunes each section by its own rules") {
    const Sections place{"[prune]\nkeep-last = 3\n[database.shop]\nurl-env = 'SHOP_URL'\n"
                         "keep-last = 1\n[database.billing]\nurl = 'postgres://db/billing'\n"
                         "[database.lost]\nurl-env = 'NOBODY'\n"};
    for (const std::string day : {"1", "2", "3", "4"}) {
        (void)place.add({.started = "2020-01-0" + day});
        (void)place.add({.started = "2020-01-0" + day, .database = "billing"});
        (void)place.add({.started = "2020-01-0" + day, .database = "of_nobody"});
    }
    const ProgramResult result = place.run({"prune", "--all", "--parallel", "3"});
    INFO(result.out + result.err);
    CHECK(result.exit_code == 2);
    CHECK(place.dumps().size() == 1 + 3 + 4);
    CHECK(says(result, "error: 2 of 3 databases done, 1 failed"));
    CHECK(says(result, "lost: [database.lost] takes its URL from NOBODY, which is not set "
                       "(exit code 2)\n  again: dbbackup --database lost prune\n"));
    const ProgramResult json = place.run({"prune", "--all", "--json", "--dry-run"});
    CHECK(json.exit_code == 2);
    const auto report = nlohmann::json::parse(json.out);
    CHECK(report.at("exit_code") == 2);
    REQUIRE(report.at("databases").size() == 3);
    CHECK(report.at("databases").at(0).at("database") == "billing");
    CHECK(report.at("databases").at(0).at("exit_code") == 0);
    CHECK(report.at("databases").at(0).at("result").contains("dumps"));
    CHECK(report.at("databases").at(1).at("result").at("error").at("kind") == "usage");
}
