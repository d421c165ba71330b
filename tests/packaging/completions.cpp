#include "packaging/completions.hpp"

#include "support/catch.hpp"
#include "support/program/program.hpp"

#include <dbbackup/cli/reference.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace dbbackup::test {

namespace {

/// Sorted, without duplicates; of `CANDIDATE\tDESCRIPTION` the candidate.
std::vector<std::string> candidates(const ProgramResult& result) {
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    std::vector<std::string> lines;
    std::istringstream text{result.out};
    for (std::string line; std::getline(text, line);) {
        line.resize(std::min(line.size(), line.find('\t')));
        if (!line.empty()) {
            lines.push_back(line);
        }
    }
    std::ranges::sort(lines);
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return lines;
}

} // namespace

std::filesystem::path project_file(const std::string& name) {
    const char* root = std::getenv("DBBACKUP_TEST_PROJECT");
    if (root == nullptr) {
        throw std::runtime_error("DBBACKUP_TEST_PROJECT is not set; run this by ctest");
    }
    return std::filesystem::path{root} / name;
}

bool is_installed(const std::string& program) {
    const bool found = std::filesystem::exists("/usr/bin/" + program);
    if (!found) {
        WARN(program << " is not installed: not tested");
    }
    return found;
}

cli::CommandDescription program_with_a_runner() {
    cli::CommandDescription program = cli::describe_program();
    cli::CommandDescription runner;
    runner.name = "run_it";
    runner.text = "It's: [a] \"runner\"";
    runner.after_dashes = cli::AfterDashes::command;
    program.commands.push_back(runner);
    return program;
}

CompletionScene::CompletionScene() {
    const cli::CommandDescription program = program_with_a_runner();
    const auto script = [](const char* name) {
        return read_file(project_file("completions") / name);
    };
    write_file(home_ / "dbbackup.bash",
               cli::to_bash_completion(program, script("dbbackup.bash.in")));
    write_file(home_ / "_dbbackup", cli::to_zsh_completion(program, script("_dbbackup.in")));
    write_file(home_ / "dbbackup.fish",
               cli::to_fish_completion(program, script("dbbackup.fish.in")));
    for (const char* name :
         {"dumps/shop_1.sql.gz", "dumps/shop_1.sql.gz.json", "dumps/shop_2.dump",
          "dumps/a b$(touch x).sql", "dumps/.shop_3.sql.gz.partial", "dumps/notes.txt",
          "other dumps/blog_1.sql.zst", "settings.toml", "k:b.toml"}) {
        std::filesystem::create_directories((home_ / name).parent_path());
        write_file(home_ / name, "");
    }
    std::filesystem::create_directory(home_ / "dumps/folder.sql");
}

std::map<std::string, std::string> CompletionScene::environment() const {
    return {{"HOME", directory()}, {"TERM", "dumb"}, {"XDG_CONFIG_HOME", directory() / "config"}};
}

std::vector<std::string> CompletionScene::bash(const std::vector<std::string>& words,
                                               const std::string& setting) const {
    std::vector<std::string> command = {"/usr/bin/bash", "--norc", "-c",
                                        setting + "\nsource ./dbbackup.bash\n"
                                                  "COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1))\n"
                                                  "_dbbackup\nprintf '%s\\n' \"${COMPREPLY[@]}\"",
                                        "bash"};
    command.insert(command.end(), words.begin(), words.end());
    return candidates(
        run_program(command, {.environment = environment(), .directory = directory()}));
}

std::vector<std::string> CompletionScene::zsh(const std::string& line) const {
    return candidates(run_program(
        {"/usr/bin/zsh", "-f", project_file("tests/support/zsh_complete"), directory(), line},
        {.environment = environment(),
         .directory = directory(),
         .timeout = std::chrono::seconds{30}}));
}

std::vector<std::string> CompletionScene::fish(const std::string& line) const {
    return candidates(run_program(
        {"/usr/bin/fish", "--no-config", "-c", "source dbbackup.fish; complete -C $argv[1]", line},
        {.environment = environment(), .directory = directory()}));
}

} // namespace dbbackup::test
