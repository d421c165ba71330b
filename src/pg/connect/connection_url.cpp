#include "pg/connect/host_list.hpp"
#include "pg/connect/libpq_options.hpp"
#include "pg/connect/orm_parameters.hpp"
#include "pg/connect/url_syntax.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace dbbackup::pg {

namespace {

constexpr std::size_t k_longest_shown_name = 40;
constexpr auto k_withheld_name = "(a name that is not shown)";

// A host name has no '@': what looks like one is the rest of a password. A path (or, with a leading
// '@', an abstract address) of a unix socket may have one.
void require_hosts(std::string_view hosts) {
    for (const auto host : split_list(hosts)) {
        if (!host.starts_with('/') && host.find('@', 1) != std::string_view::npos) {
            throw url_error("the host in the database URL holds an '@'",
                            "In a user name or password, '@' must be written %40.");
        }
    }
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, port);
    return result.ec == std::errc{} && result.ptr == end && port != 0;
}

void require_ports(std::string_view ports) {
    for (const auto port : split_list(ports)) {
        if (!port.empty() && !is_port(port)) {
            throw url_error("the port in the database URL is not a number from 1 to 65535",
                            "In a user name or password, '/' must be written %2F and ':' %3A.");
        }
    }
}

void require_database_name(const std::string& name) {
    if (name.size() > k_longest_database_name) {
        throw url_error("the database name in the URL is longer than 63 bytes",
                        "PostgreSQL would cut it off, and so reach another database.");
    }
    if (!base::is_valid_utf8(name)) {
        throw url_error("the database name in the URL is not valid UTF-8");
    }
}

void require_database(const Connection& connection) {
    if (connection.find("dbname") == nullptr) {
        throw url_error("the database URL names no database",
                        "Its name comes after the host: postgresql://HOST/DATABASE.");
    }
}

void require_value(const Connection& connection, const std::string& keyword,
                   const std::string& value) {
    if (keyword == "host") {
        require_hosts(value);
    }
    if (keyword == "port") {
        require_ports(value);
    }
    if (keyword == "sslmode" && value == "no-verify") {
        throw url_error("the database URL has sslmode=no-verify, which only node-postgres knows",
                        "Write sslmode=require, which checks no certificate either; for "
                        "node-postgres to read it so too, add uselibpqcompat=true.");
    }
    if (keyword != "dbname") {
        return;
    }
    require_database_name(value);
    if (const auto* other = connection.find("dbname"); other != nullptr && *other != value) {
        throw url_error("the URL names two different databases",
                        "Leave out the query parameter dbname.");
    }
}

void remember_secret(Connection& connection, const std::string& secret) {
    auto& secrets = connection.secrets;
    if (std::find(secrets.begin(), secrets.end(), secret) == secrets.end()) {
        secrets.push_back(secret);
    }
}

// `raw` is percent-encoded, `part` names it in an error. The last value for a keyword counts.
void set_parameter(Connection& connection, const std::string& keyword, std::string_view raw,
                   const std::string& part) {
    if (raw.empty()) {
        return;
    }
    const auto value = percent_decode(raw, part);
    if (find_secret_option(keyword) != nullptr) {
        remember_secret(connection, value);
        remember_secret(connection, std::string{raw});
    }
    require_value(connection, keyword, value);

    connection.set(keyword, value);
}

// With a raw '?' or '&' in a password, a piece of it can be where a parameter's name should be.
bool can_be_shown(std::string_view name) {
    const auto is_plain = [](unsigned char character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
               (character >= 'A' && character <= 'Z') || character == '_' || character == '-' ||
               character == '.';
    };
    return !name.empty() && name.size() <= k_longest_shown_name &&
           std::all_of(name.begin(), name.end(), is_plain);
}

void drop_parameter(Connection& connection, const std::string& name) {
    const std::string shown = can_be_shown(name) ? name : k_withheld_name;
    auto& dropped = is_orm_parameter(name) ? connection.dropped_of_orms : connection.dropped;
    if (std::find(dropped.begin(), dropped.end(), shown) == dropped.end()) {
        dropped.push_back(shown);
    }
}

void add_query_parameter(Connection& connection, const UrlQueryParameter& parameter) {
    const auto part = "a query parameter";
    const auto name = percent_decode(parameter.name, part);
    const auto value = percent_decode(parameter.value, part);
    // libpq understands this much of JDBC's dialect.
    if (name == "ssl" && value == "true") {
        return set_parameter(connection, "sslmode", "require", part);
    }
    // Replication connections accept no queries, or only some: no client here can use one.
    if (libpq_keywords().contains(name) && name != "replication") {
        return set_parameter(connection, name, parameter.value, part);
    }

    if (parameter.name.find('@') != std::string_view::npos ||
        parameter.value.find('@') != std::string_view::npos) {
        throw url_error("an unknown query parameter of the database URL holds an '@'",
                        "In a user name or password, '@' must be written %40, '/' %2F and '?' "
                        "%3F; so must an '@' in the query.");
    }
    if (name == "pgbouncer" && value == "true") {
        connection.pooler_hint = "The URL says pgbouncer=true: use the URL of the PostgreSQL "
                                 "server itself, which the provider calls direct or non-pooling.";
    }
    drop_parameter(connection, name);
}

// Hosts that a service names are unknown here: libpq must count those.
void require_port_per_host(const Connection& connection) {
    const auto* ports = connection.find("port");
    const auto* addresses = connection.find("hostaddr");
    const auto* hosts = addresses != nullptr ? addresses : connection.find("host");
    if (ports == nullptr || (hosts == nullptr && connection.find("service") != nullptr)) {
        return;
    }
    const auto host_count = hosts != nullptr ? split_list(*hosts).size() : 1;
    const auto port_count = split_list(*ports).size();
    if (port_count != 1 && port_count != host_count) {
        throw url_error("the database URL does not have one port for each of its hosts",
                        "Give one port for all hosts, or as many ports as hosts.");
    }
}

// A dump through a pooler can lose its session, and with it the snapshot, between two queries.
std::optional<std::string> find_pooler_in_address(const Connection& connection) {
    if (const auto* hosts = connection.find("host")) {
        for (const auto host : split_list(*hosts)) {
            if (host.substr(0, host.find('.')).ends_with("-pooler")) {
                return "The host is a connection pooler: remove '-pooler' from its name to reach "
                       "the server directly.";
            }
        }
    }
    if (const auto* ports = connection.find("port")) {
        for (const auto port : split_list(*ports)) {
            if (port == "6543") {
                return "Port 6543 is where Supabase's connection pooler listens: use the server "
                       "itself, port 5432 of db.PROJECT.supabase.co.";
            }
        }
    }
    return std::nullopt;
}

} // namespace

Connection parse_connection_url(std::string_view url) {
    const auto parts = split_url(url);
    Connection connection;
    set_parameter(connection, "user", parts.user, "the user name");
    set_parameter(connection, "password", parts.password, "the password");
    set_parameter(connection, "host", parts.hosts, "the host");
    set_parameter(connection, "port", parts.ports, "the port");
    set_parameter(connection, "dbname", parts.database, "the database name");
    for (const auto& parameter : parts.query) {
        add_query_parameter(connection, parameter);
    }

    require_database(connection);
    require_port_per_host(connection);
    connection.database = *connection.find("dbname");
    if (auto hint = find_pooler_in_address(connection)) {
        connection.pooler_hint = std::move(hint);
    }
    return connection;
}

} // namespace dbbackup::pg
