#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/temp_dir.hpp"

#include <cstdlib>

using namespace dbbackup::test;

namespace {

/// Compares with the golden file `name`; with DBBACKUP_TEST_REGENERATE, rewrites it instead.
void check_golden(const std::string& name, const std::vector<std::string>& words) {
    INFO(name);
    const ProgramResult result = run_dbbackup(words);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    const auto path = data_file("golden") / name;
    if (std::getenv("DBBACKUP_TEST_REGENERATE") != nullptr) {
        std::filesystem::create_directories(path.parent_path());
        write_file(path, result.out);
    }
    CHECK(result.out == read_file(path));
}

} // namespace

TEST_CASE("the help texts match the recorded ones") {
    check_golden("help.txt", {"--help"});
    check_golden("help_compare.txt", {"compare", "--help"});
    check_golden("help_dump.txt", {"dump", "--help"});
    check_golden("help_export.txt", {"export", "--help"});
    check_golden("help_guard.txt", {"guard", "--help"});
    check_golden("help_help.txt", {"help", "--help"});
    check_golden("help_history.txt", {"history", "--help"});
    check_golden("help_import.txt", {"import", "--help"});
    check_golden("help_list.txt", {"list", "-h"});
    check_golden("help_pin.txt", {"pin", "--help"});
    check_golden("help_prune.txt", {"prune", "--help"});
    check_golden("help_pull.txt", {"pull", "--help"});
    check_golden("help_push.txt", {"push", "--help"});
    check_golden("help_restore.txt", {"restore", "--help"});
    check_golden("help_schedule.txt", {"schedule", "--help"});
    check_golden("help_show.txt", {"show", "--help"});
    check_golden("help_unpin.txt", {"unpin", "--help"});
    check_golden("help_status.txt", {"status", "--help"});
    check_golden("help_verify.txt", {"verify", "--help"});
}

TEST_CASE("help needs no database, no directory and no valid configuration") {
    const TempDir home;
    write_file(home / ".env", "DATABASE_URL=\"open\n");
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--help", "dump"},
                                                  {"backup", "--help"},
                                                  {"dump", "-qh"},
                                                  {"list", "--dir", "/nonexistent", "--help"},
                                                  {"restore", "--clean", "--exact", "-h"},
                                                  {"--config", "/nonexistent", "show", "--help"}}) {
        const ProgramResult result = run_dbbackup(words, {.directory = home.path()});
        INFO(words.front());
        CHECK(result.exit_code == 0);
        CHECK(result.out.find("Options:") != std::string::npos);
        CHECK(result.err.empty());
    }
}

TEST_CASE("help as a command") {
    const TempDir home;
    write_file(home / ".env", "DATABASE_URL=\"open\n");
    const auto run = [&](const std::vector<std::string>& words) {
        return run_dbbackup(words, {.directory = home.path()});
    };
    for (const std::string command : {"dump", "backup", "restore", "list", "help"}) {
        INFO(command);
        const ProgramResult result = run({"help", command});
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        CHECK(result.out == run({command, "--help"}).out);
    }
    CHECK(run({"help"}).out == run({"--help"}).out);
    CHECK(run({"help"}).exit_code == 0);
    CHECK(run({"-q", "--dir", "help", "help", "list"}).out == run({"list", "--help"}).out);
    CHECK(run({"help", "dumpp"}).exit_code == 2);
    CHECK(run({"help", "dumpp"}).err.find("Did you mean dump?") != std::string::npos);
}

TEST_CASE("dbbackup without arguments prints help, and fails") {
    const ProgramResult result = run_dbbackup({});
    CHECK(result.exit_code == 2);
    CHECK(result.out == run_dbbackup({"--help"}).out);
    CHECK(result.err.empty());
}

TEST_CASE("option -h is not --host, and help does not hide errors") {
    const std::vector<std::vector<std::string>> wrong{
        {"dump", "-h", "localhost"},
        {"dump", "-hlocalhost"},
        {"dump", "-h", "localhost", "-U", "postgres", "shop"},
        {"restore", "-h", "localhost", "latest"},
        {"-h", "localhost"},
        {"list", "-h", "x"},
        {"dumpp", "--help"},
        {"dumpp", "-h"},
    };
    for (const auto& words : wrong) {
        INFO(words.front() << " " << words.at(1));
        const ProgramResult result = run_dbbackup(words);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.find("usage: dbbackup ") != std::string::npos);
    }
    CHECK(run_dbbackup({"-h", "dump"}).exit_code == 0);
}

TEST_CASE("the version") {
    const ProgramResult result = run_dbbackup({"--version"});
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with("dbbackup "));
    CHECK(result.out.ends_with("\n"));
    CHECK(run_dbbackup({"-V"}).out == result.out);
}
