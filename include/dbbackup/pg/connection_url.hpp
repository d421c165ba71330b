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

/// Where to connect and how, read from a URL. Holds secrets: never print it whole.
struct Connection {
    /// What libpq is told, each keyword once, `dbname` included, in the order of the URL.
    std::vector<ConnectionParameter> parameters;
    /// The database named by the URL: 1 to 63 bytes of UTF-8.
    std::string database;
    /// Names of URL parameters that libpq does not know and that were left out, e.g. "schema".
    std::vector<std::string> dropped;
    /// Set where the URL leads to a connection pooler: how to name the server directly.
    std::optional<std::string> pooler_hint;

    /// The value of `keyword`, or nothing.
    [[nodiscard]] const std::string* find(std::string_view keyword) const noexcept;
    /// `text` with every secret of this connection, raw or as it stood in the URL, replaced by
    /// `***`: a second line of defence for messages of other programs.
    [[nodiscard]] std::string redact(std::string text) const;

    std::vector<std::string> secrets; ///< what redact() looks for
};

/// Keywords that the installed libpq knows (PQconndefaults).
[[nodiscard]] const std::set<std::string, std::less<>>& libpq_keywords();

/// Reads a postgres:// or postgresql:// URL as libpq does, only stricter where laxness would reach
/// the wrong database. Nothing is contacted. Throws base::Error{usage}, whose text never holds any
/// part of the URL but the names of its query parameters.
[[nodiscard]] Connection parse_connection_url(std::string_view url);

} // namespace dbbackup::pg
