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

/// What PostgreSQL, as everybody builds it, takes of a database's name, in bytes: it cuts a longer
/// one off without an error, so that it may be another database's.
inline constexpr std::size_t k_longest_database_name = 63;

/// Where to connect and how, read from a URL. Holds secrets: never print it whole.
struct Connection {
    /// What libpq is told, each keyword once, `dbname` included, in the order of the URL. No value
    /// is empty.
    std::vector<ConnectionParameter> parameters;
    /// The database named by the URL: 1 to 63 bytes of UTF-8.
    std::string database;
    /// Names of URL parameters that were left out, e.g. "ssl", each once: those that libpq does
    /// not know, and `replication`. A name that might be a piece of a password is not among them;
    /// a note in parentheses stands in its place.
    std::vector<std::string> dropped;
    /// The same of parameters that are known to be an ORM's own business, e.g. "connection_limit".
    std::vector<std::string> dropped_of_orms;
    /// Set where the URL leads to a connection pooler: how to name the server directly.
    std::optional<std::string> pooler_hint;

    /// The value of `keyword`, or nothing.
    [[nodiscard]] const std::string* find(std::string_view keyword) const noexcept;
    /// Gives `keyword` that value, in the place of any other.
    void set(std::string_view keyword, std::string value);
    void remove(std::string_view keyword);
    /// Adds to libpq's `options`: "-c name=value".
    void add_options(std::string_view more);
    /// `text` with every secret of this connection, raw or as it stood in the URL, replaced by
    /// `***`: a second line of defence for messages of other programs. Secrets of one or two bytes
    /// stay, or else they would shred every message.
    [[nodiscard]] std::string redact(std::string_view text) const;

    std::vector<std::string> secrets; ///< what redact() looks for
};

/// Keywords that the installed libpq knows (its own table of options).
[[nodiscard]] const std::set<std::string, std::less<>>& libpq_keywords();

/// Reads a postgres:// or postgresql:// URL as libpq does, only stricter where laxness would reach
/// the wrong database or show a password. Nothing is contacted. Throws base::Error{usage}, whose
/// text never holds any part of the URL.
///
/// As in libpq: of several values for one parameter the last one counts, so that the query
/// overrides what stands before it. Other than in libpq: an empty value counts as not given, and
/// two different database names are refused.
[[nodiscard]] Connection parse_connection_url(std::string_view url);

} // namespace dbbackup::pg
