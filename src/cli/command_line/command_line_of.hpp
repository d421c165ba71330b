#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/base/command_line.hpp>

#include <CLI/CLI.hpp>

namespace dbbackup::cli {

/// How the parsed `command` was called, for the commands that messages suggest. A URL that holds
/// secrets becomes the word URL.
[[nodiscard]] base::CommandLine command_line_of(const CLI::App& command, const Settings& settings);

/// The same before anything is resolved: for a command line that cannot be parsed. `root` is the
/// program; every command takes its options.
[[nodiscard]] base::CommandLine command_line_as_given(const CLI::App& root);

} // namespace dbbackup::cli
