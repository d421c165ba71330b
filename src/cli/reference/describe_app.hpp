#pragma once

#include "cli/command/commands.hpp"

#include <dbbackup/cli/command_tree.hpp>

namespace dbbackup::cli {

/// CLI11's tree below `root` in plain words; `commands` are those of it that can be run.
[[nodiscard]] CommandDescription describe_app(const CLI::App& root,
                                              const std::vector<Command>& commands);

} // namespace dbbackup::cli
