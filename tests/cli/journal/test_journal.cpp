// The journal in the dump directory, and `history`, which shows it.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/scene/settings_place.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

constexpr const char* k_journal = ".journal.jsonl";

std::vector<std::string> lines_of(const SampleDirectory& dumps) {
    std::vector<std::string> lines;
    std::istringstream text{read_file(dumps / k_journal)};
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    return lines;
}

nlohmann::json last_of(const SampleDirectory& dumps) {
    return nlohmann::json::parse(lines_of(dumps).back());
}

bool has_journal(const SampleDirectory& dumps) {
    return std::filesystem::exists(dumps / k_journal);
}

std::string line(const std::string& time, const std::string& command, int exit_code,
                 const std::string& more = {}) {
    return fmt::format(R"({{"time":"{}","command":"{}","exit_code":{},"seconds":1.5{}}})", time,
                       command, exit_code, more) +
           "\n";
}

} // namespace

TEST_CASE("the journal has a line for each command that changes or proves something") {
    const SampleDirectory dumps;
    const std::string name = dumps.add_days(1).front();
    CHECK(dumps.run({"pin", "latest", "--reason", "before 2.4"}).exit_code == 0);
    const auto pinned = last_of(dumps);
    CHECK(pinned.at("command") == "pin");
    CHECK(pinned.at("dump") == name);
    CHECK(pinned.at("exit_code") == 0);
    CHECK(pinned.at("result") == "ok");
    CHECK(pinned.at("reason") == "before 2.4");
    CHECK(pinned.contains("user"));
    CHECK(pinned.at("time").get<std::string>().starts_with("20"));
    CHECK(dumps.run({"verify", "--all"}).exit_code == 0);
    CHECK(last_of(dumps).at("command") == "verify");
    CHECK(last_of(dumps).at("bytes") > 0);
    CHECK(dumps.run({"prune", "--keep-last", "1"}).exit_code == 0);
    CHECK(last_of(dumps).at("dumps") == 0);
    CHECK(lines_of(dumps).size() == 3);
    struct stat status {};

    REQUIRE(::stat((dumps / k_journal).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600);
}

TEST_CASE("commands that only read, and dry runs, are not in the journal") {
    const SampleDirectory dumps;
    (void)dumps.add_days(3);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"list"},
                                                  {"show", "latest"},
                                                  {"status"},
                                                  {"history"},
                                                  {"prune", "--keep-last", "1", "--dry-run"},
                                                  {"pin", "--help"}}) {
        (void)dumps.run(words);
        INFO(words.front());
        CHECK_FALSE(has_journal(dumps));
    }
    CHECK(dumps.dumps().size() == 3);
}

TEST_CASE("what fails early is in the journal too, without passwords") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    CHECK(dumps.run({"dump", "--bogus"}).exit_code == 2);
    CHECK(last_of(dumps).at("kind") == "usage");
    CHECK(dumps.run({"dump"}).exit_code == 2);
    CHECK(last_of(dumps).at("message") == "no database is named");
    CHECK(dumps.run({"dump", "--url", "postgres://ann:gehe1m@127.0.0.1:1/shop"}).exit_code == 1);
    const auto failed = last_of(dumps);
    CHECK(failed.at("target") ==
          nlohmann::json({{"host", "127.0.0.1"}, {"port", 1}, {"database", "shop"}}));
    CHECK(failed.at("result") == "failed");
    CHECK(dumps.run({"pin", "postgres://ann:gehe1m@db/shop"}).exit_code == 2);
    write_file(dumps.home() / "dbbackup.toml", "[dump\n");
    CHECK(dumps.run({"prune", "--keep-last", "1"}).exit_code == 2);
    CHECK(lines_of(dumps).size() == 5);
    CHECK(read_file(dumps / k_journal).find("gehe1m") == std::string::npos);
}

TEST_CASE("a reason is short and no URL") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const ProgramResult url =
        dumps.run({"pin", "latest", "--reason", "from postgres://u:gehe1m@h/d"});
    CHECK(url.exit_code == 2);
    CHECK(dumps.run({"pin", "latest", "--reason", std::string(1001, 'x')}).exit_code == 2);
    CHECK(read_file(dumps / k_journal).find("gehe1m") == std::string::npos);
    CHECK_FALSE(last_of(dumps).contains("reason"));
    // A reason cannot forge a line, nor reach the terminal raw.
    CHECK(dumps.run({"pin", "latest", "--reason", "a\n{\x1b[2J"}).exit_code == 0);
    CHECK(lines_of(dumps).size() == 3);
    CHECK(dumps.run({"history"}).out.find('\x1b') == std::string::npos);
}

TEST_CASE("no directory is made for the journal") {
    const TempDir home;
    CHECK(run_dbbackup({"dump"}, {.directory = home.path()}).exit_code == 2);
    CHECK(names_in(home.path()).empty());
}

TEST_CASE("a journal that cannot be written or trusted is a warning") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const auto journal = dumps / k_journal;
    const auto check_warned = [&] {
        const ProgramResult result = dumps.run({"pin", "latest"});
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(result.err.find("warning: the journal cannot be written: ") != std::string::npos);
    };
    write_file(dumps.home() / "elsewhere", "");
    SECTION("a link") {
        std::filesystem::create_symlink(dumps.home() / "elsewhere", journal);
        check_warned();
        CHECK(read_file(dumps.home() / "elsewhere").empty());
    }
    SECTION("another name") {
        std::filesystem::create_hard_link(dumps.home() / "elsewhere", journal);
        check_warned();
        CHECK(read_file(dumps.home() / "elsewhere").empty());
    }
    SECTION("a FIFO") {
        REQUIRE(::mkfifo(journal.c_str(), 0600) == 0);
        check_warned();
    }
    SECTION("a directory") {
        std::filesystem::create_directory(journal);
        check_warned();
    }
    SECTION("another kind of file") {
        write_file(journal, "precious\n");
        check_warned();
        CHECK(read_file(journal) == "precious\n");
    }
    SECTION("a stranger's") {
        if (::geteuid() != 0) {
            return;
        }
        const std::string planted = line("2026-11-20T03:15:00.000Z", "dump", 0);
        write_file(journal, planted);
        give(journal, k_stranger, k_stranger);
        check_warned();
        CHECK(read_file(journal) == planted);
        const ProgramResult history = dumps.run({"history"});
        CHECK(history.out.starts_with("No such run"));
        CHECK(history.err.find("belongs to") != std::string::npos);
    }
}

TEST_CASE("the journal is no dump and no leftover") {
    const SampleDirectory dumps;
    (void)dumps.add_days(2);
    write_file(dumps / k_journal, line("2026-11-20T03:15:00.000Z", "dump", 0));
    write_file(dumps / ".journal.jsonl.1", line("2026-11-20T03:15:00.000Z", "dump", 0));
    for (const char* old : {k_journal, ".journal.jsonl.1"}) {
        dumps.age(old, std::chrono::hours{1000});
    }
    CHECK(dumps.run({"list"}).out.find("journal") == std::string::npos);
    CHECK(dumps.run({"prune", "--keep-last", "1", "--dry-run"}).out.find("journal") ==
          std::string::npos);
    CHECK(dumps.run({"prune", "--keep-last", "1"}).exit_code == 0);
    CHECK(lines_of(dumps).size() == 2);
    CHECK(std::filesystem::exists(dumps / ".journal.jsonl.1"));
}

TEST_CASE("writers at the same time write whole lines") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    std::vector<std::unique_ptr<Program>> runs;
    for (int i = 0; i < 8; ++i) {
        std::vector<std::string> words =
            dumps.words({"pin", "latest", "--reason", std::string(900, 'a')});
        runs.push_back(std::make_unique<Program>(words, ProgramOptions{.directory = dumps.home()}));
    }
    for (const auto& run : runs) {
        CHECK(run->wait().exit_code == 0);
    }
    const auto lines = lines_of(dumps);
    CHECK(lines.size() == runs.size());
    for (const std::string& each : lines) {
        CHECK(nlohmann::json::parse(each).at("command") == "pin");
    }
}

TEST_CASE("history tells of a line that cannot be read, and goes on") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    std::string cut = line("2026-11-20T03:15:00.000Z", "dump", 0);
    cut.resize(40);
    write_file(dumps / k_journal, line("2026-11-19T03:15:00.000Z", "dump", 0) + cut);
    CHECK(dumps.run({"pin", "latest"}).exit_code == 0);
    const ProgramResult result = dumps.run({"history", "--json"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("warning: 1 line of the journal is unreadable") != std::string::npos);
    const auto report = nlohmann::json::parse(result.out);
    CHECK(report.at("unreadable_lines") == 1);
    REQUIRE(report.at("runs").size() == 2);
    CHECK(report.at("runs").at(0).at("command") == "pin");
    CHECK(report.at("runs").at(1).at("time") == "2026-11-19T03:15:00.000Z");
}

TEST_CASE("history shows what was asked for, newest first") {
    const SampleDirectory dumps;
    (void)dumps.add_days(1);
    const std::string shop = R"(,"target":{"database":"shop"})";
    write_file(dumps / ".journal.jsonl.1", line("2026-11-17T03:15:00.000Z", "guard", 1, shop));
    write_file(dumps / k_journal,
               line("2026-11-18T03:15:00.000Z", "dump", 0, shop) +
                   line("2026-11-19T03:15:00.000Z", "dump", 143, R"(,"kind":"interrupted")") +
                   line("2026-11-20T03:15:00.000Z", "restore", 5, shop + R"(,"kind":"refused")"));
    const auto commands = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "--json");
        words.insert(words.begin(), "history");
        const ProgramResult result = dumps.run(words);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        std::string found;
        const auto report = nlohmann::json::parse(result.out);
        for (const auto& run : report.at("runs")) {
            found += run.at("command").get<std::string>() + " ";
        }
        return found;
    };
    CHECK(commands({}) == "restore dump dump guard ");
    CHECK(commands({"--limit", "2"}) == "restore dump ");
    CHECK(commands({"--command", "dump"}) == "dump dump ");
    CHECK(commands({"--command", "dump", "--command", "guard"}) == "dump dump guard ");
    CHECK(commands({"--failed"}) == "restore dump guard ");
    CHECK(commands({"--database", "shop"}) == "restore dump guard ");
    CHECK(commands({"--since", "2026-11-19T00:00Z"}) == "restore dump ");
    CHECK(commands({"--before", "2026-11-18T00:00Z"}) == "guard ");
    const ProgramResult text = dumps.run({"history", "--limit", "3"});
    CHECK(text.out.find("refused (5)") != std::string::npos);
    CHECK(text.out.find("interrupted (143)") != std::string::npos);
    CHECK(text.out.find("There are more: --limit 0 shows all.") != std::string::npos);
    CHECK(dumps.run({"history", "--command", "list"}).exit_code == 2);
}

TEST_CASE("history without a journal") {
    const SampleDirectory dumps;
    const ProgramResult result = dumps.run({"history"});
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with("No such run is recorded in "));
    const TempDir home;
    CHECK(run_dbbackup({"history"}, {.directory = home.path()}).exit_code == 0);
    CHECK(run_dbbackup({"history", "--dir", "nosuch"}, {.directory = home.path()}).exit_code == 1);
}
