#include "support/catch.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <map>
#include <memory>

using namespace dbbackup::test;

namespace {

/// Where a value can come from, the strongest first.
const std::vector<std::string> k_layers{"flag", "environment", "env_file", "configuration"};

/// Runs `dump` in `home` with the value of `--WHAT` from each layer from `strongest` on, each of
/// which has its own value in `values`.
ProgramResult dump_from(std::size_t strongest, const std::string& what, const TempDir& home,
                        const std::map<std::string, std::string>& values) {
    std::vector<std::string> words{"dump", "-q"};
    ProgramOptions options{.directory = home.path()};
    const std::string variable = what == "url" ? "DATABASE_URL" : "DBBACKUP_DIR";
    std::filesystem::remove(home / ".env");
    std::filesystem::remove(home / "dbbackup.toml");
    for (std::size_t i = strongest; i < k_layers.size(); ++i) {
        const std::string& value = values.at(k_layers[i]);
        if (k_layers[i] == "flag") {
            words.insert(words.end(), {"--" + what, value});
        } else if (k_layers[i] == "environment") {
            options.environment[variable] = value;
        } else if (k_layers[i] == "env_file") {
            write_file(home / ".env", "OTHER=1\nexport " + variable + "='" + value + "'\n");
        } else {
            write_file(home / "dbbackup.toml", what + " = \"" + value + "\"\n");
        }
    }
    if (what != "url") {
        words.insert(words.end(), {"--url", values.at("the url")});
    }
    return run_dbbackup(words, options);
}

} // namespace

TEST_CASE("the URL: flag before environment before .env before configuration", "[slow]") {
    const TempDir home;
    std::vector<std::unique_ptr<TestDatabase>> databases;
    std::map<std::string, std::string> urls;
    for (const std::string& layer : k_layers) {
        urls[layer] = databases.emplace_back(std::make_unique<TestDatabase>())->url();
    }
    for (std::size_t i = 0; i < k_layers.size(); ++i) {
        INFO(k_layers[i]);
        const ProgramResult result = dump_from(i, "url", home, urls);
        CHECK(result.exit_code == 0);
        CHECK(result.out.starts_with("dumps/" + databases[i]->name() + "_"));
    }
    CHECK(dump_from(k_layers.size(), "url", home, urls).exit_code == 2);
}

TEST_CASE("the directory: flag before environment before .env before configuration", "[slow]") {
    const TempDir home;
    const TestDatabase database;
    const std::map<std::string, std::string> values{{"flag", "by flag"},
                                                    {"environment", "by/the/environment"},
                                                    {"env_file", "by .env"},
                                                    {"configuration", "by the configuration"},
                                                    {"the url", database.url()}};
    for (std::size_t i = 0; i < k_layers.size(); ++i) {
        INFO(k_layers[i]);
        const ProgramResult result = dump_from(i, "dir", home, values);
        CHECK(result.exit_code == 0);
        CHECK(result.out.starts_with(values.at(k_layers[i]) + "/"));
    }
    CHECK(dump_from(k_layers.size(), "dir", home, values).out.starts_with("dumps/"));
}

TEST_CASE("an empty variable counts as unset") {
    const TempDir home;
    const TestDatabase database;
    write_file(home / ".env", "DATABASE_URL=" + database.url() + "\nDBBACKUP_DIR=\n");
    const ProgramResult result =
        run_dbbackup({"dump", "-q"}, {.environment = {{"DATABASE_URL", ""}, {"DBBACKUP_DIR", ""}},
                                      .directory = home.path()});
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with("dumps/"));
}

TEST_CASE("option --env-file names the env file") {
    const TempDir home;
    const TestDatabase database;
    const TestDatabase other;
    write_file(home / ".env", "DATABASE_URL=" + other.url() + "\n");
    // As saved by an editor on Windows: a byte order mark, \r\n. PATH in it is not for us.
    write_file(home / "production.env", "\xef\xbb\xbf"
                                        "DATABASE_URL=\"" +
                                            database.url() + "\" # quoted\r\nPATH=/nowhere\r\n");
    const ProgramResult result =
        run_dbbackup({"--env-file", "production.env", "dump", "-q"}, {.directory = home.path()});
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with("dumps/" + database.name() + "_"));
}

TEST_CASE("the scratch server of a drill can be set in .env") {
    const TempDir home;
    write_file(home / ".env", "DBBACKUP_SCRATCH_URL=mysql://localhost/d\n");
    const ProgramResult result =
        run_dbbackup({"verify", "--restore", "any"}, {.directory = home.path()});
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("is for MySQL") != std::string::npos);
}

TEST_CASE("a named env file must exist, and the values used must be valid") {
    const TempDir home;
    CHECK(run_dbbackup({"dump", "--env-file", "nowhere"}, {.directory = home.path()}).exit_code ==
          2);
    write_file(home / ".env", "KEY=\"-----BEGIN\nabc\n-----END\"\nDATABASE_URL=\"s3cr3t\n");
    const ProgramResult broken = run_dbbackup({"dump"}, {.directory = home.path()});
    CHECK(broken.exit_code == 2);
    CHECK(broken.err.find("line 4 of '.env'") != std::string::npos);
    CHECK(broken.err.find("s3cr3t") == std::string::npos);
    // Docker creates a directory of that name if the file to mount is missing.
    std::filesystem::remove(home / ".env");
    std::filesystem::create_directories(home / ".env");
    CHECK(run_dbbackup({"dump"}, {.directory = home.path()}).err.find("no database is named") !=
          std::string::npos);
}
