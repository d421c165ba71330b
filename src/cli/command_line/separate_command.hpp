#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The command line `words` with a `--` before the command that `guard` is to run, if it has none
/// there: that command begins with the first word that is neither an option of ours nor its value,
/// and what follows belongs to it, other `--` and options of our names included. `root` is the tree
/// of commands.
[[nodiscard]] std::vector<std::string> separate_command(const CLI::App& root,
                                                        std::vector<std::string> words);

} // namespace dbbackup::cli
