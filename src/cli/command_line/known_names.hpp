#pragma once

#include <dbbackup/cli/command_tree.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

// The names that a command line or a configuration file can have.

/// Nothing if there is no such command.
[[nodiscard]] const CommandDescription* find_command(const CommandDescription& program,
                                                     const std::string& name);

/// With their dashes.
[[nodiscard]] std::vector<std::string> names_in(const std::vector<OptionDescription>& options);

/// Of the options that every command has and those of `command`, if any: "--clean".
[[nodiscard]] std::vector<std::string> long_names_in(const CommandDescription& program,
                                                     const CommandDescription* command);

/// "--clean is an option of restore.", or nothing if no command has it.
[[nodiscard]] std::string commands_with(const std::string& option,
                                        const CommandDescription& program);

} // namespace dbbackup::cli
