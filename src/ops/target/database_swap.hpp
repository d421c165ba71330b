#pragma once

#include "ops/target/lock_watch.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// A new database that is to replace the target.
struct DatabaseSwap {
    const TargetServer& server;
    std::string fresh;
    std::string kept; ///< the target's new name
    std::chrono::milliseconds lock_timeout;
    OtherSessions others = OtherSessions::wait_for;
    Listener& listener;
};

/// Copies the target's database properties (settings, privileges, comment) to `fresh`, then swaps
/// the names, all in one transaction. The target may be missing. Throws base::Error with nothing
/// changed, also if sessions stay in the target for longer than `lock_timeout`.
void swap_databases(const DatabaseSwap& swap);

/// SQL that swaps back, to run in another database.
[[nodiscard]] std::vector<std::string> undo_of(const DatabaseSwap& swap);

} // namespace dbbackup::ops
