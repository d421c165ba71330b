#pragma once

#include <dbbackup/base/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// An error about the URL. Only fixed texts go into it: any piece of a mistyped URL may be a piece
/// of its password.
[[nodiscard]] base::Error url_error(const std::string& message, std::string hint = {});

struct UrlQueryParameter {
    std::string_view name;
    std::string_view value;
};

/// The pieces of a URL, still percent-encoded; absent ones are empty.
struct UrlParts {
    std::string_view user;
    std::string_view password;
    std::string hosts; ///< separated by commas, IPv6 addresses without their brackets
    std::string ports; ///< separated by as many commas
    std::string_view database;
    std::vector<UrlQueryParameter> query;
};

/// Splits a URL where libpq splits it (conninfo_uri_parse_options in its fe-connect.c). `url` must
/// outlive the result. Throws base::Error{usage} without any part of the URL in its text; also if
/// an unencoded '@', '/' or '?' makes it likely that libpq would take a piece of a password for
/// something else.
[[nodiscard]] UrlParts split_url(std::string_view url);

/// `text` with each %XX replaced by its byte. `part` names it in the error: "the password".
/// Throws base::Error{usage} for an incomplete or wrong code, and for %00.
[[nodiscard]] std::string percent_decode(std::string_view text, const std::string& part);

} // namespace dbbackup::pg
