#pragma once

#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Why a connection failed.
struct ConnectFailure {
    std::string message;  ///< libpq's, as it reads without PQERRORS_VERBOSE
    std::string sqlstate; ///< of the server that refused; empty if none answered
    std::string reason;   ///< in our own words, "connection refused"; empty if unknown
    std::string hint;
};

/// Reads what libpq says of a connection with PQERRORS_VERBOSE: libpq has no other way to tell the
/// SQLSTATE of a server that refuses one.
[[nodiscard]] ConnectFailure read_connect_failure(std::string_view verbose_message);

} // namespace dbbackup::pg
