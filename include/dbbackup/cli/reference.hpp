#pragma once

#include <dbbackup/cli/command_tree.hpp>

#include <string>
#include <string_view>

namespace dbbackup::cli {

// Each takes a template written by hand (docs/man, completions) and fills its places from
// `program`. They throw base::Error{failed} if a place is missing.

/// The manual page, in man(7). Places: `@VERSION@`, and the lines `@SYNOPSIS@`, `@COMMANDS@` and
/// `@OPTIONS@`.
[[nodiscard]] std::string to_manual_page(const CommandDescription& program, std::string_view page,
                                         std::string_view version);

/// The completions. Place: the line `# @TABLES@`.
[[nodiscard]] std::string to_bash_completion(const CommandDescription& program,
                                             std::string_view script);
[[nodiscard]] std::string to_zsh_completion(const CommandDescription& program,
                                            std::string_view script);
[[nodiscard]] std::string to_fish_completion(const CommandDescription& program,
                                             std::string_view script);

} // namespace dbbackup::cli
