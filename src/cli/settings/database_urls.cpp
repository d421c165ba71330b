#include "cli/settings/database_urls.hpp"

#include "cli/report/restore_text.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/database_address.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace dbbackup::cli {

namespace {

std::optional<pg::DatabaseAddress> find_address(const std::string& url) {
    try {
        return pg::address_of(pg::parse_connection_url(url));
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

bool has(const std::vector<PlacedUrl>& urls, UrlPlace place) {
    return std::ranges::find(urls, place, &PlacedUrl::place) != urls.end();
}

/// How to choose one of `urls`.
std::string choice_hint(const std::vector<PlacedUrl>& urls) {
    std::string choices;
    for (const PlacedUrl& url : urls) {
        if (url.place == UrlPlace::env_file) {
            choices += (choices.empty() ? "" : " or ") + shell_words({"--env-file", url.file});
        }
    }
    std::string hint;
    if (has(urls, UrlPlace::flag)) {
        hint = "Leave out --url to use the other one. To use that of --url, set DATABASE_URL to it "
               "in the environment and add --env-file /dev/null.";
    } else if (!choices.empty()) {
        hint = "Say which one you mean: " + choices;
        hint += has(urls, UrlPlace::environment)
                    ? ", or --env-file /dev/null for that of the environment."
                    : ".";
    } else {
        hint = "Remove the one that you do not mean.";
    }
    return hint;
}

} // namespace

std::string PlacedUrl::place_text() const {
    const std::string of_section = section.empty() ? "" : ", of " + section;
    switch (place) {
    case UrlPlace::flag:
        return "--url";
    case UrlPlace::environment:
        return variable + " in the environment" + of_section;
    case UrlPlace::env_file:
        return variable + " in " + base::printable(file) + of_section;
    case UrlPlace::configuration:
        return "url in " + base::printable(file) + of_section;
    }
    return {};
}

std::string PlacedUrl::text() const {
    const auto address = find_address(url);
    return fmt::format(
        "{} ({})", address ? base::printable(address->text()) : "not a URL that dbbackup can read",
        place_text());
}

bool is_same_database(const std::string& url, const std::string& other) {
    const auto address = find_address(url);
    return address && address == find_address(other);
}

std::vector<PlacedUrl> find_others(const std::vector<PlacedUrl>& urls) {
    std::vector<PlacedUrl> others;
    for (const PlacedUrl& url : urls) {
        if (&url != &urls.front() && !is_same_database(urls.front().url, url.url)) {
            others.push_back(url);
        }
    }
    return others;
}

std::optional<std::string>
find_leading_variable(const std::string& url,
                      const std::function<std::optional<std::string>(const std::string&)>& find) {
    constexpr const char* k_default_port = "5432";
    const pg::Connection connection = pg::parse_connection_url(url);
    const std::string* host = connection.find("host");
    const bool leaves_port = connection.find("port") == nullptr;
    const bool has_service = connection.find("service") != nullptr;
    const bool names_server =
        host != nullptr || connection.find("hostaddr") != nullptr || has_service;
    const auto is_set = [&find](const char* name) { return find(name).has_value(); };
    // A service file beats PGPORT and the like (libpq's conninfo_add_defaults).
    if (!has_service && is_set("PGSERVICE")) {
        return "PGSERVICE";
    }
    if (names_server && connection.find("hostaddr") == nullptr && is_set("PGHOSTADDR")) {
        return "PGHOSTADDR";
    }
    if (names_server && leaves_port && is_set("PGPORT") && find("PGPORT") != k_default_port) {
        return "PGPORT";
    }
    if (host != nullptr && host->find(',') != std::string::npos &&
        connection.find("target_session_attrs") == nullptr && is_set("PGTARGETSESSIONATTRS")) {
        return "PGTARGETSESSIONATTRS";
    }
    return std::nullopt;
}

base::Error differing_urls_error(const std::vector<PlacedUrl>& urls, const std::string& why) {
    std::vector<PlacedUrl> shown = find_others(urls);
    shown.insert(shown.begin(), urls.front());
    std::vector<std::string> texts;
    for (const PlacedUrl& url : shown) {
        texts.push_back(url.text());
    }
    return {
        base::ErrorKind::usage,
        fmt::format("it is not clear which database you mean: {}; {}", fmt::join(texts, ", "), why),
        choice_hint(shown)};
}

} // namespace dbbackup::cli
