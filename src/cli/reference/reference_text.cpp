#include "cli/reference/reference_text.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

std::string fill_in(std::string_view text, std::string_view place, std::string_view content) {
    const std::size_t found = text.find(place);
    if (found == std::string_view::npos) {
        throw base::Error{base::ErrorKind::failed, fmt::format("there is no place {}", place), ""};
    }
    return fmt::format("{}{}{}", text.substr(0, found), content, text.substr(found + place.size()));
}

std::vector<std::string> names_of(const CommandDescription& command) {
    std::vector<std::string> names = {command.name};
    names.insert(names.end(), command.aliases.begin(), command.aliases.end());
    return names;
}

std::vector<std::string> names_of(const OptionDescription& option) {
    std::vector<std::string> names = option.short_names;
    names.insert(names.end(), option.long_names.begin(), option.long_names.end());
    return names;
}

std::string usage_line(const CommandDescription& program) {
    return program.name + " [OPTIONS] COMMAND";
}

std::string usage_line(const CommandDescription& program, const CommandDescription& command) {
    std::string usage = fmt::format("{} {} [OPTIONS]", program.name, command.name);
    for (const OptionDescription& argument : command.arguments) {
        const std::string name = argument.value_name + (argument.repeatable ? "..." : "");
        usage += argument.required ? " " + name : fmt::format(" [{}]", name);
    }
    switch (command.after_dashes) {
    case AfterDashes::nothing:
        break;
    case AfterDashes::pg_dump_options:
        usage += " [-- PG_DUMP_OPTIONS]";
        break;
    case AfterDashes::command:
        usage += " -- COMMAND [ARGUMENT...]";
        break;
    case AfterDashes::optional_command:
        usage += " [-- COMMAND [ARGUMENT...]]";
        break;
    }
    return usage;
}

std::string shell_quoted(std::string_view word) {
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? "'\\''" : std::string{c};
    }
    return quoted + "'";
}

} // namespace dbbackup::cli
