#pragma once

#include <dbbackup/cli/command_tree.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::cli {

/// `text` with its first `place` replaced by `content`. Throws base::Error{failed} if it has none.
[[nodiscard]] std::string fill_in(std::string_view text, std::string_view place,
                                  std::string_view content);

/// Name and aliases.
[[nodiscard]] std::vector<std::string> names_of(const CommandDescription& command);

/// Short ones first.
[[nodiscard]] std::vector<std::string> names_of(const OptionDescription& option);

/// The usage of the program: "dbbackup [OPTIONS] COMMAND".
[[nodiscard]] std::string usage_line(const CommandDescription& program);

/// The usage of `command`: "dbbackup restore [OPTIONS] [DUMP]".
[[nodiscard]] std::string usage_line(const CommandDescription& program,
                                     const CommandDescription& command);

/// `word` in single quotes, as bash and zsh read it.
[[nodiscard]] std::string shell_quoted(std::string_view word);

} // namespace dbbackup::cli
