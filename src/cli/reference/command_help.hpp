#pragma once

#include "cli/command/commands.hpp"

#include <string>
#include <vector>

namespace dbbackup::cli {

/// `help`, so that users find it. It never runs: help_as_option() rewrites it before the command
/// line is parsed, and so before any settings are read. Add it last: it names the other commands.
[[nodiscard]] Command add_help_command(CLI::App& root);

/// `words`, a command line up to `--`, with `help dump` changed to `dump --help`.
[[nodiscard]] std::vector<std::string> help_as_option(std::vector<std::string> words,
                                                      const CommandDescription& program);

} // namespace dbbackup::cli
