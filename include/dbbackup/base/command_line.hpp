#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::base {

/// `words`, quoted for a POSIX shell on a terminal.
[[nodiscard]] std::string shell_words(const std::vector<std::string>& words);

/// Writes the commands that messages suggest, so that they work as printed: with the settings from
/// the command line of this run (--dir, --url, --config …), and quoted for a shell. cli makes it
/// and requests carry it, so that any code can suggest the next command.
class CommandLine {
public:
    CommandLine() = default;

    /// `command`: the name of the running command. `flags`: its own options as given, without its
    /// arguments and without options that only choose a dump, which are in `choice`. `settings`:
    /// the options that every command takes. None holds a secret.
    CommandLine(std::string command, std::vector<std::string> flags,
                std::vector<std::string> settings, std::vector<std::string> choice = {})
        : command_(std::move(command)), flags_(std::move(flags)), settings_(std::move(settings)),
          choice_(std::move(choice)) {}

    /// "dbbackup list --dir backups" for {"list"}.
    [[nodiscard]] std::string another(std::vector<std::string> words) const;

    /// The same with `--database NAME`, unless the settings choose a database already.
    [[nodiscard]] std::string another_for(const std::string& database,
                                          std::vector<std::string> words) const;

    /// The running command, with `words` instead of its arguments: "dbbackup restore shop.sql
    /// --clean --dir backups" for {"shop.sql"}. With {"latest"}, it keeps the options that chose
    /// the dump, such as --before, unless `words` has them: it means the same dump.
    [[nodiscard]] std::string again(const std::vector<std::string>& words) const;

    /// The same without one of its own options: `flag` as "--jobs", followed by that many `values`.
    [[nodiscard]] CommandLine without(const std::string& flag, std::size_t values = 0) const;

    /// The same, but `word` is written as `meaning`: a temporary file as what the user named.
    [[nodiscard]] CommandLine naming(std::string word, std::string meaning) const;

private:
    std::string command_;
    std::vector<std::string> flags_;
    std::vector<std::string> settings_;
    std::vector<std::string> choice_;
    std::string word_; ///< written as meaning_, if it is not empty
    std::string meaning_;
};

} // namespace dbbackup::base
