#include "cli/run_record/ping_url.hpp"

#include <algorithm>
#include <cctype>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_longest = 4096;

/// What follows "http://" or "https://"; empty if `url` begins with neither.
std::string_view without_scheme(std::string_view url) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        const bool has_it =
            url.size() > scheme.size() &&
            std::ranges::equal(url.substr(0, scheme.size()), scheme, [](char c, char expected) {
                return std::tolower(static_cast<unsigned char>(c)) == expected;
            });
        if (has_it) {
            return url.substr(scheme.size());
        }
    }
    return {};
}

/// User, host and port.
std::string_view authority_of(std::string_view url) {
    const std::string_view rest = without_scheme(url);
    return rest.substr(0, rest.find_first_of("/?#"));
}

bool may_be_in_url(char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f' && c != '\\';
}

bool may_be_in_host(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
}

} // namespace

bool is_ping_url(std::string_view url) {
    return url.size() <= k_longest && std::ranges::all_of(url, may_be_in_url) &&
           !authority_of(url).empty();
}

std::string host_of_ping(std::string_view url) {
    std::string_view host = authority_of(url);
    host.remove_prefix(host.rfind('@') + 1); // 0 if there is none
    host = host.substr(0, host.rfind(':'));
    return !host.empty() && std::ranges::all_of(host, may_be_in_host) ? std::string{host}
                                                                      : "its server";
}

std::string ping_url_of(std::string_view url, std::string_view step) {
    const std::size_t end = std::min(url.find_first_of("?#"), url.size());
    std::string made{url.substr(0, end)};
    while (made.ends_with('/')) {
        made.pop_back();
    }
    return made.append("/").append(step).append(url.substr(end));
}

} // namespace dbbackup::cli
