#include "support/catch.hpp"
#include "support/program/program.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>

using namespace dbbackup::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("schedule --print names all settings by absolute paths, and no secret") {
    const TempDir home;
    write_file(home / ".env", "DATABASE_URL=postgres://a:geheim@h/shop\nDBBACKUP_DIR=my dumps\n");
    std::filesystem::permissions(home / ".env", std::filesystem::perms::owner_read);
    write_file(home / "dbbackup.toml", "[dump]\nkeep-daily = 3\n");
    for (const char* kind : {"cron", "systemd", "launchd"}) {
        const ProgramResult result =
            run_dbbackup({"schedule", "--print", kind, "shop"}, {.directory = home.path()});
        INFO(result.out << result.err);
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        CHECK_FALSE(contains(result.out, "geheim"));
        for (const std::string& part :
             {std::filesystem::canonical(dbbackup_path()).native(), home.path().native() + "/.env",
              home.path().native() + "/my dumps", home.path().native() + "/dbbackup.toml",
              std::string{"--keep-daily"}}) {
            INFO(part);
            CHECK(contains(result.out, part));
        }
    }
}

TEST_CASE("schedule --print takes the same times as on") {
    const TempDir home;
    const std::vector<std::string> words{
        "schedule", "--print", "cron",    "--url", "postgres://h/shop", "--every", "week",
        "--at",     "04:30",   "--drill", "month"};
    const ProgramResult result = run_dbbackup(words, {.directory = home.path()});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(contains(result.out, "\n30 4 * * 0  /"));
    CHECK(contains(result.out, "\n20 5 1 * *  /"));
    CHECK(contains(result.out, "--url postgres://h/shop"));
    CHECK(contains(result.out, "--dir " + home.path().native() + "/dumps "));
}

TEST_CASE("schedule --print refuses what would not work, or would show a password") {
    const TempDir home;
    const auto refuses = [&home](std::vector<std::string> words, const std::string& url,
                                 const std::string& part) {
        words.insert(words.begin(), "schedule");
        const ProgramResult result = run_dbbackup(
            words,
            {.environment = url.empty() ? std::map<std::string, std::string>{}
                                        : std::map<std::string, std::string>{{"DATABASE_URL", url}},
             .directory = home.path()});
        INFO(result.out << result.err);
        CHECK(result.exit_code == 2);
        CHECK(contains(result.err + result.out, part));
        CHECK_FALSE(contains(result.err + result.out, "geheim"));
    };
    refuses({"--print", "cron"}, "", "DATABASE_URL");
    refuses({"--print", "cron"}, "postgres://a:geheim@h/shop",
            "which a scheduled run does not have");
    refuses({"--print", "cron", "--url", "postgres://a:geheim@h/shop"}, "",
            "must not stand in a command line");
    refuses({"--print", "cron", "a/b", "--url", "postgres://h/shop"}, "",
            "cannot be the name of a schedule");
    refuses({"--print", "cron", "shop", "blog", "--url", "postgres://h/shop"}, "",
            "takes one name");
    refuses({"--print", "windows"}, "", "--print");
    refuses({"--print", "cron", "--json", "--url", "postgres://h/shop"}, "",
            "cannot be combined with --json");
}
