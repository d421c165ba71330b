#pragma once

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/connect_error.hpp>
#include <dbbackup/pg/session.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <string>
#include <vector>

namespace dbbackup::pg {

struct ResultDeleter {
    void operator()(PGresult* result) const noexcept { ::PQclear(result); }
};

using Result = std::unique_ptr<PGresult, ResultDeleter>;

/// In libpq's own memory.
class CopiedRow {
public:
    CopiedRow() = default;
    CopiedRow(char* text, std::size_t size) : text_(text, ::PQfreemem), size_(size) {}

    explicit operator bool() const noexcept { return text_ != nullptr; }

    [[nodiscard]] base::Bytes bytes() const noexcept {
        return base::as_bytes({text_.get(), size_});
    }

private:
    std::unique_ptr<char, decltype(&::PQfreemem)> text_{nullptr, ::PQfreemem};
    std::size_t size_ = 0;
};

struct Session::State {
    explicit State(Connection to) : connection(std::move(to)) {}

    State(const State&) = delete;
    State& operator=(const State&) = delete;
    /// Cancels a statement that the server may still be running.
    ~State();

    /// Throws base::Error{failed}, as Session's constructor does.
    void connect();

    /// Sends one statement. Throws base::Error.
    void send(const std::string& sql, const std::vector<std::string>& parameters);
    /// Sends all that libpq has buffered.
    void flush();
    /// The next result of the last statement, or nothing; a signal ends the wait.
    Result next_result();
    /// The next row of a COPY … TO STDOUT, or nothing at the end; a signal ends the wait.
    CopiedRow next_row();
    /// Reads all results; throws ServerError if one of them is an error. Returns the last one. Rows
    /// requested in single-row mode go to `on_row`.
    Result require_success(const std::function<void(const PGresult*)>& on_row = {});

    /// `what`, and libpq's error message for the connection.
    [[nodiscard]] base::Error failure(const std::string& what, std::string hint = {}) const;
    /// The connection is lost: why, as far as the server said.
    [[nodiscard]] ServerError lost_connection();
    [[nodiscard]] std::string redacted(const char* raw) const;

    Connection connection;
    std::unique_ptr<PGconn, decltype(&::PQfinish)> handle{nullptr, ::PQfinish};
    WaitListener wait_listener;
    NoticeListener notice_listener;

private:
    bool try_to_connect(const Connection& to);
    [[nodiscard]] ConnectError connect_failure() const;
    [[nodiscard]] ConnectError no_answer() const;
    void wait_for_server(short poll_events, std::chrono::steady_clock::time_point since);
};

} // namespace dbbackup::pg
