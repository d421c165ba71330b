#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/cli/command_tree.hpp>

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::cli {

/// The usage of a command, and where it is explained.
struct Usage {
    std::string line; ///< "dbbackup restore [OPTIONS] [DUMP]"
    std::string help; ///< "dbbackup restore --help"
};

/// An invalid command line, with the usage of the intended command. The hint suggests what the user
/// may have meant, or is empty.
class UsageError : public base::Error {
public:
    UsageError(const std::string& message, std::string hint, Usage usage)
        : Error(base::ErrorKind::usage, message, std::move(hint)), usage_(std::move(usage)) {}

    [[nodiscard]] const Usage& usage() const noexcept { return usage_; }

private:
    Usage usage_;
};

/// Explains why `root` refused the command line with `error`, and what the user may have meant. It
/// repeats only names from the command line: a value may be a misplaced secret.
[[nodiscard]] UsageError explain_parse_error(const CLI::ParseError& error, const CLI::App& root,
                                             const CommandDescription& program);

/// Throws UsageError if `words`, a command line with -h or --help, contain an error that help must
/// not hide: an unknown command, or a host after -h as in PostgreSQL's programs.
void require_meant_for_help(const std::vector<std::string>& words, const CLI::App& root,
                            const CommandDescription& program);

} // namespace dbbackup::cli
