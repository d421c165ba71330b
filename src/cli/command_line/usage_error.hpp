#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/cli/command_tree.hpp>

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::cli {

/// How a command is called, and where it is explained.
struct Usage {
    std::string line; ///< "dbbackup restore [OPTIONS] [DUMP]"
    std::string help; ///< "dbbackup restore --help"
};

/// A command line that cannot be run, with the usage of what it was meant to be. The hint says what
/// may have been meant, and is empty if nobody knows.
class UsageError : public base::Error {
public:
    UsageError(const std::string& message, std::string hint, Usage usage)
        : Error(base::ErrorKind::usage, message, std::move(hint)), usage_(std::move(usage)) {}

    [[nodiscard]] const Usage& usage() const noexcept { return usage_; }

private:
    Usage usage_;
};

/// What is wrong with the command line that `root` refused with `error`, and what may have been
/// meant. Of what stood there, it repeats only a name: a value may be a secret in the wrong place.
[[nodiscard]] UsageError explain_parse_error(const CLI::ParseError& error, const CLI::App& root,
                                             const CommandDescription& program);

/// Throws UsageError if `words`, a command line with -h or --help, hold what help must not hide: a
/// command that there is not, or the host that -h is followed by with PostgreSQL's programs.
void require_meant_for_help(const std::vector<std::string>& words, const CLI::App& root,
                            const CommandDescription& program);

} // namespace dbbackup::cli
