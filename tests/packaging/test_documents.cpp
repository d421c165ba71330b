#include "packaging/completions.hpp"
#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

bool has_option(const cli::CommandDescription& command, const std::string& name) {
    return std::ranges::any_of(command.options, [&](const cli::OptionDescription& option) {
        return std::ranges::count(option.short_names, name) +
                   std::ranges::count(option.long_names, name) >
               0;
    });
}

/// The words of one command in `line`, after "dbbackup ", as far as they are dbbackup's.
std::vector<std::string> words_behind(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream text{std::regex_replace(line, std::regex{R"('[^']*'|"[^"]*")"}, "QUOTED")};
    for (std::string word; text >> word;) {
        if (word == "--" || word.find_first_of("#|>&;\\") != std::string::npos) {
            break;
        }
        words.push_back(std::regex_replace(word, std::regex{"[\"'`,:)].*|=.*"}, ""));
    }
    return words;
}

/// The words are an existing command with its own options.
void check_words(const cli::CommandDescription& program, const std::vector<std::string>& words) {
    const cli::CommandDescription* command = nullptr;
    for (const std::string& word : words) {
        const auto found = std::ranges::find_if(program.commands, [&](const auto& candidate) {
            return candidate.name == word || std::ranges::count(candidate.aliases, word) > 0;
        });
        if (command == nullptr && found != program.commands.end()) {
            command = &*found;
        } else if (word.starts_with("-")) {
            INFO(word);
            CHECK(
                (has_option(program, word) || (command != nullptr && has_option(*command, word))));
        }
    }
    CHECK((command != nullptr || has_option(program, words.front())));
}

/// The number of dbbackup's command lines in `lines`, all of which are checked.
int check_lines(const std::vector<std::string>& lines) {
    const cli::CommandDescription program = cli::describe_program();
    static const std::regex k_program{"(^|[ \"=(/])dbbackup (?=[a-z-])"};
    int count = 0;
    for (const std::string& line : lines) {
        const auto end = std::sregex_iterator{};
        for (auto found = std::sregex_iterator{line.begin(), line.end(), k_program}; found != end;
             ++found) {
            INFO(line);
            const std::vector<std::string> words = words_behind(found->suffix());
            REQUIRE(!words.empty());
            check_words(program, words);
            ++count;
        }
    }
    return count;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// The text between lines of ``` that is not a program's output.
std::vector<std::string> code_of(const std::string& markdown) {
    std::vector<std::string> code;
    bool inside = false;
    bool is_console = false;
    for (const std::string& line : lines_of(markdown)) {
        const std::size_t indent = line.find_first_not_of(' ');
        if (indent != std::string::npos && line.compare(indent, 3, "```") == 0) {
            inside = !inside;
            is_console = line.find("```console") != std::string::npos;
        } else if (inside && (!is_console || line.find("$ ") != std::string::npos)) {
            code.push_back(line);
        }
    }
    return code;
}

/// All documents for users: at the top, and below docs.
std::vector<std::filesystem::path> markdown_pages(const std::filesystem::path& project) {
    std::vector<std::filesystem::path> pages;
    const auto take = [&pages](const std::filesystem::directory_entry& entry) {
        if (entry.path().extension() == ".md") {
            pages.push_back(entry.path());
        }
    };
    for (const auto& entry : std::filesystem::directory_iterator{project}) {
        take(entry);
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator{project / "docs"}) {
        take(entry);
    }
    return pages;
}

/// Without code blocks and the words in backticks.
std::string without_code(const std::string& page) {
    std::string text;
    bool in_code = false;
    for (const std::string& line : lines_of(page)) {
        if (line.starts_with("```")) {
            in_code = !in_code;
        } else if (!in_code) {
            text += std::regex_replace(line, std::regex{"`[^`]*`"}, "`code`") + "\n";
        }
    }
    return text;
}

/// Anchors of the headings, as on GitHub: lower case, a dash for each space, no punctuation.
std::set<std::string> anchors_of(const std::string& page) {
    std::set<std::string> anchors;
    bool in_code = false;
    for (const std::string& line : lines_of(page)) {
        in_code = in_code != line.starts_with("```");
        if (in_code || !line.starts_with("#")) {
            continue;
        }
        std::string anchor;
        for (const char c : line.substr(line.find_first_not_of("# "))) {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') {
                anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            } else if (c == ' ') {
                anchor += '-';
            }
        }
        anchors.insert(anchor);
    }
    return anchors;
}

} // namespace

TEST_CASE("command lines in the documentation are valid") {
    for (const auto& [name, count] : {std::pair{"docs/cookbook.md", 12},
                                      {"README.md", 10},
                                      {"docs/quarterly-drill.md", 2},
                                      {"docs/manual.md", 20},
                                      {"docs/manual/choosing-a-dump.md", 4},
                                      {"docs/manual/connecting.md", 2},
                                      {"docs/manual/dump.md", 14},
                                      {"docs/manual/guard.md", 2},
                                      {"docs/manual/list-and-show.md", 3},
                                      {"docs/manual/pin.md", 4},
                                      {"docs/manual/prune.md", 4},
                                      {"docs/manual/restore.md", 15},
                                      {"docs/manual/status.md", 1},
                                      {"docs/manual/verify.md", 5}}) {
        INFO(name);
        CHECK(check_lines(code_of(read_file(project_file(name)))) >= count);
    }
    CHECK(check_lines(lines_of(read_file(project_file("docs/examples/github-actions.yml")))) >= 2);
    // The page's examples, with dashes as in roff.
    const std::string page = std::regex_replace(read_file(project_file("docs/man/dbbackup.1.in")),
                                                std::regex{R"(\\-)"}, "-");
    const std::string examples = page.substr(page.find(".SH EXAMPLES"));
    CHECK(check_lines(lines_of(examples.substr(0, examples.find(".SH SECURITY")))) >= 8);
}

TEST_CASE("links in the documentation lead somewhere") {
    static const std::regex k_link{R"(\]\(([^)#:\s]*)(#[^)]*)?\))"};
    const std::filesystem::path project = project_file("");
    int links = 0;
    for (const std::filesystem::path& page : markdown_pages(project)) {
        const std::string text = without_code(read_file(page));
        for (auto found = std::sregex_iterator{text.begin(), text.end(), k_link};
             found != std::sregex_iterator{}; ++found) {
            INFO(page.lexically_relative(project).string() << ": " << found->str());
            const auto target = found->str(1).empty() ? page : page.parent_path() / found->str(1);
            REQUIRE(std::filesystem::exists(target));
            if (found->length(2) != 0) {
                CHECK(anchors_of(read_file(target)).contains(found->str(2).substr(1)));
            }
            ++links;
        }
    }
    CHECK(links > 300);
}

TEST_CASE("the example workflow is valid YAML") {
    if (run_program({"/bin/sh", "-c", "python3 -c 'import yaml'"}).exit_code != 0) {
        WARN("python3 with yaml is not installed: not tested");
        return;
    }
    const ProgramResult result =
        run_program({"/usr/bin/env", "python3", "-c",
                     "import sys, yaml; print(list(yaml.safe_load(open(sys.argv[1]))['jobs']))",
                     project_file("docs/examples/github-actions.yml")});
    INFO(result.err);
    CHECK(result.out == "['backup']\n");
}
