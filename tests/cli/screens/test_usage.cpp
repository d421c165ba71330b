#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

ProgramResult run_in(const TempDir& home, const Words& words) {
    return run_dbbackup(words, {.directory = home.path()});
}

std::string joined(const Words& words) {
    std::string text;
    for (const std::string& word : words) {
        text += word + " ";
    }
    return text;
}

const std::string k_url = "postgresql://nobody@nowhere.invalid/shop";
const std::string k_secret_url = "postgres://user:s3cr3t-canary@db.example/shop";

} // namespace

TEST_CASE("usage errors exit 2, are reported only on stderr, and create nothing") {
    const std::vector<Words> wrong{
        {"-q"},
        {"--json=perhaps", "list"},
        {"nonsense"},
        {"dumpp"},
        {"list", "extra"},
        {"show", "a", "b"},
        {"list", "dump"},
        {"dump", "--nonsense"},
        {"--nonsense", "dump"},
        {"dump", "-Y"},
        {"dump", "--url"},
        {"dump", "--url", ""},
        {"dump", "--url", "shop"},
        {"dump", "--url", "mysql://localhost/shop"},
        {"dump"},
        {"dump", "--url", k_url, "--dir", ""},
        {"dump", "--url", k_url, "-F", "tar"},
        {"dump", "--url", k_url, "-F", "directory"},
        {"dump", "--url", k_url, "-F", "PLAIN"},
        {"dump", "--url", k_url, "-Z", "gzip:0"},
        {"dump", "--url", k_url, "-Z", "gzip:10"},
        {"dump", "--url", k_url, "-Z", "lz4"},
        {"dump", "--url", k_url, "-Z", "9"},
        {"dump", "--url", k_url, "-Z", ""},
        {"dump", "--url", k_url, "-Fc", "-Z", "gzip:99"},
        {"dump", "--url", k_url, "-s", "-a"},
        {"dump", "--url", k_url, "--lock-wait-timeout", "soon"},
        {"dump", "--url", k_url, "--lock-wait-timeout", "-1s"},
        {"dump", "--url", k_url, "--lock-wait-timeout", "0"},
        {"dump", "--url", k_url, "--lock-wait-timeout", "25d"},
        {"dump", "--url", k_url, "-t", k_url},
        {"dump", "--url", k_url, "--", "--file=x"},
        {"dump", "--url", k_url, "--", "-Fd"},
        {"dump", "--url", k_url, "--", "--host", "elsewhere"},
        {"list", "--"},
        {"list", "--", "x"},
        {"show", "--", "x"},
        {"list", "--config", "nowhere.toml"},
        {"list", "--env-file", "nowhere.env"},
        {"list", "--env-file", "."},
    };
    for (const Words& words : wrong) {
        INFO("dbbackup " << joined(words));
        const TempDir home;
        const ProgramResult result = run_in(home, words);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.starts_with("dbbackup: error: "));
        CHECK(names_in(home.path()).empty());
    }
}

TEST_CASE("errors say what to do next") {
    const TempDir home;
    CHECK(run_in(home, {"dump"}).err ==
          "dbbackup: error: no database is named\n"
          "hint: Set DATABASE_URL (in the environment or in .env) or give --url.\n");
    CHECK(run_in(home, {"dumpp"}).err == "dbbackup: error: there is no command 'dumpp'\n"
                                         "hint: Did you mean dump?\n"
                                         "usage: dbbackup [OPTIONS] COMMAND\n"
                                         "see: dbbackup --help\n");
    CHECK(run_in(home, {"list", "--", "x"}).err.find("dbbackup list --help") != std::string::npos);
    CHECK(run_in(home, {"show"}).err.find("--dir") != std::string::npos);
    CHECK(run_in(home, {"show", "--dir", home.path(), "x.sql"}).err.find("dbbackup list") !=
          std::string::npos);
}

TEST_CASE("words of the command line are repeated without control characters") {
    const TempDir home;
    const std::string hostile = "no\x1b[2J\r\nsuch";
    for (const Words& words :
         {Words{"list", hostile}, Words{hostile}, Words{"dump", "-F", hostile},
          Words{"show", hostile}, Words{"status", "--dir", hostile},
          Words{"list", "--env-file", hostile}, Words{"list", "--config", hostile},
          Words{"dump", "--url", k_url, "-Z", hostile},
          Words{"dump", "--url", k_url, "--lock-wait-timeout", hostile}}) {
        const ProgramResult result = run_in(home, words);
        INFO(result.err);
        CHECK(result.exit_code != 0);
        CHECK(result.err.find_first_of("\x1b\r") == std::string::npos);
    }
}

TEST_CASE("a URL in the wrong place is never repeated, and no file is named after it", "[slow]") {
    const std::string& url = k_secret_url;
    const std::vector<Words> wrong{
        {url},
        {url, "dump"},
        {"-q" + url},
        {"list", url},
        {"show", url},
        {"help", url},
        {"dump", "--password", "x:s3cr3t@y"},
        {"dump", "--password", "s3cr3t"},
        {"dump", "--password=s3cr3t"},
        {"dump", "--pasword=s3cr3t"},
        {"dump", "-ps3cr3t"},
        {"dump", "-U", "s3cr3t"},
        {"PGPASSWORD=s3cr3t", "dump"},
        {"dump", "PGPASSWORD=s3cr3t"},
        {"--token=s3cr3t", "list"},
        {"-h", url},
        {"show", "--dir", url},
        {"list", "--dir=" + url},
        {"dump", "--url", k_url, "--dir", url},
        {"dump", "-q" + url},
        {"dump", "--" + url},
        {"dump", "--urll=" + url},
        {"dump", "--url", url, url},
        {"dump", "--json=" + url},
        {"dump", "-F" + url},
        {"dump", "--format=" + url},
        {"dump", "--url", k_url, "-Z" + url},
        {"dump", "--url", k_url, "--compress", url},
        {"dump", "--url", k_url, "--lock-wait-timeout=" + url},
        {"dump", "--url", k_url, "--env-file", url},
        {"dump", "--url", k_url, "--config=" + url},
        {"dump", "--url", k_url, "--", "--dbname=" + url},
        {"dump", "--url", k_url, "--", "-d" + url},
        {"dump", "-Fuser:s3cr3t-canary@db.example"},
        {"list", "--", url},
    };
    for (Words words : wrong) {
        for (const bool json : {false, true}) {
            if (json) {
                words.insert(words.begin(), "--json");
            }
            INFO("dbbackup " << joined(words));
            const TempDir home;
            const ProgramResult result = run_in(home, words);
            CHECK(result.exit_code == 2);
            CHECK((result.out + result.err).find("s3cr3t") == std::string::npos);
            CHECK(names_in(home.path()).empty());
        }
    }
}

TEST_CASE("a URL in the wrong place is not repeated by a later error either") {
    const TempDir home;
    for (const Words& words :
         {Words{"dump", "--url", k_url, "--bin-dir", k_secret_url},
          Words{"dump", "--url", k_url, "-t", k_secret_url}, Words{"show", "user:s3cr3t@db"},
          Words{"dump", "--url", "postgresql://x/x?host=/nonexistent", "--", k_secret_url}}) {
        INFO(joined(words));
        const ProgramResult result = run_in(home, words);
        CHECK(result.exit_code != 0);
        CHECK((result.out + result.err).find("s3cr3t") == std::string::npos);
    }
}
