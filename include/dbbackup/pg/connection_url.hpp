#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// One of libpq's connection parameters, by keyword.
struct ConnectionParameter {
    std::string keyword;
    std::string value;

    bool operator==(const ConnectionParameter&) const = default;
};

/// The longest database name in a default build of PostgreSQL, in bytes. It truncates a longer one
/// without an error, and the result may name another database.
inline constexpr std::size_t k_longest_database_name = 63;

/// Where to connect and how, read from a URL. Holds secrets: never print it whole.
struct Connection {
    /// The parameters for libpq, each keyword once, `dbname` included, in the order of the URL. No
    /// value is empty.
    std::vector<ConnectionParameter> parameters;
    /// The database named by the URL: 1 to 63 bytes of UTF-8.
    std::string database;
    /// Names of ignored URL parameters, e.g. "ssl", each once: those that libpq does not know, and
    /// `replication`. A name that might be a piece of a password is replaced with a note in
    /// parentheses.
    std::vector<std::string> dropped;
    /// The same for parameters that are known to be meant for an ORM, e.g. "connection_limit".
    std::vector<std::string> dropped_of_orms;
    /// Set if the URL leads to a connection pooler: how to name the server directly.
    std::optional<std::string> pooler_hint;

    /// The value of `keyword`, or nothing.
    [[nodiscard]] const std::string* find(std::string_view keyword) const noexcept;
    /// Sets `keyword` to that value, keeping its position if it is already there.
    void set(std::string_view keyword, std::string value);
    void remove(std::string_view keyword);
    /// Adds to libpq's `options`: "-c name=value".
    void add_options(std::string_view more);
    /// `text` with every secret of this connection, raw or as it stood in the URL, replaced by
    /// `***`: a second line of defence for messages of other programs. Secrets of one or two bytes
    /// stay: replacing them would shred every message.
    [[nodiscard]] std::string redact(std::string_view text) const;

    std::vector<std::string> secrets; ///< what redact() looks for
};

/// Keywords that the installed libpq knows (its own table of options).
[[nodiscard]] const std::set<std::string, std::less<>>& libpq_keywords();

/// Reads a postgres:// or postgresql:// URL as libpq does, but is stricter if laxness could reach
/// the wrong database or show a password. Makes no connection. Throws base::Error{usage}, whose
/// text never holds any part of the URL.
///
/// As in libpq, the last of several values for one parameter counts, so that the query overrides
/// what precedes it. Unlike in libpq, an empty value counts as not given, and two different
/// database names are refused.
[[nodiscard]] Connection parse_connection_url(std::string_view url);

} // namespace dbbackup::pg
