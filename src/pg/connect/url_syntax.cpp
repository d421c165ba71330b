#include "pg/connect/url_syntax.hpp"

#include "pg/connect/foreign_scheme.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace dbbackup::pg {

namespace {

constexpr auto k_none = std::string_view::npos;

constexpr auto k_encode_at =
    "In a user name, password or database name, '@' must be written %40 and '/' %2F.";

// Removes the text before the first of `stops` from the front of `rest`.
std::string_view take_until(std::string_view& rest, std::string_view stops) {
    const auto taken = rest.substr(0, rest.find_first_of(stops));
    rest.remove_prefix(taken.size());
    return taken;
}

bool take_character(std::string_view& rest, char character) {
    if (!rest.starts_with(character)) {
        return false;
    }
    rest.remove_prefix(1);
    return true;
}

void take_scheme(std::string_view& rest) {
    for (const std::string_view scheme : {"postgresql://", "postgres://"}) {
        if (rest.starts_with(scheme)) {
            rest.remove_prefix(scheme.size());
            return;
        }
    }
    throw scheme_error(rest);
}

// What is before the first '@', if no '/' comes earlier. Only the first ':' separates, so the
// password may hold more of them.
void take_credentials(std::string_view& rest, UrlParts& parts) {
    const auto end = rest.find_first_of("@/");
    if (end == k_none || rest[end] != '@') {
        return;
    }
    parts.password = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    parts.user = take_until(parts.password, ":");
    take_character(parts.password, ':');
    // HOST?password=a@b would become a user name, which is not secret.
    if (parts.user.find('?') != k_none) {
        throw url_error("the user name in the database URL holds a '?'",
                        "Put a '/' before the query; a '?' that belongs to the user name must be "
                        "written %3F, and an '@' in the query %40.");
    }
}

std::string_view take_host(std::string_view& rest) {
    if (!take_character(rest, '[')) {
        return take_until(rest, ":/?,");
    }
    const auto address = take_until(rest, "]");
    if (!take_character(rest, ']') || address.empty()) {
        throw url_error("the database URL has an IPv6 address without its end or content",
                        "Write it as [::1].");
    }
    if (!rest.empty() && std::string_view{":/?,"}.find(rest.front()) == k_none) {
        throw url_error("the database URL is wrong after its IPv6 address",
                        "After the ']' comes ':PORT' or '/DATABASE'.");
    }
    return address;
}

void take_servers(std::string_view& rest, UrlParts& parts) {
    const auto servers = rest;
    for (;;) {
        parts.hosts += take_host(rest);
        if (take_character(rest, ':')) {
            parts.ports += take_until(rest, "/?,");
        }
        if (!take_character(rest, ',')) {
            break;
        }
        parts.hosts += ',';
        parts.ports += ',';
    }
    if (servers.substr(0, servers.size() - rest.size()).find('@') != k_none) {
        throw url_error("the database URL has more than one '@' before its database name",
                        k_encode_at);
    }
}

void take_database(std::string_view& rest, UrlParts& parts) {
    if (!take_character(rest, '/')) {
        return;
    }
    parts.database = take_until(rest, "?");
    if (parts.database.find_first_of("/@") != k_none) {
        throw url_error("the database name in the URL holds an unencoded '/' or '@'", k_encode_at);
    }
}

UrlQueryParameter split_query_parameter(std::string_view text) {
    const auto separator = text.find('=');
    if (separator == k_none || text.find('=', separator + 1) != k_none) {
        throw url_error("a query parameter of the database URL is not of the form NAME=VALUE",
                        "In a value, '=' must be written %3D and '&' %26; in a password before the "
                        "host, '@' must be written %40 and '/' %2F.");
    }
    return {.name = text.substr(0, separator), .value = text.substr(separator + 1)};
}

void take_query(std::string_view& rest, UrlParts& parts) {
    take_character(rest, '?');
    while (!rest.empty()) {
        parts.query.push_back(split_query_parameter(take_until(rest, "&")));
        take_character(rest, '&');
    }
}

// The value of two hexadecimal digits, or nothing if `digits` is something else.
std::optional<unsigned char> hex_byte(std::string_view digits) {
    unsigned char byte = 0;
    const auto* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || result.ec != std::errc{} || result.ptr != end) {
        return std::nullopt;
    }
    return byte;
}

// A line end or tab got there by accident (a file's last line, a wrapped paste), and libpq would
// make it a part of the password or the name. The same goes for a space at the end.
void require_sound_text(std::string_view url) {
    if (url.empty()) {
        throw url_error("the database URL is empty");
    }
    const auto is_control = [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20 || byte == 0x7f;
    };
    if (std::any_of(url.begin(), url.end(), is_control)) {
        throw url_error("the database URL holds a control character, such as a line end or a tab",
                        "Remove it. If you mean it, write it as %0A or %09.");
    }
    if (url.front() == ' ' || url.back() == ' ') {
        throw url_error("the database URL begins or ends with a space",
                        "Remove it. If you mean it, write it as %20.");
    }
}

} // namespace

base::Error url_error(const std::string& message, std::string hint) {
    return {base::ErrorKind::usage, message, std::move(hint)};
}

UrlParts split_url(std::string_view url) {
    require_sound_text(url);
    UrlParts parts;
    auto rest = url;
    take_scheme(rest);
    take_credentials(rest, parts);
    take_servers(rest, parts);
    take_database(rest, parts);
    take_query(rest, parts);
    return parts;
}

std::string percent_decode(std::string_view text, const std::string& part) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const auto byte = hex_byte(text.substr(i + 1, 2));
        if (!byte) {
            throw url_error(part + " in the URL has a '%' without two hexadecimal digits",
                            "A '%' that is meant as itself must be written %25.");
        }
        if (*byte == 0) {
            throw url_error(part + " in the URL holds %00, which PostgreSQL cannot take");
        }
        decoded += static_cast<char>(*byte);
        i += 2;
    }
    return decoded;
}

} // namespace dbbackup::pg
