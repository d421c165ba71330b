#pragma once

#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>

#include <string>

namespace dbbackup::ops {

/// What happened to an empty database whose name another one has taken.
enum class OldDatabase {
    dropped,
    filled, ///< someone has added something to it, so it stays
    kept,   ///< it could not be dropped; a warning says why
};

/// Drops database `name` if it is surely empty: blocks new sessions, then checks. Does not throw.
[[nodiscard]] OldDatabase drop_if_empty(const TargetServer& server, const std::string& name,
                                        Listener& listener);

/// "psql -h /var/run/postgresql -p 5432 -d NAME", for a user who wants to examine it.
[[nodiscard]] std::string psql_command(const TargetServer& server, const std::string& name);

} // namespace dbbackup::ops
