#pragma once

#include "cli/command/commands.hpp"

#include <dbbackup/cli/command_tree.hpp>

namespace dbbackup::cli {

/// Describes CLI11's tree below `root`; `commands` are the runnable commands in it.
[[nodiscard]] CommandDescription describe_app(const CLI::App& root,
                                              const std::vector<Command>& commands);

} // namespace dbbackup::cli
