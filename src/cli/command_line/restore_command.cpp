#include "cli/command_line/restore_command.hpp"

#include "cli/settings/settings_file.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::cli {

std::string full_name_of(const std::string& host, int port, const std::string& database) {
    return fmt::format("{}:{}/{}", host, port, database);
}

std::vector<std::string> complete_restore_command(std::vector<std::string> words,
                                                  const std::string& target,
                                                  const pg::Connection& connection,
                                                  const Settings& settings) {
    words.insert(words.begin(), "dbbackup");
    words.insert(words.end(), {"--confirm", target});
    const auto repeated =
        settings.repeated_words(!connection.secrets.empty() || !connection.dropped.empty());
    words.insert(words.end(), repeated.begin(), repeated.end());
    // Run from another directory, the default directory for the safety dump would be another one
    // too.
    if (std::ranges::count(repeated, "--dir") == 0) {
        words.insert(words.end(), {"--dir", absolute_path(settings.directory())});
    }
    return words;
}

} // namespace dbbackup::cli
