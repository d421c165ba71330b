#pragma once

#include <dbbackup/pg/session.hpp>

#include <chrono>
#include <string>

namespace dbbackup::ops {

/// What is known where a server refuses a restore.
struct RefusalContext {
    std::string blockers; ///< who was last seen in the way, or empty
    bool no_owner = false;
    std::chrono::milliseconds lock_timeout{};
};

/// The server's refusal as an error with what to do next.
[[nodiscard]] base::Error explain(const pg::ServerError& error, const RefusalContext& context);

} // namespace dbbackup::ops
