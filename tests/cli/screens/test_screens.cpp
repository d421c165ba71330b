// What users see: on terminals of several widths, and in files and pipes.

#include "cli/terminal/text_width.hpp"
#include "support/program/terminal.hpp"
#include "support/scene/status_home.hpp"

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

using Words = std::vector<std::string>;

const std::string k_label = "before the migration of all customers to their new addresses";

/// Dumps, one of which is older than all others and one has a problem.
struct Scene : StatusHome {
    Scene() {
        add(1h);
        add(30h, [](store::Manifest& manifest) { manifest.dump.label = k_label; });
        add(60h, [](store::Manifest& manifest) {
            manifest.file.size = 999;
            manifest.pinned = true;
        });
        write_file(file(name(60h)), "too short"); // its size differs from its manifest
    }

    [[nodiscard]] ProgramOptions
    options(std::map<std::string, std::string> environment = {}) const {
        return {.environment = std::move(environment), .directory = home()};
    }

    /// Everything that `words` writes to a terminal of that width.
    [[nodiscard]] std::string
    on_terminal(Words words, std::size_t columns,
                std::map<std::string, std::string> environment = {}) const {
        words.insert(words.begin(), dbbackup_path());
        TerminalProgram program{words, options(std::move(environment)), columns};
        (void)program.wait();
        return program.output();
    }

    [[nodiscard]] std::string in_pipe(const Words& words,
                                      std::map<std::string, std::string> environment = {}) const {
        const ProgramResult result = run_dbbackup(words, options(std::move(environment)));
        return result.out + result.err;
    }
};

std::vector<std::string> lines_of(const std::string& output) {
    std::vector<std::string> lines;
    std::string line;
    for (const char c : without_colours(output)) {
        if (c == '\n') {
            // Without the progress shown before.
            const std::size_t erased = line.rfind("\x1b[K");
            lines.push_back(erased == std::string::npos ? line : line.substr(erased + 3));
            line.clear();
        } else if (c != '\r') {
            line += c;
        }
    }
    return lines;
}

/// Whether no line is wider than the terminal, except for a single word or a command to paste.
void check_width(const std::string& output, std::size_t columns) {
    for (const std::string& line : lines_of(output)) {
        INFO(columns << ": " << line);
        const std::string text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
        const bool is_whole = contains(line, "    dbbackup ") || !contains(text, " ");
        CHECK((cli::width_of(line) <= columns || is_whole));
    }
}

bool has_escapes(const std::string& output) {
    return contains(output, "\x1b");
}

const std::vector<Words> k_commands{{"list"},
                                    {"status"},
                                    {"prune", "--keep-last", "1", "--dry-run"},
                                    {"show", "latest"},
                                    {"verify", "--all"},
                                    {"dumpp"},
                                    {"rm"},
                                    {"restore", "--yes"},
                                    {"list", "--dir", "nowhere"}};

} // namespace

TEST_CASE("no line exceeds the terminal's width, and dump names are never cut", "[slow]") {
    const Scene scene;
    for (const std::size_t columns : {40U, 80U, 200U}) {
        for (const Words& words : k_commands) {
            INFO(words.front());
            check_width(scene.on_terminal(words, columns), columns);
        }
        for (const auto age : {1h, 30h, 60h}) {
            for (const Words& words : {k_commands[0], k_commands[2]}) {
                CHECK(contains(scene.on_terminal(words, columns), StatusHome::name(age)));
            }
        }
    }
}

TEST_CASE("help fits the terminal's width, and 80 columns in a pipe", "[slow]") {
    const Scene scene;
    for (const std::string command : {"dump", "restore", "list", "show", "verify", "prune", "pin",
                                      "unpin", "guard", "status", "help"}) {
        INFO(command);
        for (const std::size_t columns : {40U, 80U, 200U}) {
            check_width(scene.on_terminal({command, "--help"}, columns), columns);
        }
        check_width(scene.in_pipe({command, "--help"}), 80);
        CHECK(scene.in_pipe({command, "--help"}) == scene.in_pipe({"help", command}));
    }
    INFO("where two columns have no room, the text goes below");
    CHECK(contains(scene.on_terminal({"list", "--help"}, 40),
                   "  --label TEXT\r\n      Only dumps with this label\r\n"));
    CHECK_FALSE(contains(scene.on_terminal({"list", "--help"}, 60), "  --label TEXT\r\n"));
    CHECK(lines_of(scene.on_terminal({"--help"}, 200)).size() <
          lines_of(scene.on_terminal({"--help"}, 80)).size());
}

TEST_CASE("a wide terminal shows every column, a narrow one the most important ones") {
    const Scene scene;
    const std::string wide = scene.on_terminal({"list"}, 200);
    CHECK(contains(wide, "ROWS"));
    CHECK(contains(wide, k_label));
    const std::string narrow = scene.on_terminal({"list"}, 80);
    CHECK(contains(narrow, "STATE"));
    CHECK_FALSE(contains(narrow, k_label));
    CHECK(contains(narrow, "…"));
}

TEST_CASE("nothing is cut, wrapped or coloured in a pipe") {
    const Scene scene;
    for (const Words& words : k_commands) {
        INFO(words.front());
        const std::string text = scene.in_pipe(words, {{"TERM", "xterm"}});
        CHECK_FALSE(has_escapes(text));
        CHECK_FALSE(contains(text, "…"));
    }
    CHECK(contains(scene.in_pipe({"list"}), k_label));
    CHECK(contains(scene.in_pipe({"rm"}),
                   "hint: No command deletes a single dump. prune deletes the dumps that no rule "
                   "keeps, except pinned ones. To see what it would delete: dbbackup prune "
                   "--keep-last 7 --dry-run\n"));
}

TEST_CASE("colours mark problems, on a terminal that supports them") {
    const Scene scene;
    CHECK(contains(scene.on_terminal({"list"}, 200), "\x1b[1;31m! "));
    CHECK(contains(scene.on_terminal({"dumpp"}, 80), "\x1b[1;31merror:\x1b[0m"));
    CHECK(contains(scene.on_terminal({"status", "--max-age", "1m"}, 80),
                   "\x1b[1;31mnot healthy\x1b[0m"));
    CHECK(contains(scene.on_terminal({"verify", "--all"}, 200), "\x1b[1;31mDAMAGED\x1b[0m"));
    CHECK_FALSE(has_escapes(scene.on_terminal({"list", "--json"}, 80)));
    CHECK_FALSE(has_escapes(scene.on_terminal({"status", "--prometheus"}, 80)));
    for (const Words& words : k_commands) {
        INFO(words.front());
        CHECK_FALSE(has_escapes(scene.on_terminal(words, 80, {{"NO_COLOR", "1"}})));
        CHECK_FALSE(has_escapes(scene.on_terminal(words, 80, {{"TERM", "dumb"}})));
        CHECK_FALSE(has_escapes(scene.on_terminal(words, 80, {{"TERM", ""}})));
        CHECK(without_colours(scene.on_terminal({"dumpp"}, 80)) ==
              scene.on_terminal({"dumpp"}, 80, {{"NO_COLOR", "1"}}));
    }
    CHECK(has_escapes(scene.on_terminal({"dumpp"}, 80, {{"NO_COLOR", ""}})));
}

TEST_CASE("stdout and stderr are formatted separately") {
    const Scene scene;
    const auto shell = [&](const std::string& command) {
        TerminalProgram program{{"/bin/sh", "-c", command, dbbackup_path()}, scene.options(), 60};
        (void)program.wait();
        return program.output();
    };
    CHECK_FALSE(has_escapes(shell("\"$0\" list | cat")));
    CHECK(contains(shell("\"$0\" list | cat"), k_label));
    CHECK(has_escapes(shell("\"$0\" dumpp | cat")));
    CHECK(has_escapes(shell("\"$0\" list 2> /dev/null")));
    CHECK_FALSE(has_escapes(shell("\"$0\" dumpp 2>&1 | cat")));
}

TEST_CASE("JSON and metrics are never wrapped on a terminal") {
    const Scene scene;
    for (const Words& words : {Words{"list", "--json"}, Words{"show", "--json"}}) {
        std::string output = scene.on_terminal(words, 40);
        std::erase(output, '\r');
        CHECK(nlohmann::json::accept(output));
        CHECK(lines_of(output).size() == lines_of(scene.in_pipe(words)).size());
    }
    CHECK(lines_of(scene.on_terminal({"status", "--prometheus"}, 40)).size() ==
          lines_of(scene.in_pipe({"status", "--prometheus"})).size());
}

TEST_CASE("data cannot inject colours") {
    const StatusHome home;
    home.add(1h, [](store::Manifest& manifest) {
        manifest.dump.label = "a\x1b[31mb";
        manifest.database.name = "shop";
    });
    TerminalProgram program{{dbbackup_path(), "list"}, {.directory = home.home()}, 200};
    CHECK(program.wait() == 0);
    CHECK(contains(program.output(), "a\\x1B[31mb"));
    CHECK_FALSE(has_escapes(program.output()));
}
