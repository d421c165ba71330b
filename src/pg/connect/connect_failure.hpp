#pragma once

#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Why a connection failed.
struct ConnectFailure {
    std::string message;  ///< libpq's, as without PQERRORS_VERBOSE
    std::string sqlstate; ///< of the server that refused; empty if none answered
    std::string reason;   ///< in our own words, "connection refused"; empty if unknown
    std::string hint;
};

/// Parses libpq's message for a connection with PQERRORS_VERBOSE: libpq has no other way to report
/// the SQLSTATE of a refused connection.
[[nodiscard]] ConnectFailure read_connect_failure(std::string_view verbose_message);

} // namespace dbbackup::pg
