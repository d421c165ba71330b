#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The target does not exist.
class MissingDatabase : public base::Error {
public:
    using Error::Error;
};

/// The server that a restore writes to, and its target database, which need not exist yet.
class TargetServer {
public:
    /// Connects to the target or, if that is missing and must be created, to the server's
    /// maintenance database. `caller_environment`: the environment at the program's start. Throws
    /// base::Error.
    TargetServer(const pg::Connection& connection, std::vector<std::string> caller_environment,
                 CreateTarget create);

    [[nodiscard]] const pg::ServerInfo& info() const noexcept { return info_; }

    [[nodiscard]] bool target_exists() const noexcept { return target_exists_; }

    /// The same server with another target, which need not exist yet. Actions that are not possible
    /// inside that target use this one.
    [[nodiscard]] TargetServer with_target(const std::string& database) const;

    /// The target as the clients must reach it: the same server that was found.
    [[nodiscard]] const pg::Connection& connection() const noexcept { return pinned_; }

    /// `connection()` with another database of the same server.
    [[nodiscard]] pg::Connection connection_to(const std::string& database) const;

    /// A new session in the target.
    [[nodiscard]] pg::Session open() const;
    /// A new session in another database of the server, for actions that are not possible inside
    /// the target.
    [[nodiscard]] pg::Session open_maintenance() const;
    [[nodiscard]] pg::Session open(const pg::Connection& connection) const;

private:
    [[nodiscard]] pg::ServerInfo ask_target() const;

    pg::Connection connection_;
    std::vector<std::string> caller_environment_;
    std::vector<std::string> maintenance_databases_; ///< tried in this order
    bool target_exists_ = true;
    pg::ServerInfo info_;
    pg::Connection pinned_;
};

} // namespace dbbackup::ops
