#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::base {

/// `words` as a POSIX shell takes them from a terminal.
[[nodiscard]] std::string shell_words(const std::vector<std::string>& words);

/// Writes the commands that messages propose, so that they work as printed: with the settings that
/// this run got on its command line (--dir, --url, --config …), and quoted for a shell. Made by cli
/// and carried in the requests, so that whoever knows what to do next can say it.
class CommandLine {
public:
    CommandLine() = default;

    /// `command`: the name of the command that runs. `flags`: its own options as they were given,
    /// without its arguments and without those that only choose a dump, which are `choice`.
    /// `settings`: the options that go with every command. None holds a secret.
    CommandLine(std::string command, std::vector<std::string> flags,
                std::vector<std::string> settings, std::vector<std::string> choice = {})
        : command_(std::move(command)), flags_(std::move(flags)), settings_(std::move(settings)),
          choice_(std::move(choice)) {}

    /// "dbbackup list --dir backups" for {"list"}.
    [[nodiscard]] std::string another(std::vector<std::string> words) const;

    /// The command that runs, with `words` in the place of its arguments: "dbbackup restore
    /// shop.sql --clean --dir backups" for {"shop.sql"}. With {"latest"} it has what this run chose
    /// the dump by, such as --before, unless `words` say that themselves: it is the same dump.
    [[nodiscard]] std::string again(const std::vector<std::string>& words) const;

    /// The same without one of its own options: `flag` as "--jobs", with so many `values` behind
    /// it.
    [[nodiscard]] CommandLine without(const std::string& flag, std::size_t values = 0) const;

private:
    std::string command_;
    std::vector<std::string> flags_;
    std::vector<std::string> settings_;
    std::vector<std::string> choice_;
};

} // namespace dbbackup::base
