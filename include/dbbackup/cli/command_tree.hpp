#pragma once

#include <string>
#include <vector>

namespace dbbackup::cli {

/// What the words after `--` are for a command.
enum class AfterDashes {
    nothing,         ///< there may be none
    pg_dump_options, ///< options for pg_dump
    command          ///< a command with its arguments, to be run
};

/// What an option or argument takes, as a shell can complete it.
enum class ValueKind { none, text, choice, file, directory, dump };

/// An option, or an argument that is told by its place.
struct OptionDescription {
    std::vector<std::string> short_names; ///< with its dash: -F
    std::vector<std::string> long_names;  ///< with their dashes: --format
    ValueKind kind = ValueKind::none;
    std::string value_name;           ///< FORMAT; empty for a flag
    std::vector<std::string> choices; ///< the values there are, or that a value begins with
    std::string default_value;        ///< empty if there is none, or none to tell
    std::string text;                 ///< what it does, one sentence without its full stop
    bool required = false;
    bool repeatable = false;
    std::vector<std::string> needs;    ///< names of options that it wants beside it, sorted
    std::vector<std::string> excludes; ///< names of options that it does not go with, sorted
};

/// A command, or the program itself with its commands.
struct CommandDescription {
    std::string name;
    std::vector<std::string> aliases;
    std::string text;
    std::vector<OptionDescription> options;
    std::vector<OptionDescription> arguments; ///< by place, in order
    std::vector<CommandDescription> commands;
    AfterDashes after_dashes = AfterDashes::nothing;
};

/// The program as its command line has it: the options of the root go with every command.
[[nodiscard]] CommandDescription describe_program();

} // namespace dbbackup::cli
