#pragma once

#include "ops/restore/restore_hints.hpp"

#include <dbbackup/ops/listener.hpp>

#include <functional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Whether the server ended a transaction because another session was in its way: a deadlock, or
/// a failed serialization. It may succeed the next time.
[[nodiscard]] bool is_conflict(const pg::ServerError& error);

/// A conflict after which the transaction is rolled back, as the server itself confirmed.
class Conflict : public RefusedByServer {
public:
    Conflict(const RefusedByServer& refused, const pg::ServerError& error);

    [[nodiscard]] const std::string& server_message() const noexcept { return server_message_; }

private:
    std::string server_message_;
};

/// Runs `transaction`, and again a few times if it throws Conflict and `prepare_again` returns
/// true, after telling `listener`. Restores of subscriptions into two databases deadlock on
/// pg_replication_origin, which all databases share.
[[nodiscard]] std::vector<std::string>
retry_conflicts(const std::function<std::vector<std::string>()>& transaction,
                const std::function<bool()>& prepare_again, Listener& listener);

} // namespace dbbackup::ops
