#pragma once

#include <dbbackup/pg/connection_url.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// Where a connection leads. Two connections with equal addresses reach the same database, whatever
/// user, password and parameters they have. If the addresses differ, the databases may still be the
/// same, or not: `localhost` and `127.0.0.1` can be two servers.
struct DatabaseAddress {
    /// "HOST:PORT" of each server that may answer, in the order in which they are tried.
    std::vector<std::string> servers;
    std::string database;

    bool operator==(const DatabaseAddress&) const = default;

    /// "localhost:5432", or "one:5432,two:5432". For messages; holds no secret.
    [[nodiscard]] std::string server_text() const;
    /// "localhost:5432/shop".
    [[nodiscard]] std::string text() const;
};

/// Default ports are filled in, host names are lower-cased, and links in socket directories are
/// resolved.
[[nodiscard]] DatabaseAddress address_of(const Connection& connection);

/// Whether a database that was recorded with that host, port and name is the one at `address`. If
/// the address leaves the host open, the local server is meant; if it leaves that to a service, any
/// may be.
[[nodiscard]] bool is_at(const DatabaseAddress& address, const std::string& host, int port,
                         const std::string& database);

} // namespace dbbackup::pg
