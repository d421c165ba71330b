#include "cli/reference/command_help.hpp"

#include "cli/exit_code.hpp"
#include "cli/reference/reference_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

namespace dbbackup::cli {

namespace {

constexpr const char* k_help = "help";

/// The position of the command: after the options of the program, some of which take the next word.
std::vector<std::string>::iterator find_command_word(std::vector<std::string>& words,
                                                     const CommandDescription& program) {
    auto word = words.begin();
    while (word != words.end() && word->starts_with('-')) {
        const bool takes_next =
            std::ranges::any_of(program.options, [&](const OptionDescription& option) {
                return option.kind != ValueKind::none &&
                       std::ranges::count(names_of(option), *word) > 0;
            });
        word += takes_next && word + 1 != words.end() ? 2 : 1;
    }
    return word;
}

} // namespace

Command add_help_command(CLI::App& root) {
    std::vector<std::string> names;
    for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(app->get_name());
    }
    auto command = std::make_shared<std::string>();
    CLI::App* app = root.add_subcommand(k_help, "Show the help of a command");
    app->add_option("COMMAND", *command,
                    "The command (default: show the global options and the commands)")
        ->type_name(fmt::format("COMMAND:{{{}}}", fmt::join(names, ",")));
    return {.app = app, .run = [command](const Invocation&) { return k_exit_done; }};
}

std::vector<std::string> help_as_option(std::vector<std::string> words,
                                        const CommandDescription& program) {
    const auto command = find_command_word(words, program);
    const bool is_of_itself = command != words.end() && command + 1 != words.end() &&
                              (*(command + 1) == "--help" || *(command + 1) == "-h");
    if (command != words.end() && *command == k_help && !is_of_itself) {
        words.erase(command);
        words.emplace_back("--help");
    }
    return words;
}

} // namespace dbbackup::cli
