#include "pg/connect/connect_failure.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace dbbackup::pg {

namespace {

struct Reason {
    std::string_view sign; ///< in libpq's message, or the beginning of an SQLSTATE
    std::string_view words;
    std::string_view hint;
};

constexpr std::string_view k_any_hint =
    "Check host, port, user, password and database name in the URL, and that the server is "
    "running.";

constexpr auto k_states = std::to_array<Reason>({
    {"28P01", "", "Check user and password in the URL: the server refuses that password."},
    {"28", "",
     "Check the user in the URL. The server does not let that user in, or not from this host: see "
     "its pg_hba.conf."},
    {"3D000", "", "Check the database name in the URL."},
    {"53300", "", "All connections are taken. Try again later, or raise max_connections."},
    {"57P03", "", "The server is starting up or shutting down. Try again in a moment."},
});

/// libpq's own words, and the system's. This program sets no locale, so they are English.
constexpr auto k_reasons = std::to_array<Reason>({
    {"no password supplied", "no password given",
     "The server asks for a password. Put one into the URL, or into ~/.pgpass."},
    {"could not translate host name", "host unknown", "Check the host in the URL."},
    {"Connection refused", "connection refused",
     "Nothing listens there. Check host and port in the URL, and that the server is running."},
    {"No such file or directory", "no such socket",
     "Nothing listens there. Check host and port in the URL, and that the server is running."},
    {"timeout expired", "timed out", "Check host and port in the URL, and firewalls on the way."},
    {"timed out", "timed out", "Check host and port in the URL, and firewalls on the way."},
    {"unreachable", "network unreachable", "Check the host in the URL, and the network."},
    {"No route to host", "network unreachable", "Check the host in the URL, and the network."},
    {"server does not support SSL", "the server has no TLS",
     "The server has no TLS, which sslmode in the URL asks for."},
    {"certificate", "TLS failed", "Check sslmode, sslrootcert and the host in the URL."},
    {"SSL error", "TLS failed", "Check sslmode and host in the URL."},
    {"closed the connection unexpectedly", "connection closed",
     "Check that host and port in the URL are those of a PostgreSQL server, and see its log."},
});

/// Where an SQLSTATE begins: after the severity, "FATAL:  28P01: password …".
std::optional<std::size_t> find_state(std::string_view line) {
    constexpr std::string_view k_before = ":  ";
    constexpr std::size_t k_length = 5;
    const std::size_t found = line.find(k_before);
    if (found == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t start = found + k_before.size();
    const std::string_view state = line.substr(start, k_length);
    const bool is_state = state.size() == k_length && std::ranges::all_of(state, [](char c) {
                              return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                          });
    return is_state && line.substr(start + k_length).starts_with(": ") ? std::optional{start}
                                                                       : std::nullopt;
}

/// Without the words that only PQERRORS_VERBOSE adds; stores the last SQLSTATE, of the host that
/// was tried last.
std::string plain_line(std::string_view line, std::string& sqlstate) {
    const auto start = find_state(line);
    if (!start) {
        return std::string{line};
    }
    sqlstate = line.substr(*start, 5);
    return std::string{line.substr(0, *start)} + std::string{line.substr(*start + 7)};
}

} // namespace

ConnectFailure read_connect_failure(std::string_view verbose_message) {
    ConnectFailure failure;
    while (!verbose_message.empty()) {
        const std::size_t end =
            std::min(verbose_message.find('\n'), verbose_message.size() - 1) + 1;
        const std::string_view line = verbose_message.substr(0, end);
        if (!line.starts_with("LOCATION:  ")) {
            failure.message += plain_line(line, failure.sqlstate);
        }
        verbose_message.remove_prefix(end);
    }
    failure.hint = k_any_hint;
    if (!failure.sqlstate.empty()) {
        const auto* state = std::ranges::find_if(
            k_states, [&](const Reason& one) { return failure.sqlstate.starts_with(one.sign); });
        failure.hint = state == k_states.end() ? k_any_hint : state->hint;
        return failure;
    }
    const auto* reason = std::ranges::find_if(k_reasons, [&](const Reason& one) {
        return failure.message.find(one.sign) != std::string::npos;
    });
    if (reason != k_reasons.end()) {
        failure.reason = reason->words;
        failure.hint = reason->hint;
    }
    return failure;
}

} // namespace dbbackup::pg
