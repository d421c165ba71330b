#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/session.hpp>

#include <functional>
#include <string>

namespace dbbackup::ops {

/// It is unknown whether a commit took place.
class CommitUnknown : public base::Error {
public:
    using base::Error::Error;
};

/// The transaction ID of `session`, by which the server reports its outcome later.
[[nodiscard]] std::string transaction_id(pg::Session& session);

/// Commits the transaction `id` of `session`. Returns if it is committed; throws base::Error if
/// not. If the connection broke at that very moment, it asks the server in a session from `open`,
/// regardless of signals: only if the server does not answer, the error says that the outcome is
/// unknown.
void require_committed(pg::Session& session, const std::string& id,
                       const std::function<pg::Session()>& open, Listener& listener);

} // namespace dbbackup::ops
