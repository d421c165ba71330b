#pragma once

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/database_identity.hpp>
#include <dbbackup/stream/pump.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// The first part of the version: 15 for 15.20, 9 for 9.6.24.
[[nodiscard]] constexpr int major_version(int version_number) noexcept {
    return version_number / 10000;
}

/// What is needed to create a database of the same locale. Each is empty if unknown, or if the
/// provider has none.
struct DatabaseLocale {
    std::string provider; ///< "libc", "icu" or "builtin"
    std::string collate;
    std::string ctype;
    std::string icu_locale;
    std::string icu_rules;
    std::string builtin_locale;
};

/// A server as seen by a session.
struct ServerInfo {
    int version_number = 0; ///< server_version_num, e.g. 150020
    std::string version;    ///< "15.20 (Debian 15.20-0+deb12u1)"
    std::string host;       ///< of the connection; for a unix socket its directory
    std::string address;    ///< of that host, numeric; empty for a unix socket
    int port = 0;
    std::string user;
    std::string encoding; ///< of the database, as client_encoding spells it
    DatabaseLocale locale;
    DatabaseIdentity identity;
    bool writes_bytea_as_hex = true;         ///< the session's bytea_output
    std::uint64_t database_size = 0;         ///< bytes on the server's disk, indexes included
    std::optional<std::uint64_t> table_size; ///< bytes of its tables only; nothing if unknown
};

/// The server rejected a statement.
class ServerError : public base::Error {
public:
    /// `context` says what was rejected, or is empty.
    ServerError(std::string sqlstate, std::string server_message, const std::string& context = {},
                std::string hint = {});

    /// Five letters and digits (PostgreSQL's manual, appendix A), or nothing if the connection
    /// itself broke.
    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

    /// The server's message, in one line.
    [[nodiscard]] const std::string& server_message() const noexcept { return server_message_; }

private:
    std::string sqlstate_;
    std::string server_message_;
};

/// A libpq connection. A signal ends every wait (base::Interrupted) except that for name
/// resolution; a running statement is cancelled when the session ends.
class Session {
public:
    /// Connects to exactly the database that `connection` names. Throws base::Error{failed},
    /// without secrets, if that is not possible within connect_timeout (30 s unless the URL sets
    /// it).
    explicit Session(const Connection& connection);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) = delete;

    using Row = std::vector<std::string>; ///< a NULL is an empty string

    /// Called five times a second while the server is busy, with how long it has been.
    using WaitListener = std::function<void(std::chrono::milliseconds)>;
    /// Called with each notice and warning of the server, in one line that is safe to print.
    using NoticeListener = std::function<void(const std::string&)>;

    void listen(WaitListener on_wait, NoticeListener on_notice);

    /// Runs one statement. Throws ServerError with the server's message.
    [[nodiscard]] std::vector<Row> query(const std::string& sql);
    /// The same with values for `$1`, `$2`, … of the statement.
    [[nodiscard]] std::vector<Row> query(const std::string& sql,
                                         const std::vector<std::string>& parameters);

    /// Runs one statement, ignoring its rows; returns its command tag: "CREATE TABLE". The server
    /// rejects a text of several statements; a COPY is refused here. Throws ServerError.
    std::string execute(const std::string& sql);

    /// Starts a COPY … FROM stdin, whose rows follow. Throws ServerError.
    void begin_rows(const std::string& copy_statement);
    /// Sends rows, cut anywhere. Throws ServerError as soon as the server reports an error.
    void send_rows(base::Bytes rows);
    /// Ends the rows; returns how many the server stored. Throws ServerError.
    std::uint64_t end_rows();

    /// Runs a COPY … TO STDOUT and shows its bytes to `observer`, row by row; returns how many rows
    /// the server says it sent. Throws ServerError. If the observer throws, the session cannot be
    /// used any more.
    std::uint64_t read_rows(const std::string& copy_statement, stream::Observer& observer);

    /// How a COMMIT ended. Unknown: the connection broke before the server's answer.
    enum class CommitResult { committed, rolled_back, unknown };
    /// Commits the transaction. Once the COMMIT is sent, no signal ends the wait: the caller must
    /// get an answer. Throws ServerError if the server refuses, and so rolls back.
    CommitResult commit();

    /// True inside a transaction block that has not failed. Throws base::Error if that is unknown:
    /// the connection is lost, or an answer is outstanding.
    [[nodiscard]] bool in_transaction() const;
    /// A setting that the server reports without being asked, as of the last statement:
    /// "standard_conforming_strings"; empty if it does not.
    [[nodiscard]] std::string parameter(const std::string& name) const;
    /// The id of the server process of this session.
    [[nodiscard]] int process_id() const noexcept;

    [[nodiscard]] ServerInfo server_info();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// `connection` for the clients of one dump: pinned to the server that a session found, by its
/// address, and to settings on which fingerprints would otherwise depend: the database's own
/// encoding unless the URL names one, and bytea as hex.
[[nodiscard]] Connection pin_to_server(Connection connection, const ServerInfo& server);

} // namespace dbbackup::pg
