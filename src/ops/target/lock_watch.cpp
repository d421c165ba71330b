#include "ops/target/lock_watch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

constexpr auto k_ask_interval = 1s;

} // namespace

LockWatch::LockWatch(const TargetServer& server, int watched, OtherSessions others,
                     Listener& listener)
    : server_(server), watched_(watched), others_(others), listener_(listener) {
    // Connect now: when a session blocks the restore, the server may have no connection left.
    session();
}

pg::Session& LockWatch::session() {
    if (!session_) {
        session_.emplace(server_.open());
    }
    return *session_;
}

void LockWatch::clear_the_way() {
    if (others_ == OtherSessions::disconnect) {
        for (const std::string& failure :
             pg::end_sessions_in(session(), server_.connection().database, watched_)) {
            listener_.on_warning(failure);
        }
    }
}

void LockWatch::look(std::chrono::milliseconds waited) {
    const bool is_new_wait = waited < asked_at_;
    if (is_new_wait || waited - asked_at_ >= k_ask_interval || asked_at_ == 0ms) {
        asked_at_ = waited;
        ask();
    }
}

void LockWatch::ask() {
    try {
        auto blockers = pg::find_blockers(session(), watched_);
        if (blockers.empty()) {
            return; // the server is merely busy
        }
        const bool known = pg::same_sessions(blockers, blockers_);
        blockers_ = std::move(blockers);
        if (!known) {
            listener_.on_warning("waiting: " + last_seen());
        }
        clear_the_way();
    } catch (const base::Error&) {
        session_.reset(); // the restore itself will report the server's problem
    }
}

std::string LockWatch::last_seen() const {
    // It contains names that other programs chose.
    return base::mark_outside(pg::joined(blockers_));
}

} // namespace dbbackup::ops
