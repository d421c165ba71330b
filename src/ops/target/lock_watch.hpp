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

/// Looks after the session of a restore while it waits for the server: says who is in its way, and
/// ends them where that is asked for.
class LockWatch {
public:
    /// `watched` is the server process of the restore's session.
    LockWatch(const TargetServer& server, int watched, OtherSessions others, Listener& listener);

    /// Ends the other sessions now, where that is asked for.
    void clear_the_way();

    /// To be called often while the session has waited for `waited`; does not ask the server each
    /// time. Throws nothing but base::Interrupted.
    void look(std::chrono::milliseconds waited);

    /// Who was in the way when it was last looked at, for an error: "session 4711 …; …".
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
    std::chrono::milliseconds asked_at_{}; ///< of the present wait
};

} // namespace dbbackup::ops
