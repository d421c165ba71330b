#include "pg/connect/connect_failure.hpp"
#include "pg/connect/host_list.hpp"
#include "pg/connect/session_state.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <poll.h>

namespace dbbackup::pg {

namespace {

using namespace std::chrono_literals;

constexpr auto k_connect_timeout = 30s;

std::chrono::seconds connect_timeout(const Connection& connection) {
    int seconds = 0;
    if (const std::string* text = connection.find("connect_timeout")) {
        std::from_chars(text->data(), text->data() + text->size(), seconds);
    }
    return seconds > 0 ? std::chrono::seconds{std::max(seconds, 2)} : k_connect_timeout;
}

PGconn* start_connecting(const Connection& connection) {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const ConnectionParameter& parameter : connection.parameters) {
        keywords.push_back(parameter.keyword.c_str());
        values.push_back(parameter.value.c_str());
    }
    if (!connection.find("application_name")) {
        keywords.push_back("application_name");
        values.push_back("dbbackup");
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    // expand_dbname = 0: a database named "a=b" is a name, not a connection string.
    return ::PQconnectStartParams(keywords.data(), values.data(), 0);
}

} // namespace

/// Of several servers, libpq itself skips those that refuse, but leaves it to us to skip one that
/// does not answer.
void Session::State::connect() {
    std::optional<Connection> left = connection;
    while (!try_to_connect(*left)) {
        left = without_server(*left, ::PQhost(handle.get()), ::PQport(handle.get()));
        if (!left) {
            throw no_answer();
        }
    }
}

/// False if a server did not answer in time.
bool Session::State::try_to_connect(const Connection& to) {
    handle.reset(start_connecting(to));
    if (!handle) {
        throw std::bad_alloc{};
    }
    ::PQsetNoticeProcessor(
        handle.get(),
        [](void* state, const char* message) {
            const auto& self = *static_cast<State*>(state);
            if (self.notice_listener) {
                self.notice_listener(base::mark_outside(self.redacted(message)));
            }
        },
        this);
    ::PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE); // for read_connect_failure()
    const auto deadline = std::chrono::steady_clock::now() + connect_timeout(connection);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status != PGRES_POLLING_OK) {
        if (status == PGRES_POLLING_FAILED || ::PQstatus(handle.get()) == CONNECTION_BAD) {
            throw connect_failure();
        }
        const short wanted = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left <= 0ms || !sys::wait_for_fd(::PQsocket(handle.get()), wanted, left)) {
            return false;
        }
        status = ::PQconnectPoll(handle.get());
    }
    ::PQsetErrorVerbosity(handle.get(), PQERRORS_DEFAULT);
    ::PQsetnonblocking(handle.get(), 1);
    return true;
}

ConnectError Session::State::connect_failure() const {
    // The original message is redacted first: omitting words could make a secret unrecognizable.
    ConnectFailure failure =
        read_connect_failure(connection.redact(::PQerrorMessage(handle.get())));
    const std::string& code = failure.sqlstate.empty() ? failure.reason : failure.sqlstate;
    return {fmt::format("cannot connect to database '{}': {}", base::printable(connection.database),
                        base::mark_outside(base::printable_line(failure.message), code)),
            std::move(failure.hint), std::move(failure.sqlstate)};
}

ConnectError Session::State::no_answer() const {
    return {fmt::format("cannot connect to database '{}': the server does not answer within {} s",
                        base::printable(connection.database), connect_timeout(connection).count()),
            "Check host and port in the URL, and firewalls on the way; "
            "?connect_timeout=SECONDS waits longer."};
}

} // namespace dbbackup::pg
