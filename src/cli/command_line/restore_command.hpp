#pragma once

#include "cli/settings/settings.hpp"

#include <dbbackup/pg/connection_url.hpp>

#include <string>
#include <vector>

namespace dbbackup::cli {

/// A database with its server, in the syntax of --confirm: "db.example.com:5432/shop".
[[nodiscard]] std::string full_name_of(const std::string& host, int port,
                                       const std::string& database);

/// A complete restore command line. `words` says what to restore. The command confirms the full
/// name `target`, so that it cannot change a database of that name on another server, and has the
/// settings from this run's command line. `connection` is the target's. Without secrets.
[[nodiscard]] std::vector<std::string> complete_restore_command(std::vector<std::string> words,
                                                                const std::string& target,
                                                                const pg::Connection& connection,
                                                                const Settings& settings);

} // namespace dbbackup::cli
