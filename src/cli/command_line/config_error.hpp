#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/cli/command_tree.hpp>

#include <CLI/CLI.hpp>

namespace dbbackup::cli {

/// Explains an error in a key of the configuration: "dump.formt".
[[nodiscard]] base::Error explain_config_error(const CLI::ConfigError& error,
                                               const CommandDescription& program);

} // namespace dbbackup::cli
