#include "cli/reference/reference_text.hpp"

#include <dbbackup/cli/reference.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

/// `text` with a backslash before each of `special`, as _arguments and _describe expect it.
std::string escaped(std::string_view text, std::string_view special) {
    std::string result;
    for (const char c : text) {
        if (c == '\\' || special.find(c) != std::string_view::npos) {
            result += '\\';
        }
        result += c;
    }
    return result;
}

std::string action_of(const OptionDescription& option) {
    switch (option.kind) {
    case ValueKind::none:
    case ValueKind::text:
        return " "; // nothing to offer
    case ValueKind::choice:
        return fmt::format("({})", fmt::join(option.choices, " "));
    case ValueKind::file:
        return "_files";
    case ValueKind::directory:
        return "_files -/";
    case ValueKind::dump:
        return "_dbbackup_dumps";
    }
    return " ";
}

/// The part of a specification after the name.
std::string value_of(const OptionDescription& option) {
    return option.kind == ValueKind::none
               ? ""
               : fmt::format(":{}:{}", escaped(option.value_name, ":"), action_of(option));
}

/// One specification per name; each excludes the other names, unless the option can be repeated.
std::string specifications_of(const OptionDescription& option) {
    std::vector<std::string> excluded = names_of(option);
    excluded.insert(excluded.end(), option.excludes.begin(), option.excludes.end());
    std::string specifications;
    for (const std::string& name : names_of(option)) {
        const std::string_view value_mark = option.kind == ValueKind::none ? ""
                                            : name.starts_with("--")       ? "="
                                                                           : "+";
        specifications +=
            "        " +
            shell_quoted(
                fmt::format("{}{}{}[{}]{}",
                            option.repeatable ? "*" : fmt::format("({})", fmt::join(excluded, " ")),
                            name, value_mark, escaped(option.text, "[]"), value_of(option))) +
            "\n";
    }
    return specifications;
}

std::string specifications_of(const std::vector<OptionDescription>& options) {
    std::string specifications;
    for (const OptionDescription& option : options) {
        specifications += specifications_of(option);
    }
    return specifications;
}

/// The command itself is the first argument.
std::string arguments_of(const CommandDescription& command) {
    std::string specifications;
    std::size_t place = 2;
    for (const OptionDescription& argument : command.arguments) {
        const std::string where = argument.repeatable ? "*" : fmt::format("{}", place++);
        specifications += "        " + shell_quoted(where + value_of(argument)) + "\n";
    }
    return specifications;
}

std::string tables(const CommandDescription& program) {
    std::string find;
    std::string values;
    std::string list;
    std::string specifications;
    std::string runners;
    for (const OptionDescription& option : program.options) {
        if (option.kind != ValueKind::none) {
            values += fmt::format("    ({}) return 0 ;;\n", fmt::join(names_of(option), "|"));
        }
    }
    for (const CommandDescription& command : program.commands) {
        find += fmt::format("    ({}) command={} ;;\n", fmt::join(names_of(command), "|"),
                            command.name);
        for (const std::string& name : names_of(command)) {
            list += "        " + shell_quoted(name + ":" + escaped(command.text, ":")) + "\n";
        }
        specifications += fmt::format("    ({}) specifications+=(\n{}{}    ) ;;\n", command.name,
                                      specifications_of(command.options), arguments_of(command));
        if (runs_command(command.after_dashes)) {
            runners += fmt::format("    ({}) return 0 ;;\n", command.name);
        }
    }
    return fmt::format(
        "_dbbackup_find_command() {{\n    case $1 in\n{}    esac\n}}\n"
        "_dbbackup_takes_value() {{\n    case $1 in\n{}    esac\n    return 1\n}}\n"
        "_dbbackup_runs_a_command() {{\n    case $1 in\n{}    esac\n    return 1\n}}\n"
        "_dbbackup_commands() {{\n    local -a commands=(\n{}    )\n"
        "    _describe -t commands command commands\n}}\n"
        "_dbbackup_specifications() {{\n    specifications=(\n{}    )\n"
        "    case $1 in\n{}    esac\n}}\n",
        find, values, runners, list, specifications_of(program.options), specifications);
}

} // namespace

std::string to_zsh_completion(const CommandDescription& program, std::string_view script) {
    return fill_in(script, "# @TABLES@\n", tables(program));
}

} // namespace dbbackup::cli
