#include "cli/command_line/known_names.hpp"

#include "cli/reference/reference_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

/// "dump, export and guard"
std::string enumeration(std::vector<std::string> words) {
    const std::string last = words.back();
    words.pop_back();
    return words.empty() ? last : fmt::format("{} and {}", fmt::join(words, ", "), last);
}

} // namespace

const CommandDescription* find_command(const CommandDescription& program, const std::string& name) {
    const auto found =
        std::ranges::find_if(program.commands, [&](const CommandDescription& command) {
            return std::ranges::count(names_of(command), name) > 0;
        });
    return found == program.commands.end() ? nullptr : &*found;
}

std::vector<std::string> names_in(const std::vector<OptionDescription>& options) {
    std::vector<std::string> names;
    for (const OptionDescription& option : options) {
        const std::vector<std::string> some = names_of(option);
        names.insert(names.end(), some.begin(), some.end());
    }
    return names;
}

std::vector<std::string> long_names_in(const CommandDescription& program,
                                       const CommandDescription* command) {
    std::vector<std::string> names;
    if (command != nullptr) {
        names = names_in(command->options);
    }
    const std::vector<std::string> of_all = names_in(program.options);
    names.insert(names.end(), of_all.begin(), of_all.end());
    std::erase_if(names, [](const std::string& name) { return !name.starts_with("--"); });
    return names;
}

std::string commands_with(const std::string& option, const CommandDescription& program) {
    std::vector<std::string> commands;
    for (const CommandDescription& command : program.commands) {
        if (std::ranges::count(names_in(command.options), option) > 0) {
            commands.push_back(command.name);
        }
    }
    return commands.empty() ? ""
                            : fmt::format("{} is an option of {}.", option, enumeration(commands));
}

} // namespace dbbackup::cli
