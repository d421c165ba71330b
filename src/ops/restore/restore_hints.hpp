#pragma once

#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/session.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace dbbackup::ops {

/// What is known when a server rejects a restore.
struct RefusalCircumstances {
    std::string blockers; ///< the sessions last seen blocking the restore, or empty
    std::chrono::milliseconds lock_timeout{};
    bool is_part = false; ///< only a part of a database is restored
};

/// A server's error, with what to do next.
class RefusedByServer : public base::Error {
public:
    RefusedByServer(std::string sqlstate, const std::string& message, std::string hint)
        : Error(base::ErrorKind::failed, message, std::move(hint)), sqlstate_(std::move(sqlstate)) {
    }

    /// See pg::ServerError.
    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

private:
    std::string sqlstate_;
};

[[nodiscard]] RefusedByServer explain(const pg::ServerError& error, const RestoreRequest& request,
                                      const RefusalCircumstances& circumstances);

} // namespace dbbackup::ops
