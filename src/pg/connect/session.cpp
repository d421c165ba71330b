#include "pg/connect/answered_number.hpp"
#include "pg/connect/row_settings.hpp"
#include "pg/connect/session_state.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

/// Collects the rows of an answer, up to a limit: an impostor of the server must not fill our
/// memory.
class Answer {
public:
    void add(const PGresult* result) {
        Session::Row& row = rows.emplace_back();
        size_ += sizeof row;
        for (int column = 0; column < ::PQnfields(result); ++column) {
            row.emplace_back(::PQgetvalue(result, 0, column));
            size_ += sizeof(std::string) + row.back().size();
        }
        if (size_ > k_longest_answer) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the server's answer to a question about the database is "
                                          "larger than {}",
                                          base::format_byte_size(k_longest_answer)),
                              "Check that the URL leads to your own server."};
        }
    }

    std::vector<Session::Row> rows;

private:
    static constexpr std::uint64_t k_longest_answer = 512ULL << 20; ///< bytes of our memory

    std::uint64_t size_ = 0;
};

/// The columns of ICU locales: since 15, renamed in 17.
const char* locale_columns(int major) {
    if (major >= 17) {
        return "case datlocprovider when 'i' then 'icu' when 'b' then 'builtin' when 'c' then "
               "'libc' else '' end, "
               "case datlocprovider when 'i' then datlocale end, daticurules, "
               "case datlocprovider when 'b' then datlocale end";
    }
    if (major >= 15) {
        return major == 15 ? "case datlocprovider when 'i' then 'icu' else 'libc' end, "
                             "daticulocale, '', ''"
                           : "case datlocprovider when 'i' then 'icu' else 'libc' end, "
                             "daticulocale, daticurules, ''";
    }
    return "'libc', '', '', ''";
}

DatabaseLocale find_locale(Session& session, int major) {
    try {
        const Session::Row row =
            session
                .query(fmt::format("select datcollate, datctype, {} from pg_catalog.pg_database "
                                   "where datname = pg_catalog.current_database()",
                                   locale_columns(major)))
                .at(0);
        return {.provider = row[2],
                .collate = row[0],
                .ctype = row[1],
                .icu_locale = row[3],
                .icu_rules = row[4],
                .builtin_locale = row[5]};
    } catch (const ServerError&) {
        return {}; // servers that imitate PostgreSQL may lack these columns
    }
}

/// If the role's or database's timeout is a millisecond or so, the statement that lifts it can
/// itself exceed it on a busy machine.
void lift_statement_timeout(Session& session) {
    constexpr const char* k_query_canceled = "57014";
    constexpr int k_most_attempts = 20;
    for (int attempt = 1;; ++attempt) {
        try {
            session.execute("set statement_timeout = 0");
            return;
        } catch (const ServerError& error) {
            if (error.sqlstate() != k_query_canceled || attempt == k_most_attempts) {
                throw;
            }
        }
    }
}

} // namespace

Session::Session(const Connection& connection) : state_(std::make_unique<State>(connection)) {
    state_->connect();
    // A role or a database may have timeouts for an application's queries. The first can be shorter
    // than the query for the others, which not every version has.
    lift_statement_timeout(*this);
    // JIT compiles our catalog queries for seconds, to answer them in milliseconds.
    (void)query("select pg_catalog.set_config(s.name, case s.name when 'jit' then 'off' else '0' "
                "end, false) from pg_catalog.pg_settings s "
                "where s.name in ('jit', 'transaction_timeout', 'idle_session_timeout', "
                "'idle_in_transaction_session_timeout')");
    // A pooler may have connected to another database than the URL names.
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
    state_->send(sql, parameters);
    ::PQsetSingleRowMode(state_->handle.get());
    Answer answer;
    (void)state_->require_success([&answer](const PGresult* row) { answer.add(row); });
    return std::move(answer.rows);
}

ServerInfo Session::server_info() {
    PGconn* handle = state_->handle.get();
    ServerInfo info;
    info.identity = read_database_identity(*this);
    info.version_number = ::PQserverVersion(handle);
    const char* version = ::PQparameterStatus(handle, "server_version");
    info.version = version == nullptr ? "unknown" : version; // some poolers do not report it
    info.host = ::PQhost(handle);
    const char* address = ::PQhostaddr(handle);
    info.address = address == nullptr ? "" : address;
    info.port = static_cast<int>(answered_number(::PQport(handle)));
    info.user = ::PQuser(handle);
    info.encoding = query("show server_encoding")[0][0];
    info.locale = find_locale(*this, major_version(info.version_number));
    info.writes_bytea_as_hex =
        query("select pg_catalog.current_setting('bytea_output')")[0][0] == "hex";
    info.database_size = answered_number(
        query("select pg_catalog.pg_database_size(pg_catalog.current_database())")[0][0]);
    try {
        // pg_table_size acquires a lock: a table that is being altered must not delay an estimate.
        (void)query("set lock_timeout = '500ms'");
        info.table_size = answered_number(
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
    // next time. The name is kept with the address: certificates and passfiles need it.
    connection.set("host", server.host);
    connection.set("port", std::to_string(server.port));
    if (server.address.empty()) {
        connection.remove("hostaddr");
    } else {
        connection.set("hostaddr", server.address);
    }
    if (connection.find("client_encoding") == nullptr) {
        // The database's own encoding can write every row; a role or database may be set to
        // another.
        connection.set("client_encoding", server.encoding);
    }
    if (!server.writes_bytea_as_hex) {
        // Only if needed: some poolers refuse a session with options.
        connection.add_options(fmt::format("-c bytea_output={}", k_row_bytea_output));
    }
    return connection;
}

} // namespace dbbackup::pg
