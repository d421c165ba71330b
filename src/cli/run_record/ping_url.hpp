#pragma once

#include <string>
#include <string_view>

namespace dbbackup::cli {

// The URL of a ping is a secret: who knows it can forge pings. Only its host is ever shown.

/// True for http:// and https:// with a host, and no white space or control characters.
[[nodiscard]] bool is_ping_url(std::string_view url);

/// "hc-ping.com"; "its server", if that cannot be told apart from secret parts.
[[nodiscard]] std::string host_of_ping(std::string_view url);

/// `url` with `/step` at the end of its path, before its query.
[[nodiscard]] std::string ping_url_of(std::string_view url, std::string_view step);

} // namespace dbbackup::cli
