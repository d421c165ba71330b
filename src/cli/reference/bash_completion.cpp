#include "cli/reference/reference_text.hpp"

#include <dbbackup/cli/reference.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

/// As completions/dbbackup.bash.in expects it.
std::string kind_of(const OptionDescription& option) {
    switch (option.kind) {
    case ValueKind::none:
        return "";
    case ValueKind::text:
        return "text";
    case ValueKind::choice:
        return fmt::format("choice {}", fmt::join(option.choices, " "));
    case ValueKind::file:
        return "file";
    case ValueKind::directory:
        return "directory";
    case ValueKind::dump:
        return "dump";
    }
    return "";
}

/// A function that looks its arguments up in `branches`.
std::string function(std::string_view name, std::string_view subject, std::string_view branches) {
    return fmt::format("{}() {{\n    case {} in\n{}        *) return 1 ;;\n    esac\n}}\n", name,
                       subject, branches);
}

std::string branch(const std::vector<std::string>& patterns, std::string_view what) {
    return fmt::format("        {}) {} ;;\n", fmt::join(patterns, " | "), what);
}

std::string kind_branches(const std::string& command,
                          const std::vector<OptionDescription>& options) {
    std::string branches;
    for (const OptionDescription& option : options) {
        if (option.kind != ValueKind::none) {
            std::vector<std::string> patterns = names_of(option);
            for (std::string& pattern : patterns) {
                pattern.insert(0, command + ":");
            }
            branches += branch(patterns, "kind=" + shell_quoted(kind_of(option)));
        }
    }
    return branches;
}

std::string names_in(const std::vector<OptionDescription>& options) {
    std::string names;
    for (const OptionDescription& option : options) {
        for (const std::string& name : names_of(option)) {
            names += (names.empty() ? "" : " ") + name;
        }
    }
    return names;
}

std::string tables(const CommandDescription& program) {
    std::vector<std::string> commands;
    std::string find;
    std::string option_kinds = kind_branches("*", program.options);
    std::string argument_kinds;
    std::string options;
    std::string runners;
    for (const CommandDescription& command : program.commands) {
        const std::vector<std::string> names = names_of(command);
        commands.insert(commands.end(), names.begin(), names.end());
        find += branch(names, "command=" + command.name);
        option_kinds += kind_branches(command.name, command.options);
        if (!command.arguments.empty()) {
            argument_kinds +=
                branch({command.name}, "kind=" + shell_quoted(kind_of(command.arguments.front())));
        }
        options += branch({command.name}, "offers=" + shell_quoted(names_in(command.options)));
        if (runs_command(command.after_dashes)) {
            runners += branch({command.name}, "return 0");
        }
    }
    return function("_dbbackup_find_command", "$1", find) +
           function("_dbbackup_kind_of_option", "$1:$2", option_kinds) +
           function("_dbbackup_kind_of_argument", "$1", argument_kinds) +
           function("_dbbackup_options_of", "$1", options) +
           function("_dbbackup_runs_a_command", "$1", runners) +
           fmt::format("_dbbackup_commands='{}'\n_dbbackup_global_options='{}'\n",
                       fmt::join(commands, " "), names_in(program.options));
}

} // namespace

std::string to_bash_completion(const CommandDescription& program, std::string_view script) {
    return fill_in(script, "# @TABLES@\n", tables(program));
}

} // namespace dbbackup::cli
