#pragma once

#include "cli/command/commands.hpp"

#include <string>
#include <vector>

namespace dbbackup::cli {

/// `help`, for whoever looks for it: nothing runs it, because help_as_option() asks for help in
/// other words before the command line is parsed, and so before any settings are read.
/// To be added last: it names the other commands.
[[nodiscard]] Command add_help_command(CLI::App& root);

/// `words`, a command line without what follows `--`, with `help dump` as `dump --help`.
[[nodiscard]] std::vector<std::string> help_as_option(std::vector<std::string> words,
                                                      const CommandDescription& program);

} // namespace dbbackup::cli
