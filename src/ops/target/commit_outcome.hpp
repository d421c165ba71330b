#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/session.hpp>

#include <functional>
#include <string>

namespace dbbackup::ops {

/// Nobody knows whether a commit took place.
class CommitUnknown : public base::Error {
public:
    using base::Error::Error;
};

/// The transaction of `session`, by which the server remembers how it ended.
[[nodiscard]] std::string transaction_id(pg::Session& session);

/// Commits the transaction `id` of `session`. Returns where it is committed; throws base::Error
/// where it is not. Where the connection broke at that very moment the server is asked in a session
/// from `open`, whatever signal comes: the error says that nobody knows only if it does not
/// answer.
void require_committed(pg::Session& session, const std::string& id,
                       const std::function<pg::Session()>& open, Listener& listener);

} // namespace dbbackup::ops
