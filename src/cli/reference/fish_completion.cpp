#include "cli/reference/reference_text.hpp"

#include <dbbackup/cli/reference.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

/// `word` in single quotes, where fish reads backslash escapes.
std::string single_quoted(std::string_view word) {
    std::string result = "'";
    for (const char c : word) {
        if (c == '\'' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result + "'";
}

std::string value_of(const OptionDescription& option) {
    switch (option.kind) {
    case ValueKind::none:
        return "";
    case ValueKind::text:
        return " -x";
    case ValueKind::choice:
        return " -x -a " + single_quoted(fmt::format("{}", fmt::join(option.choices, " ")));
    case ValueKind::file:
        return " -r -F";
    case ValueKind::directory:
        return " -x -a '(__fish_complete_directories)'";
    case ValueKind::dump:
        return " -x -a '(__dbbackup_dumps)'";
    }
    return "";
}

/// `complete`, if `condition` (a command, or empty) is true.
std::string complete(std::string_view condition) {
    return condition.empty() ? "complete -c dbbackup"
                             : "complete -c dbbackup -n " + single_quoted(condition);
}

std::string completion_of(std::string_view condition, const OptionDescription& option) {
    std::string line = complete(condition);
    for (const std::string& name : option.short_names) {
        line += " -s " + name.substr(1);
    }
    for (const std::string& name : option.long_names) {
        line += " -l " + name.substr(2);
    }
    return line + value_of(option) + " -d " + single_quoted(option.text) + "\n";
}

std::string completions_of(const CommandDescription& command) {
    std::string lines;
    for (const std::string& name : names_of(command)) {
        lines += complete("__dbbackup_without_command") + " -a " + name + " -d " +
                 single_quoted(command.text) + "\n";
    }
    const std::string here = "__dbbackup_at " + command.name;
    for (const OptionDescription& option : command.options) {
        lines += completion_of(here, option);
    }
    if (!command.arguments.empty()) {
        lines += completion_of(here, command.arguments.front());
    }
    if (runs_command(command.after_dashes)) {
        lines += complete("__dbbackup_behind_dashes " + command.name) +
                 " -x -a '(__dbbackup_other_command)'\n";
    }
    return lines;
}

std::string tables(const CommandDescription& program) {
    std::string names;
    std::string values;
    std::string lines;
    for (const CommandDescription& command : program.commands) {
        names += fmt::format("        case {}\n            echo {}\n",
                             fmt::join(names_of(command), " "), command.name);
        lines += completions_of(command);
    }
    for (const OptionDescription& option : program.options) {
        if (option.kind != ValueKind::none) {
            values +=
                fmt::format("{}{}", values.empty() ? "" : " ", fmt::join(names_of(option), " "));
        }
        lines += completion_of("", option);
    }
    return fmt::format("function __dbbackup_name_of\n    switch $argv[1]\n{}    end\nend\n\n"
                       "function __dbbackup_takes_value\n    contains -- $argv[1] {}\nend\n\n"
                       "complete -c dbbackup -f\n{}",
                       names, values, lines);
}

} // namespace

std::string to_fish_completion(const CommandDescription& program, std::string_view script) {
    return fill_in(script, "# @TABLES@\n", tables(program));
}

} // namespace dbbackup::cli
