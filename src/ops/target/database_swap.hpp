#pragma once

#include "ops/target/lock_watch.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// A new database that is to take the target's name and place.
struct DatabaseSwap {
    const TargetServer& server;
    std::string fresh;
    std::string kept; ///< the name that the target gets
    std::chrono::milliseconds lock_timeout;
    OtherSessions others = OtherSessions::wait_for;
    Listener& listener;
};

/// Gives `fresh` what the target has as a database (settings, privileges, comment), then swaps the
/// names, all in one transaction. A target that is not there is no hindrance. Throws base::Error
/// with nothing changed, also if sessions are in the target for longer than `lock_timeout`.
void swap_databases(const DatabaseSwap& swap);

/// SQL that swaps back, to be run in another database.
[[nodiscard]] std::vector<std::string> undo_of(const DatabaseSwap& swap);

} // namespace dbbackup::ops
