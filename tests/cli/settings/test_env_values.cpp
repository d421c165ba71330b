// What .env may contain, where directories lead, and the suggestions if DATABASE_URL is missing.

#include "support/catch.hpp"
#include "support/scene/settings_place.hpp"
#include "support/server/cluster.hpp"

using namespace dbbackup::test;
using Words = std::vector<std::string>;

namespace {

struct Home {
    void write(const std::string& name, const std::string& content) const {
        write_file(temp / name, content);
        set_mode(temp / name, 0600);
    }

    [[nodiscard]] ProgramResult run(const Words& words,
                                    std::map<std::string, std::string> environment = {}) const {
        environment.emplace("HOME", (temp / "home").string());
        const ProgramResult result =
            run_dbbackup(words, {.environment = environment, .directory = temp.path()});
        CHECK_FALSE(says(result, "s3cr3t"));
        return result;
    }

    /// Checks that nothing exists but what was written.
    void check_nothing_made() const {
        for (const auto& entry : fs::directory_iterator{temp.path()}) {
            INFO(entry.path());
            CHECK(
                (entry.path().filename() == ".env" || entry.path().filename() == "dbbackup.toml"));
        }
    }

    TempDir temp;
};

} // namespace

TEST_CASE("variables in .env are expanded before its URL is used") {
    const Home home;
    const TestDatabase database;
    const std::string url =
        "postgresql://postgres@/${DB_NAME}?host=" + Cluster::shared().socket_directory();
    home.write(".env", "DB_NAME=" + database.name() + "\nDATABASE_URL=\"" + url +
                           "\"\nDBBACKUP_DIR=$WHERE/mine\n");
    const ProgramResult result = home.run({"dump", "-q"}, {{"WHERE", home.temp.path().string()}});
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with((home.temp / "mine" / (database.name() + "_")).string()));
    home.write(".env", "PASSWORD=s3cr3t\nDATABASE_URL=postgres://u:$PASSWORD@h/${DB_NAME}s3cr3t\n");
    const ProgramResult undefined = home.run({"dump"});
    CHECK(undefined.exit_code == 2);
    CHECK(says(undefined, "DATABASE_URL in line 2 of '.env' holds a ${NAME} that neither the "
                          "environment nor an earlier line sets"));
}

TEST_CASE("a directory that begins with ~/ is in the home directory, wherever it is set") {
    const Home home;
    const TestDatabase database;
    const std::string there = (home.temp / "home" / "mine" / database.name()).string() + "_";
    std::map<std::string, std::string> environment{{"DATABASE_URL", database.url()}};
    CHECK(home.run({"dump", "-q", "--dir=~/mine"}, environment).out.starts_with(there));
    environment["DBBACKUP_DIR"] = "~/mine";
    CHECK(home.run({"dump", "-q"}, environment).out.starts_with(there));
    environment.erase("DBBACKUP_DIR");
    home.write(".env", "DBBACKUP_DIR=~/mine\n");
    CHECK(home.run({"dump", "-q"}, environment).out.starts_with(there));
    home.write(".env", "");
    home.write("dbbackup.toml", "dir = \"~/mine\"\n");
    CHECK(home.run({"dump", "-q"}, environment).out.starts_with(there));
    INFO("as are the client programs");
    fs::create_symlink(Cluster::shared().bin_dir(), home.temp / "home" / "bin");
    CHECK(home.run({"dump", "-q", "--bin-dir", "~/bin"}, environment).out.starts_with(there));
    CHECK_FALSE(fs::exists(home.temp / "~"));
}

TEST_CASE("no directory is created from a path that a shell would have expanded", "[slow]") {
    const Home home;
    const TestDatabase database;
    const std::map<std::string, std::string> environment{{"DATABASE_URL", database.url()}};
    for (const std::string name :
         {"~other/dumps", "~other", "$HOME/dumps", "${HOME}/dumps", "a/$b", "~/${X}"}) {
        INFO(name);
        const auto check = [&](const ProgramResult& result) {
            CAPTURE(result.err);
            CHECK(result.exit_code == 2);
            CHECK(says(result, "the dump directory '" + name + "' "));
            CHECK(says(result, "hint: "));
        };
        check(home.run({"dump", "--dir", name}, environment));
        home.write(".env", "DBBACKUP_DIR='" + name + "'\n");
        check(home.run({"dump"}, environment));
        home.write(".env", "");
        home.write("dbbackup.toml", "dir = '" + name + "'\n");
        check(home.run({"dump"}, environment));
        home.write("dbbackup.toml", "");
        CHECK(home.run({"dump", "--bin-dir", name}, environment).exit_code == 2);
        auto of_environment = environment;
        of_environment["DBBACKUP_DIR"] = name;
        check(home.run({"dump"}, of_environment));
    }
    home.check_nothing_made();
    CHECK(says(home.run({"dump", "--dir", "~/x"}, {{"DATABASE_URL", database.url()}, {"HOME", ""}}),
               "HOME names no directory"));
    INFO("other dollars and tildes are as good as any character");
    CHECK(home.run({"dump", "-q", "--dir", "./~a $5$"}, environment).exit_code == 0);
}

TEST_CASE("if DATABASE_URL is missing, other variables with a URL are named, but not shown") {
    const Home home;
    const std::string url = "postgres://u:s3cr3t@h/d\n";
    CHECK(says(home.run({"dump"}), "Set DATABASE_URL (in the environment or in .env)"));
    const ProgramResult of_environment =
        home.run({"dump"},
                 {{"POSTGRES_URL", "postgres://u:s3cr3t@h/d"}, {"DB_URL", "mysql://u:s3cr3t@h/d"}});
    CHECK(of_environment.exit_code == 2);
    CHECK(says(of_environment, "the environment has: POSTGRES_URL. To use POSTGRES_URL: "
                               "export DATABASE_URL=\"$POSTGRES_URL\"\n"));
    home.write(".env", "POSTGRES_PRISMA_URL=" + url + "DB_URL=" + url +
                           "DATABASE_URL_UNPOOLED=" + url + "PG_URL='s3cr3t\nX=1");
    const ProgramResult of_file = home.run({"dump"});
    CHECK(of_file.exit_code == 2);
    CHECK(says(of_file, ".env has: DATABASE_URL_UNPOOLED, DB_URL, POSTGRES_PRISMA_URL. To use "
                        "DATABASE_URL_UNPOOLED: printf "));
    INFO("the command works as it is printed");
    const std::size_t at = of_file.err.find("printf ");
    const std::string command = of_file.err.substr(at, of_file.err.find('\n', at) - at);
    CHECK(run_program({"/bin/sh", "-c", command}, {.directory = home.temp.path()}).exit_code == 0);
    CHECK_FALSE(says(home.run({"verify"}), "no database is named"));
    CHECK_FALSE(says(home.run({"restore"}), "no database is named"));
}

TEST_CASE("if only .env.local sets DATABASE_URL, it is named") {
    const Home home;
    home.write(".env", "DBBACKUP_DIR=dumps\nDIRECT_URL=postgres://u:s3cr3t@h/d\n");
    home.write(".env.local", "DATABASE_URL=postgres://u:s3cr3t@h/d\n");
    for (const Words& words : {Words{"dump"}, Words{"restore"}, Words{"guard", "--", "true"}}) {
        const ProgramResult result = home.run(words);
        CHECK(result.exit_code == 2);
        CHECK(says(result, "no database is named\nhint: .env.local has one: --env-file "
                           ".env.local\n"));
    }
    set_mode(home.temp / ".env.local", 0666);
    CHECK(says(home.run({"dump"}), "To use DIRECT_URL: "));
}
