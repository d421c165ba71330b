#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The command line `words` with a `--` before the guarded command, if it is missing: that command
/// begins with the first word that is neither an option of ours nor its value, and all that follows
/// belongs to it, including any other `--` and options with our names. `root` is the tree of
/// commands.
[[nodiscard]] std::vector<std::string> separate_command(const CLI::App& root,
                                                        std::vector<std::string> words);

} // namespace dbbackup::cli
