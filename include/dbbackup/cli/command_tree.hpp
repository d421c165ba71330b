#pragma once

#include <string>
#include <vector>

namespace dbbackup::cli {

/// What a command takes after `--`.
enum class AfterDashes {
    nothing,         ///< not allowed
    pg_dump_options, ///< options for pg_dump
    command,         ///< a command to run, with its arguments
    optional_command ///< the same, or nothing
};

[[nodiscard]] constexpr bool runs_command(AfterDashes after) {
    return after == AfterDashes::command || after == AfterDashes::optional_command;
}

/// The kind of value that an option or argument takes, for shell completion.
enum class ValueKind { none, text, choice, file, directory, dump };

/// An option, or a positional argument.
struct OptionDescription {
    std::vector<std::string> short_names; ///< with its dash: -F
    std::vector<std::string> long_names;  ///< with their dashes: --format
    ValueKind kind = ValueKind::none;
    std::string value_name;           ///< FORMAT; empty for a flag
    std::vector<std::string> choices; ///< the possible values, or beginnings of values
    std::string default_value;        ///< empty if there is none, or none to show
    std::string text;                 ///< what it does, one sentence without its full stop
    bool required = false;
    bool repeatable = false;
    std::vector<std::string> needs;    ///< names of options that it requires, sorted
    std::vector<std::string> excludes; ///< names of options that it conflicts with, sorted
};

/// A command, or the program with its commands.
struct CommandDescription {
    std::string name;
    std::vector<std::string> aliases;
    std::string text;
    std::vector<OptionDescription> options;
    std::vector<OptionDescription> arguments; ///< positional, in order
    std::vector<CommandDescription> commands;
    AfterDashes after_dashes = AfterDashes::nothing;
};

/// The program's command line. Every command takes the options of the root.
[[nodiscard]] CommandDescription describe_program();

} // namespace dbbackup::cli
