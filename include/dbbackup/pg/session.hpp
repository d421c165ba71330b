#pragma once

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/stream/pump.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Major version as PostgreSQL counts: 15 for 15.20, 9 for 9.6.24.
[[nodiscard]] constexpr int major_version(int version_number) noexcept {
    return version_number / 10000;
}

/// What a database of the same locale is made with. Each is empty if unknown, or if the
/// provider has none.
struct DatabaseLocale {
    std::string provider; ///< "libc", "icu" or "builtin"
    std::string collate;
    std::string ctype;
    std::string icu_locale;
    std::string icu_rules;
    std::string builtin_locale;
};

/// A server as a session found it.
struct ServerInfo {
    int version_number = 0; ///< server_version_num, e.g. 150020
    std::string version;    ///< "15.20 (Debian 15.20-0+deb12u1)"
    std::string host;       ///< that was connected to; for a unix socket its directory
    std::string address;    ///< of that host, numeric; empty for a unix socket
    int port = 0;
    std::string user;
    std::string encoding; ///< of the database, as client_encoding takes it
    DatabaseLocale locale;
    bool writes_bytea_as_hex = true;         ///< the session's bytea_output
    std::uint64_t database_size = 0;         ///< bytes on the server's disk, indexes included
    std::optional<std::uint64_t> table_size; ///< bytes of its tables alone; nothing if unknown
};

/// The server refused a statement.
class ServerError : public base::Error {
public:
    /// `context` says what was refused, or is empty.
    ServerError(std::string sqlstate, std::string server_message, const std::string& context = {},
                std::string hint = {});

    /// Five letters and digits (PostgreSQL's manual, appendix A), or nothing if the connection
    /// itself broke.
    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

    /// What the server says, in one line.
    [[nodiscard]] const std::string& server_message() const noexcept { return server_message_; }

private:
    std::string sqlstate_;
    std::string server_message_;
};

/// A libpq connection. Every wait but that for the name service can be ended by a signal
/// (base::Interrupted); what the server is busy with is cancelled when the session ends.
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

    /// Hears five times a second that the server is still busy, and for how long.
    using WaitListener = std::function<void(std::chrono::milliseconds)>;
    /// Hears the server's notices and warnings, each in one line that is safe to print.
    using NoticeListener = std::function<void(const std::string&)>;

    void listen(WaitListener on_wait, NoticeListener on_notice);

    /// Runs one statement. Throws ServerError with the server's message.
    [[nodiscard]] std::vector<Row> query(const std::string& sql);
    /// The same with values for `$1`, `$2`, … of the statement.
    [[nodiscard]] std::vector<Row> query(const std::string& sql,
                                         const std::vector<std::string>& parameters);

    /// Runs one statement, whatever rows it gives; returns its command tag: "CREATE TABLE". A text
    /// of several statements is refused by the server, and so is a COPY here. Throws ServerError.
    std::string execute(const std::string& sql);

    /// Runs a COPY … FROM stdin, whose rows are to follow. Throws ServerError.
    void begin_rows(const std::string& copy_statement);
    /// Sends rows, cut anywhere. Throws ServerError as soon as the server complains.
    void send_rows(base::Bytes rows);
    /// Ends the rows; returns how many the server took. Throws ServerError.
    std::uint64_t end_rows();

    /// Runs a COPY … TO STDOUT and shows its bytes to `observer`, row by row; returns how many rows
    /// the server says it sent. Throws ServerError. Where the observer throws, the session is of
    /// no further use.
    std::uint64_t read_rows(const std::string& copy_statement, stream::Observer& observer);

    /// How a COMMIT ended. Unknown: the connection broke before the server's answer.
    enum class CommitResult { committed, rolled_back, unknown };
    /// Commits the transaction. Once it is sent no signal ends the wait, for whoever asks must get
    /// an answer. Throws ServerError if the server refuses, and so rolls back.
    CommitResult commit();

    /// True inside a transaction block that has not failed. Throws base::Error if nobody can say:
    /// the connection is lost, or an answer is still to come.
    [[nodiscard]] bool in_transaction() const;
    /// A setting that the server reports by itself, as of the last statement:
    /// "standard_conforming_strings"; empty if it does not.
    [[nodiscard]] std::string parameter(const std::string& name) const;
    /// Of the server's process for this session.
    [[nodiscard]] int process_id() const noexcept;

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
