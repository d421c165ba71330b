#pragma once

#include <dbbackup/pg/connection_url.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Major version as PostgreSQL counts: 15 for 15.20, 9 for 9.6.24.
[[nodiscard]] constexpr int major_version(int version_number) noexcept {
    return version_number / 10000;
}

/// A server as a session found it.
struct ServerInfo {
    int version_number = 0; ///< server_version_num, e.g. 150020
    std::string version;    ///< "15.20 (Debian 15.20-0+deb12u1)"
    std::string host;       ///< that was connected to; for a unix socket its directory
    std::string address;    ///< of that host, numeric; empty for a unix socket
    int port = 0;
    std::string user;
    std::string encoding;                    ///< of the database, as client_encoding takes it
    bool writes_bytea_as_hex = true;         ///< the session's bytea_output
    std::uint64_t database_size = 0;         ///< bytes on the server's disk, indexes included
    std::optional<std::uint64_t> table_size; ///< bytes of its tables alone; nothing where unknown
};

/// A libpq connection for questions to the server; the data itself goes through PostgreSQL's own
/// clients. Every wait but that for the
/// name service can be ended by a signal (base::Interrupted).
class Session {
public:
    /// Connects to exactly the database that `connection` names. Throws base::Error{failed},
    /// without secrets, where that is not possible within connect_timeout (30 s unless the URL
    /// says).
    explicit Session(const Connection& connection);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) = delete;

    using Row = std::vector<std::string>; ///< a NULL is an empty string

    /// Runs one statement. Throws base::Error{failed} with the server's message.
    [[nodiscard]] std::vector<Row> query(const std::string& sql);
    /// The same with values for `$1`, `$2`, … of the statement.
    [[nodiscard]] std::vector<Row> query(const std::string& sql,
                                         const std::vector<std::string>& parameters);

    [[nodiscard]] ServerInfo server_info();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// `connection` for the clients of one dump: tied to the very server that a session found, by its
/// address, and to settings that fingerprints would otherwise hang on: the database's own encoding
/// unless the URL names one, and bytea as hex.
[[nodiscard]] Connection pin_to_server(Connection connection, const ServerInfo& server);

} // namespace dbbackup::pg
