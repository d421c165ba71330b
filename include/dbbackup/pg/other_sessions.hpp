#pragma once

#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// A session other than this one.
struct OtherSession {
    int process_id = 0;
    std::string text; ///< for people: who, from where, doing what
};

/// Who keeps the server process `process_id` waiting for a lock, for people: "session 4711 of app
/// (psql, idle in transaction for 3 min 5 s) holds a lock on public.orders". Empty if it does not
/// wait. Call it on another session.
[[nodiscard]] std::vector<OtherSession> find_blockers(Session& session, int process_id);

/// Terminates the client sessions in `database`, except `session` itself and `kept_process_id`.
/// Returns those that could not be terminated, for people.
std::vector<std::string> end_sessions_in(Session& session, const std::string& database,
                                         int kept_process_id);

/// Who is connected to `database`, for people, without the session itself.
[[nodiscard]] std::vector<OtherSession> find_sessions_in(Session& session,
                                                         const std::string& database);

/// The texts in one line.
[[nodiscard]] std::string joined(const std::vector<OtherSession>& sessions);

/// Whether they are the same sessions, whatever they are doing.
[[nodiscard]] bool same_sessions(const std::vector<OtherSession>& a,
                                 const std::vector<OtherSession>& b);

} // namespace dbbackup::pg
