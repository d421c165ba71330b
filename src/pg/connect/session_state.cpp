#include "pg/connect/session_state.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <array>
#include <fmt/format.h>
#include <poll.h>

namespace dbbackup::pg {

namespace {

using namespace std::chrono_literals;

/// How often the listener is called while the server is busy.
constexpr auto k_wait_report = 200ms;

struct CancelDeleter {
    void operator()(PGcancel* cancel) const noexcept { ::PQfreeCancel(cancel); }
};

} // namespace

Session::State::~State() {
    if (handle && ::PQtransactionStatus(handle.get()) == PQTRANS_ACTIVE) {
        // Otherwise a server that builds an index would notice only at its end that nobody waits.
        const std::unique_ptr<PGcancel, CancelDeleter> cancel{::PQgetCancel(handle.get())};
        std::array<char, 256> message{};
        if (cancel) {
            ::PQcancel(cancel.get(), message.data(), message.size());
        }
    }
}

std::string Session::State::redacted(const char* raw) const {
    return base::printable_line(connection.redact(raw));
}

base::Error Session::State::failure(const std::string& what, std::string hint) const {
    return {
        base::ErrorKind::failed,
        fmt::format("{}: {}", what, base::mark_outside(redacted(::PQerrorMessage(handle.get())))),
        std::move(hint)};
}

ServerError Session::State::lost_connection() {
    std::string sqlstate;
    std::string message = redacted(::PQerrorMessage(handle.get()));
    // The server's last messages are still unread.
    while (const Result result{::PQgetResult(handle.get())}) {
        const ExecStatusType status = ::PQresultStatus(result.get());
        const char* state = ::PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            break;
        }
        if (state != nullptr) {
            sqlstate = state;
            message = redacted(::PQresultErrorMessage(result.get()));
        }
    }
    return ServerError{std::move(sqlstate), std::move(message),
                       "lost the connection to the server"};
}

void Session::State::send(const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const std::string& parameter : parameters) {
        values.push_back(parameter.c_str());
    }
    // The extended protocol accepts exactly one statement, whatever the text looks like.
    if (::PQsendQueryParams(handle.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                            values.data(), nullptr, nullptr, 0) == 0) {
        // If a signal interrupted the previous query, that is why this one cannot be sent.
        sys::throw_if_interrupted();
        throw lost_connection();
    }
}

void Session::State::wait_for_server(short poll_events,
                                     std::chrono::steady_clock::time_point since) {
    while (!sys::wait_for_fd(::PQsocket(handle.get()), poll_events, k_wait_report)) {
        if (wait_listener) {
            wait_listener(std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now() - since));
        }
    }
}

void Session::State::flush() {
    const auto since = std::chrono::steady_clock::now();
    while (true) {
        const int unsent = ::PQflush(handle.get());
        if (unsent == 0) {
            return;
        }
        if (unsent < 0) {
            throw lost_connection();
        }
        // The server may have to send something before it reads more.
        wait_for_server(POLLIN | POLLOUT, since);
        if (::PQconsumeInput(handle.get()) == 0) {
            throw lost_connection();
        }
    }
}

Result Session::State::next_result() {
    flush();
    const auto since = std::chrono::steady_clock::now();
    while (::PQisBusy(handle.get()) != 0) {
        wait_for_server(POLLIN, since);
        if (::PQconsumeInput(handle.get()) == 0) {
            throw lost_connection();
        }
    }
    return Result{::PQgetResult(handle.get())};
}

CopiedRow Session::State::next_row() {
    const auto since = std::chrono::steady_clock::now();
    while (true) {
        char* text = nullptr;
        const int size = ::PQgetCopyData(handle.get(), &text, 1);
        if (size > 0) {
            return {text, static_cast<std::size_t>(size)};
        }
        if (size == -1) {
            return {};
        }
        if (size < 0) {
            throw lost_connection();
        }
        wait_for_server(POLLIN, since);
        if (::PQconsumeInput(handle.get()) == 0) {
            throw lost_connection();
        }
    }
}

Result Session::State::require_success(const std::function<void(const PGresult*)>& on_row) {
    Result last;
    std::optional<ServerError> error;
    while (Result result = next_result()) {
        const ExecStatusType status = ::PQresultStatus(result.get());
        if (status == PGRES_SINGLE_TUPLE) {
            on_row(result.get());
        }
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
            const char* sqlstate = ::PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
            error.emplace(sqlstate == nullptr ? "" : sqlstate,
                          redacted(::PQresultErrorMessage(result.get())));
        }
        last = std::move(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            break; // it goes on with rows
        }
    }
    if (error) {
        throw ServerError{*error};
    }
    if (!last) {
        throw lost_connection();
    }
    return last;
}

} // namespace dbbackup::pg
