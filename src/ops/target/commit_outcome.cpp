#include "ops/target/commit_outcome.hpp"

#include <dbbackup/sys/signals.hpp>

#include <chrono>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

using namespace std::chrono_literals;

/// How long to wait for a server, lost at the commit, to come back and report the outcome.
constexpr auto k_patience = 60s;
constexpr auto k_retry = 500ms;

/// "committed", "aborted", "in progress", or nothing if the server does not answer.
std::string ask_status(const std::string& id, const std::function<pg::Session()>& open) {
    try {
        pg::Session session = open();
        return session.query("select pg_catalog.txid_status($1::bigint)", {id}).at(0).at(0);
    } catch (const base::Error&) {
        return {};
    }
}

void ask_outcome(const std::string& id, const std::function<pg::Session()>& open,
                 Listener& listener) {
    // A signal came too late to prevent anything: it must not look as if it had.
    const sys::CleanupScope although_interrupted;
    const auto deadline = std::chrono::steady_clock::now() + k_patience;
    while (std::chrono::steady_clock::now() < deadline) {
        const std::string status = ask_status(id, open);
        if (status == "committed") {
            listener.on_warning(
                "the connection broke during COMMIT, but the server confirms that it took place");
            return;
        }
        if (status == "aborted") {
            throw base::Error{base::ErrorKind::failed,
                              "the connection broke during COMMIT, and the server rolled back",
                              "Nothing was changed; see the server's log, and try again."};
        }
        sys::interruptible_sleep(k_retry);
    }
    throw CommitUnknown{
        base::ErrorKind::failed,
        fmt::format("the connection broke during COMMIT; it is unknown whether the restore took "
                    "place: transaction {}",
                    id),
        fmt::format("Ask the server when it answers again: select txid_status({});", id)};
}

} // namespace

std::string transaction_id(pg::Session& session) {
    return session.query("select pg_catalog.txid_current()").at(0).at(0);
}

void require_committed(pg::Session& session, const std::string& id,
                       const std::function<pg::Session()>& open, Listener& listener) {
    switch (session.commit()) {
    case pg::Session::CommitResult::committed:
        return;
    case pg::Session::CommitResult::rolled_back:
        throw base::Error{base::ErrorKind::failed, "the server rolled back instead of committing",
                          "Nothing was changed; see the server's log."};
    case pg::Session::CommitResult::unknown:
        ask_outcome(id, open, listener);
    }
}

} // namespace dbbackup::ops
