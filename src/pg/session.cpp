#include "pg/host_list.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

namespace dbbackup::pg {

namespace {

using namespace std::chrono_literals;

constexpr auto k_connect_timeout = 30s;
constexpr auto k_query_patience = 24h;

struct ResultDeleter {
    void operator()(PGresult* result) const noexcept { ::PQclear(result); }
};

using Result = std::unique_ptr<PGresult, ResultDeleter>;

std::string message_of(const Connection& connection, const char* raw) {
    return base::printable_line(connection.redact(raw));
}

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

std::uint64_t to_number(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

struct Session::State {
    Connection connection;
    std::unique_ptr<PGconn, decltype(&::PQfinish)> handle{nullptr, ::PQfinish};

    [[nodiscard]] base::Error failure(const std::string& what, std::string hint) const {
        return {base::ErrorKind::failed,
                fmt::format("{}: {}", what, message_of(connection, ::PQerrorMessage(handle.get()))),
                std::move(hint)};
    }

    [[nodiscard]] base::Error connect_failure() const {
        return failure(
            fmt::format("cannot connect to database '{}'", base::printable(connection.database)),
            "Check host, port, user, password and database name in the URL, and that the server "
            "is running.");
    }

    /// Of several servers libpq itself passes over those that refuse; one that is silent it leaves
    /// to us.
    void connect() {
        std::optional<Connection> left = connection;
        while (!try_to_connect(*left)) {
            left = without_server(*left, ::PQhost(handle.get()), ::PQport(handle.get()));
            if (!left) {
                throw no_answer();
            }
        }
    }

    /// False where a server did not answer in time.
    bool try_to_connect(const Connection& to) {
        handle.reset(start_connecting(to));
        if (!handle) {
            throw std::bad_alloc{};
        }
        ::PQsetNoticeProcessor(
            handle.get(), [](void*, const char*) {}, nullptr);
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
        return true;
    }

    [[nodiscard]] base::Error no_answer() const {
        return {
            base::ErrorKind::failed,
            fmt::format("cannot connect to database '{}': the server does not answer within {} s",
                        base::printable(connection.database), connect_timeout(connection).count()),
            "Check host and port in the URL, and firewalls on the way; "
            "?connect_timeout=SECONDS waits longer."};
    }

    /// The result of the statement sent last, waited for so that a signal can end the wait.
    Result next_result() {
        while (::PQisBusy(handle.get()) != 0) {
            if (!sys::wait_for_fd(::PQsocket(handle.get()), POLLIN, k_query_patience) ||
                ::PQconsumeInput(handle.get()) == 0) {
                throw failure("lost the connection to the server", "");
            }
        }
        return Result{::PQgetResult(handle.get())};
    }
};

Session::Session(const Connection& connection) : state_(std::make_unique<State>()) {
    state_->connection = connection;
    state_->connect();
    // A pooler may have led elsewhere than the URL says.
    const std::string database = query("select pg_catalog.current_database()").at(0).at(0);
    if (database != connection.database) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("the server connected us to database '{}' instead of '{}'",
                                      base::printable(database),
                                      base::printable(connection.database)),
                          "Name the server itself in the URL, not a pooler."};
    }
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;

std::vector<Session::Row> Session::query(const std::string& sql) {
    return query(sql, {});
}

std::vector<Session::Row> Session::query(const std::string& sql,
                                         const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    for (const std::string& parameter : parameters) {
        values.push_back(parameter.c_str());
    }
    if (::PQsendQueryParams(state_->handle.get(), sql.c_str(), static_cast<int>(values.size()),
                            nullptr, values.data(), nullptr, nullptr, 0) == 0) {
        throw state_->failure("cannot ask the server", "");
    }
    std::vector<Row> rows;
    bool failed = false;
    std::string message;
    while (const Result result = state_->next_result()) {
        const ExecStatusType status = ::PQresultStatus(result.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            failed = true;
            message = message_of(state_->connection, ::PQresultErrorMessage(result.get()));
            continue;
        }
        for (int row = 0; row < ::PQntuples(result.get()); ++row) {
            Row& values = rows.emplace_back();
            for (int column = 0; column < ::PQnfields(result.get()); ++column) {
                values.emplace_back(::PQgetvalue(result.get(), row, column));
            }
        }
    }
    if (failed) {
        throw base::Error{base::ErrorKind::failed, "the server refused a question: " + message};
    }
    return rows;
}

ServerInfo Session::server_info() {
    PGconn* handle = state_->handle.get();
    ServerInfo info;
    info.version_number = ::PQserverVersion(handle);
    const char* version = ::PQparameterStatus(handle, "server_version");
    info.version = version == nullptr ? "unknown" : version; // some poolers do not tell it
    info.host = ::PQhost(handle);
    const char* address = ::PQhostaddr(handle);
    info.address = address == nullptr ? "" : address;
    info.port = static_cast<int>(to_number(::PQport(handle)));
    info.user = ::PQuser(handle);
    info.encoding = query("show server_encoding")[0][0];
    info.writes_bytea_as_hex =
        query("select pg_catalog.current_setting('bytea_output')")[0][0] == "hex";
    info.database_size =
        to_number(query("select pg_catalog.pg_database_size(pg_catalog.current_database())")[0][0]);
    try {
        // pg_table_size takes a lock: a table that somebody alters must not hold up an estimate.
        (void)query("set lock_timeout = '500ms'");
        info.table_size = to_number(
            query("select coalesce(sum(pg_catalog.pg_table_size(c.oid)), 0) "
                  "from pg_catalog.pg_class c join pg_catalog.pg_namespace n "
                  "on n.oid = c.relnamespace where c.relkind = 'r' and c.relpersistence <> 't' "
                  "and n.nspname not in ('pg_catalog', 'information_schema')")[0][0]);
    } catch (const base::Error&) {
        // Only percentages and the check for free space depend on it.
    }
    return info;
}

Connection pin_to_server(Connection connection, const ServerInfo& server) {
    // Even one host name, a service or PGHOST can lead to several servers, and to another one the
    // next time. The name stays beside the address: certificates and passfiles go by it.
    std::erase_if(connection.parameters, [](const ConnectionParameter& parameter) {
        return parameter.keyword == "host" || parameter.keyword == "hostaddr" ||
               parameter.keyword == "port";
    });
    connection.parameters.push_back({"host", server.host});
    if (!server.address.empty()) {
        connection.parameters.push_back({"hostaddr", server.address});
    }
    connection.parameters.push_back({"port", std::to_string(server.port)});
    if (connection.find("client_encoding") == nullptr) {
        // The database's own can write every row; a role or database may be set to another.
        connection.parameters.push_back({"client_encoding", server.encoding});
    }
    if (!server.writes_bytea_as_hex) {
        // Only where needed: some poolers refuse a session with options.
        const std::string* options = connection.find("options");
        std::string all = options == nullptr ? "" : *options + " ";
        std::erase_if(connection.parameters, [](const ConnectionParameter& parameter) {
            return parameter.keyword == "options";
        });
        connection.parameters.push_back({"options", all + "-c bytea_output=hex"});
    }
    return connection;
}

} // namespace dbbackup::pg
