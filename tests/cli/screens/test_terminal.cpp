#include "support/catch.hpp"
#include "support/program/terminal.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

/// Client programs whose pg_dump writes half a dump at once, and the rest only when `go` exists.
class SlowTools {
public:
    SlowTools() {
        const std::string bin = Cluster::shared().bin_dir();
        write_executable(tools_ / "pg_dump",
                         fmt::format("#!/bin/sh\n"
                                     "[ \"$1\" = --version ] && exec '{0}/pg_dump' --version\n"
                                     "'{0}/pg_dump' \"$@\" > '{1}/sql' || exit 1\n"
                                     "size=$(wc -c < '{1}/sql')\n"
                                     "head -c $((size / 2)) '{1}/sql'\n"
                                     "while ! [ -e '{1}/go' ]; do sleep 0.02; done\n"
                                     "tail -c +$((size / 2 + 1)) '{1}/sql'\n",
                                     bin, tools_.path().string()));
    }

    [[nodiscard]] std::string path() const { return tools_.path(); }

    void go_on() const { write_file(tools_ / "go", ""); }

private:
    TempDir tools_;
};

/// A database with data to copy.
class FilledDatabase : public TestDatabase {
public:
    FilledDatabase() {
        psql("create table \"the one and only table, whose long name fills narrow terminals\""
             " as select n, repeat('x', 500) from generate_series(1, 4000) n");
    }
};

std::vector<std::string> dump_words(const FilledDatabase& database, const SlowTools& tools,
                                    std::vector<std::string> more = {}) {
    std::vector<std::string> words{dbbackup_path(), "dump",       "--url", database.url(),
                                   "--bin-dir",     tools.path(), "--dir", "dumps"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// The longest line that was ever on the terminal.
std::size_t longest_line(const std::string& output) {
    std::size_t longest = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const bool is_start = output[i] == '\r' || output[i] == '\n';
        length = is_start ? 0 : length + 1;
        longest = std::max(longest, length);
    }
    return longest;
}

} // namespace

TEST_CASE("progress on a terminal is one line, updated in place and cleared at the end", "[slow]") {
    const FilledDatabase database;
    for (const std::size_t columns : {40U, 80U, 200U}) {
        INFO(columns);
        const SlowTools tools;
        const TempDir home;
        TerminalProgram program{dump_words(database, tools), {.directory = home.path()}, columns};
        REQUIRE(program.wait_for("\r\x1b[K"));
        REQUIRE(program.wait_for("/s"));
        const std::vector<std::string> during = screen_of(program.output(), columns);
        CHECK(during.size() == 1);
        CHECK(during.back().find("MiB") != std::string::npos);
        tools.go_on();
        CHECK(program.wait() == 0);
        CHECK(program.output().find("\r\x1b[K", 4) != std::string::npos);
        const std::string progress = program.output().substr(0, program.output().rfind("\r\x1b[K"));
        CHECK(progress.find('\n') == std::string::npos);
        // "\x1b[K" takes three bytes and no column.
        CHECK(longest_line(progress) < columns + 3);
        const std::vector<std::string> after = screen_of(program.output(), 1000);
        REQUIRE(after.size() == (columns < 80 ? 3 : 2));
        CHECK(after[0].starts_with("dumps/" + database.name() + "_"));
        CHECK(after[0].ends_with(".sql.gz"));
        CHECK(after[1].find("4,000 rows in 1") != std::string::npos);
    }
}

TEST_CASE("messages on a terminal do not mix with the progress line") {
    const FilledDatabase database;
    const SlowTools tools;
    const TempDir home;
    std::vector<std::string> words = dump_words(database, tools, {"-v"});
    words[3] += "&unknown=1";
    TerminalProgram program{words, {.directory = home.path()}, 200};
    REQUIRE(program.wait_for("/s"));
    tools.go_on();
    CHECK(program.wait() == 0);
    const std::vector<std::string> screen = screen_of(program.output(), 1000);
    CHECK(screen.size() == 4);
    CHECK(screen.front().starts_with("dbbackup: ignored in the URL"));
    CHECK(screen[1].starts_with("dbbackup: server "));
}

TEST_CASE("Ctrl-C on a terminal ends a dump with exit code 130 and leaves nothing behind",
          "[slow]") {
    const FilledDatabase database;
    const SlowTools tools;
    const TempDir home;
    TerminalProgram program{dump_words(database, tools), {.directory = home.path()}};
    REQUIRE(program.wait_for("/s"));
    program.type("\x03");
    CHECK(program.wait() == 130);
    CHECK(names_in(home / "dumps") == std::vector<std::string>{".gitignore"});
    const std::vector<std::string> screen = screen_of(program.output(), 200);
    REQUIRE_FALSE(screen.empty());
    CHECK(screen.back() == "interrupted: nothing is left of the dump");
    CHECK(program.output().find("ended by signal 2") != std::string::npos);
    CHECK(screen.back().find("MiB") == std::string::npos);
    CHECK(Cluster::shared().sessions_in(database.name()) == 0);
}

TEST_CASE("an error on a terminal replaces the progress line", "[slow]") {
    const FilledDatabase database;
    const SlowTools tools;
    const TempDir home;
    TerminalProgram program{dump_words(database, tools), {.directory = home.path()}};
    REQUIRE(program.wait_for("/s"));
    for (const auto& entry : std::filesystem::directory_iterator{tools.path()}) {
        if (entry.path().filename() == "sql") {
            std::filesystem::resize_file(entry.path(),
                                         0); // tail finds nothing: the dump is cut off
        }
    }
    tools.go_on();
    CHECK(program.wait() == 3);
    const std::vector<std::string> screen = screen_of(program.output(), 1000);
    REQUIRE_FALSE(screen.empty());
    CHECK(screen.front().starts_with("dbbackup: error: "));
    CHECK(names_in(home / "dumps") == std::vector<std::string>{".gitignore"});
}

TEST_CASE("options --no-progress and -q print no progress on a terminal", "[slow]") {
    const FilledDatabase database;
    for (const std::string flag : {"--no-progress", "-q", "--quiet"}) {
        INFO(flag);
        const SlowTools tools;
        const TempDir home;
        TerminalProgram program{dump_words(database, tools, {flag}), {.directory = home.path()}};
        ::usleep(500'000);
        tools.go_on();
        CHECK(program.wait() == 0);
        CHECK(program.output().find('\x1b') == std::string::npos);
        CHECK(screen_of(program.output(), 200).size() == (flag == "--no-progress" ? 2U : 1U));
    }
}

TEST_CASE("no escape codes and no progress line if stderr is not a terminal") {
    const FilledDatabase database;
    const SlowTools tools;
    const TempDir home;
    Program program{dump_words(database, tools, {"-v"}), {.directory = home.path()}};
    ::usleep(500'000);
    tools.go_on();
    const ProgramResult result = program.wait();
    CHECK(result.exit_code == 0);
    CHECK((result.out + result.err).find_first_of("\x1b\r") == std::string::npos);
    CHECK(result.err.find("MiB/s") == std::string::npos);
}

TEST_CASE("the object of --json does not mix with progress on a terminal", "[slow]") {
    const FilledDatabase database;
    const SlowTools tools;
    const TempDir home;
    // stdout goes to a file, as in `dbbackup dump --json > report`; stderr stays on the terminal.
    const std::vector<std::string> words = dump_words(database, tools, {"--json"});
    std::vector<std::string> shell{"/bin/sh", "-c", "exec \"$@\" > report", "sh"};
    shell.insert(shell.end(), words.begin(), words.end());
    TerminalProgram program{shell, {.directory = home.path()}};
    REQUIRE(program.wait_for("/s"));
    tools.go_on();
    CHECK(program.wait() == 0);
    CHECK(screen_of(program.output(), 80).empty());
    CHECK(read_file(home / "report").starts_with("{\n"));
}
