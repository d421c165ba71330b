#pragma once

#include "ops/target/target_server.hpp"

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/other_sessions.hpp>
#include <dbbackup/pg/session.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Watches the session of a restore while it waits for the server: reports the sessions that block
/// it, and ends them if requested.
class LockWatch {
public:
    /// `watched` is the server process of the restore's session.
    LockWatch(const TargetServer& server, int watched, OtherSessions others, Listener& listener);

    /// Ends the other sessions now, if requested.
    void clear_the_way();

    /// Call it often while the session waits, with the time so far in `waited`; it does not query
    /// the server each time. Throws only base::Interrupted.
    void look(std::chrono::milliseconds waited);

    /// The blocking sessions at the last check, for an error: "session 4711 …; …".
    [[nodiscard]] std::string last_seen() const;

private:
    pg::Session& session();
    void ask();

    const TargetServer& server_;
    int watched_;
    OtherSessions others_;
    Listener& listener_;
    std::optional<pg::Session> session_;
    std::vector<pg::OtherSession> blockers_;
    std::chrono::milliseconds asked_at_{}; ///< of the current wait
};

} // namespace dbbackup::ops
