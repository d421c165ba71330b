#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/pg/connection_url.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// A database with its server, as --confirm takes it: "db.example.com:5432/shop".
[[nodiscard]] std::string full_name_of(const std::string& host, int port,
                                       const std::string& database);

/// The whole of a command line that restores, of which `words` is the part that says what: with the
/// confirmation of the full name `target`, so that it does nothing to a database of that name on
/// another server, and with the settings that this run got on its command line. `connection` is
/// that of the target. Without secrets.
[[nodiscard]] std::vector<std::string> complete_restore_command(std::vector<std::string> words,
                                                                const std::string& target,
                                                                const pg::Connection& connection,
                                                                const Settings& settings);

} // namespace dbbackup::cli
