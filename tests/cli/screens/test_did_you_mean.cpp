// What users see who misspell a word, or use one from another program.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/temp_dir.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

struct Slip {
    Words words;
    std::string error; ///< after "dbbackup: error: "
    std::string hint;  ///< what it contains; empty if there is none
};

void check(const std::vector<Slip>& slips) {
    for (const Slip& slip : slips) {
        const TempDir home;
        const ProgramResult result = run_dbbackup(slip.words, {.directory = home.path()});
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.starts_with("dbbackup: error: " + slip.error + "\n"));
        CHECK((result.err.find("\nhint: ") != std::string::npos) == !slip.hint.empty());
        CHECK(result.err.find(slip.hint) != std::string::npos);
        CHECK(result.err.find("\nusage: dbbackup ") != std::string::npos);
        CHECK(result.err.find("\nsee: dbbackup ") != std::string::npos);
        CHECK(names_in(home.path()).empty());
    }
}

} // namespace

TEST_CASE("a misspelt command") {
    check({{{"staus"}, "there is no command 'staus'", "hint: Did you mean status?\n"},
           {{"res"}, "there is no command 'res'", "hint: Did you mean restore?\n"},
           {{"nonsense"}, "there is no command 'nonsense'", ""},
           {{"dumpp", "--yes"}, "there is no command 'dumpp'", "hint: Did you mean dump?\n"},
           {{"-q"}, "no command is named", ""}});
}

TEST_CASE("a command of another program") {
    check({{{"ls"}, "there is no command 'ls'", "dbbackup list\n"},
           {{"rm", "shop"}, "there is no command 'rm'", "prune --keep-last 7 --dry-run\n"},
           {{"delete"}, "there is no command 'delete'", "except pinned ones"},
           {{"clean"}, "there is no command 'clean'", "dbbackup prune"},
           {{"drift"}, "there is no command 'drift'", "dbbackup compare\n"},
           {{"create"}, "there is no command 'create'", "dbbackup dump\n"},
           {{"test"}, "there is no command 'test'", "dbbackup verify --restore\n"},
           {{"undo"}, "there is no command 'undo'", "dbbackup list\n"}});
}

TEST_CASE("a misspelt option") {
    check({{{"dump", "--fromat", "c"}, "dump has no option --fromat", "Did you mean --format?"},
           {{"dump", "--keep_last=3"}, "dump has no option --keep_last", "mean --keep-last 3?"},
           {{"dump", "--quite"}, "dump has no option --quite", "Did you mean --quiet?"},
           {{"--nonsense"}, "there is no option --nonsense", ""},
           {{"dump", "--clean"}, "dump has no option --clean", "--clean is an option of restore."},
           {{"dump", "--dryrun"}, "dump has no option --dryrun", "--dry-run is an option of "},
           {{"pin", "--nonsense"}, "pin has no option --nonsense", ""}});
}

TEST_CASE("an option of another program") {
    for (const char* option : {"-y", "--yes", "--force", "-f"}) {
        check({{{"restore", "--clean", option},
                std::string{"restore has no option "} + option,
                "--confirm NAME"}});
    }
    check({{{"prune", "--yes"}, "prune has no option --yes", "--dry-run"},
           {{"dump", "-d", "shop"}, "dump has no option -d", "DATABASE_URL, or with --url"},
           {{"dump", "-U", "x"}, "dump has no option -U", "DATABASE_URL, or with --url"},
           {{"dump", "--password", "x"}, "dump has no option --password", "~/.pgpass"},
           {{"dump", "-f", "x"}, "dump has no option -f", "--dir"},
           {{"dump", "--no-comments"}, "dump has no option --no-comments", "dump -- --no-comments"},
           {{"restore", "-c"}, "restore has no option -c", "--clean"}});
}

TEST_CASE("the suggestion keeps the given number") {
    check({{{"prune", "--keep-days", "9"},
            "prune has no option --keep-days",
            "hint: To keep all dumps of the last 9 days: --keep-within 9d. To keep one a day, for "
            "9 days: --keep-daily 9.\n"},
           {{"dump", "--older-than=60d"}, "dump has no option --older-than", "--keep-within 60d."},
           {{"prune", "--days"}, "prune has no option --days", "--keep-within 30d."},
           {{"prune", "--days", "s3cr3t"}, "prune has no option --days", "--keep-within 30d."},
           {{"prune", "--keep", "3"}, "prune has no option --keep", "newest dumps: --keep-last 3."},
           {{"prune", "--keep-weeks", "4"},
            "prune has no option --keep-weeks",
            "Did you mean --keep-weekly 4?"},
           {{"prune", "--keep-mothly=6"},
            "prune has no option --keep-mothly",
            "Did you mean --keep-monthly 6?"},
           {{"prune", "--dry-rnu", "6"},
            "prune has no option --dry-rnu",
            "Did you mean --dry-run?"}});
}

TEST_CASE("a superfluous word, and a missing value") {
    check({{{"dump", "shop"}, "dump takes no argument 'shop'", "--url"},
           {{"list", "dump"}, "list takes no argument 'dump'", "Give one command at a time."},
           {{"restore", "a", "b"}, "one word too many for restore: 'b'", ""},
           {{"export", "orders"}, "export takes no argument 'orders'", "-t orders"},
           {{"compare", "a", "b", "--dir", "x"},
            "one word too many for compare: 'b'",
            "dbbackup compare a --with b --dir x\n"},
           {{"compare", "a", "b/c"}, "one word too many for compare", "compare DUMP --with DUMP2"},
           {{"import", "a", "orders"}, "one word too many for import: 'orders'", "-t orders"},
           {{"dump", "--format"}, "--format needs a value", ""},
           {{"dump", "a=b c"}, "dump takes no argument", "--url"}});
}

TEST_CASE("the hint is the same in JSON, and never empty") {
    const auto hint = [](const Words& words) {
        const ProgramResult result = run_dbbackup(words);
        CHECK(result.err.empty());
        return nlohmann::json::parse(result.out).at("error").at("hint").get<std::string>();
    };
    CHECK(hint({"--json", "dumpp"}) == "Did you mean dump?");
    CHECK(hint({"list", "--json", "nonsense"}).starts_with("Name the dump directory with --dir"));
    CHECK(hint({"pin", "--json", "--nonsense"}) == "See: dbbackup pin --help");
}

TEST_CASE("a misspelt configuration key") {
    const TempDir home;
    const auto error = [&](const std::string& configuration) {
        write_file(home / "dbbackup.toml", configuration);
        const ProgramResult result = run_dbbackup({"list"}, {.directory = home.path()});
        CHECK(result.exit_code == 2);
        return result.err;
    };
    const auto has = [](const std::string& text, const std::string& part) {
        INFO(text);
        CHECK(text.find(part) != std::string::npos);
    };
    has(error("dri = \"x\"\n"), "an unknown key: dri\nhint: Did you mean dir? Keys are ");
    has(error("[dump]\nfromat = \"c\"\n"), "key: dump.fromat\nhint: Did you mean format? ");
    has(error("[dmup]\nformat = \"c\"\n"), "key: dmup.format\nhint: Did you mean [dump]? ");
    has(error("format = \"c\"\n"),
        "key: format\nhint: format is an option of dump, export and guard. ");
    has(error("nonsense = \"c\"\n"), "key: nonsense\nhint: Keys are ");
    CHECK(error("\"u:s3cr3t@h\" = \"c\"\n").find("s3cr3t") == std::string::npos);
}
