#pragma once

#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>

#include <string>

namespace dbbackup::ops {

/// What became of a database that held nothing, and whose name another one has taken.
enum class OldDatabase {
    dropped,
    filled, ///< somebody put something into it meanwhile, so it stays
    kept,   ///< it could not be dropped; a warning says why
};

/// Drops database `name` if it surely holds nothing: lets nobody in, and then looks. Throws
/// nothing.
[[nodiscard]] OldDatabase drop_if_empty(const TargetServer& server, const std::string& name,
                                        Listener& listener);

/// "psql -h /var/run/postgresql -p 5432 -d NAME", for a person who wants to look into it.
[[nodiscard]] std::string psql_command(const TargetServer& server, const std::string& name);

} // namespace dbbackup::ops
