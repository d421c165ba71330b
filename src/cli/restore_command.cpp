#include "cli/restore_command.hpp"

namespace dbbackup::cli {

std::vector<std::string> complete_restore_command(std::vector<std::string> words,
                                                  const pg::Connection& target,
                                                  const Settings& settings) {
    words.insert(words.begin(), "dbbackup");
    words.insert(words.end(), {"--confirm", target.database});
    const auto repeated = settings.repeated_words(!target.secrets.empty());
    words.insert(words.end(), repeated.begin(), repeated.end());
    return words;
}

} // namespace dbbackup::cli
