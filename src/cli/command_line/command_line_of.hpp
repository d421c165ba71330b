#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/base/command_line.hpp>

#include <CLI/CLI.hpp>

namespace dbbackup::cli {

/// How `command`, which was parsed, was called, for the commands that messages propose. A URL that
/// holds secrets comes out as the word URL.
[[nodiscard]] base::CommandLine command_line_of(const CLI::App& command, const Settings& settings);

/// The same before anything is resolved: for a command line that cannot be understood. `root` is
/// the program's, whose options go with every command.
[[nodiscard]] base::CommandLine command_line_as_given(const CLI::App& root);

} // namespace dbbackup::cli
