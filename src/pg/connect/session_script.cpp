#include "pg/connect/answered_number.hpp"
#include "pg/connect/session_state.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

// What a restore and its verification do with their session.

namespace dbbackup::pg {

namespace {

/// What is passed to libpq at once: each time, it moves what the socket does not accept to the
/// front of its buffer.
constexpr std::size_t k_rows_piece = 256 * 1024;

/// True if the server's next message is an error. libpq itself would report it only after all rows
/// have been sent, which may be hours later. With TLS it cannot be seen.
bool reports_error(PGconn* handle) {
    char kind = '\0';
    return ::PQsslInUse(handle) == 0 &&
           ::recv(::PQsocket(handle), &kind, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && kind == 'E';
}

/// How many rows a COPY moved.
std::uint64_t counted_rows(const Result& result) {
    return answered_number(::PQcmdTuples(result.get()));
}

} // namespace

ServerError::ServerError(std::string sqlstate, std::string server_message,
                         const std::string& context, std::string hint)
    : base::Error(base::ErrorKind::failed,
                  fmt::format("{}: {}", context.empty() ? "the server says" : context,
                              base::mark_outside(server_message, sqlstate)),
                  std::move(hint)),
      sqlstate_(std::move(sqlstate)),
      server_message_(base::mark_outside(server_message, sqlstate_)) {
}

void Session::listen(WaitListener on_wait, NoticeListener on_notice) {
    state_->wait_listener = std::move(on_wait);
    state_->notice_listener = std::move(on_notice);
}

std::string Session::execute(const std::string& sql) {
    state_->send(sql, {});
    const Result result = state_->require_success();
    const ExecStatusType status = ::PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        throw base::Error{base::ErrorKind::failed, "the server asks for rows where there are none"};
    }
    return ::PQcmdStatus(result.get());
}

void Session::begin_rows(const std::string& copy_statement) {
    state_->send(copy_statement, {});
    const Result result = state_->require_success();
    if (::PQresultStatus(result.get()) != PGRES_COPY_IN) {
        throw base::Error{base::ErrorKind::failed,
                          "the server does not ask for the rows that follow"};
    }
}

void Session::send_rows(base::Bytes rows) {
    PGconn* handle = state_->handle.get();
    while (!rows.empty()) {
        const base::Bytes piece = rows.first(std::min(rows.size(), k_rows_piece));
        rows = rows.subspan(piece.size());
        if (sys::wait_for_fd(::PQsocket(handle), POLLIN, std::chrono::milliseconds{0})) {
            if (reports_error(handle)) {
                (void)end_rows();
            }
            if (::PQconsumeInput(handle) == 0) {
                throw state_->lost_connection();
            }
        }
        if (::PQputCopyData(handle, base::as_text(piece).data(), static_cast<int>(piece.size())) !=
            1) {
            throw state_->lost_connection();
        }
        state_->flush();
    }
}

std::uint64_t Session::end_rows() {
    if (::PQputCopyEnd(state_->handle.get(), nullptr) != 1) {
        throw state_->lost_connection();
    }
    return counted_rows(state_->require_success());
}

std::uint64_t Session::read_rows(const std::string& copy_statement, stream::Observer& observer) {
    state_->send(copy_statement, {});
    const Result begun = state_->require_success();
    if (::PQresultStatus(begun.get()) != PGRES_COPY_OUT) {
        throw base::Error{base::ErrorKind::failed, "the server does not send the rows of a table"};
    }
    while (const CopiedRow row = state_->next_row()) {
        observer.observe(row.bytes());
    }
    return counted_rows(state_->require_success());
}

Session::CommitResult Session::commit() {
    PGconn* handle = state_->handle.get();
    ::PQsetnonblocking(handle, 0);
    const Result result{::PQexec(handle, "COMMIT")};
    ::PQsetnonblocking(handle, 1);
    const char* sqlstate = ::PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    if (::PQresultStatus(result.get()) == PGRES_COMMAND_OK) {
        const std::string_view tag = ::PQcmdStatus(result.get());
        return tag == "COMMIT" ? CommitResult::committed : CommitResult::rolled_back;
    }
    // An error for the COMMIT means that the server rolled back. One that ends the session may have
    // come after the commit.
    if (sqlstate != nullptr && ::PQstatus(handle) == CONNECTION_OK) {
        throw ServerError{sqlstate, state_->redacted(::PQresultErrorMessage(result.get())),
                          "the server refused to commit"};
    }
    return CommitResult::unknown;
}

bool Session::in_transaction() const {
    const PGTransactionStatusType status = ::PQtransactionStatus(state_->handle.get());
    if (status == PQTRANS_UNKNOWN) {
        throw state_->lost_connection();
    }
    if (status == PQTRANS_ACTIVE) {
        // An error on our side interrupted a query.
        throw base::Error{base::ErrorKind::failed, "a question to the server was not answered"};
    }
    return status == PQTRANS_INTRANS;
}

std::string Session::parameter(const std::string& name) const {
    const char* value = ::PQparameterStatus(state_->handle.get(), name.c_str());
    return value == nullptr ? "" : value;
}

int Session::process_id() const noexcept {
    return ::PQbackendPID(state_->handle.get());
}

} // namespace dbbackup::pg
