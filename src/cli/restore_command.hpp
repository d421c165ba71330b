#pragma once

#include "cli/settings.hpp"

#include <dbbackup/pg/connection_url.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// The whole of a command line that restores, of which `words` is the part that says what: with the
/// confirmation, and with the settings that this run got on its command line. Without secrets.
[[nodiscard]] std::vector<std::string> complete_restore_command(std::vector<std::string> words,
                                                                const pg::Connection& target,
                                                                const Settings& settings);

} // namespace dbbackup::cli
