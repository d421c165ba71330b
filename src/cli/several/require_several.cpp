#include "cli/several/require_several.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/secret_key.hpp>
#include <dbbackup/pg/database_address.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace dbbackup::cli {

namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
    throw base::Error{base::ErrorKind::usage, message, hint};
}

/// The words go to other processes, whose arguments everybody sees.
void require_no_secret(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        if (ops::is_secret_key(word) || word.find("://") != std::string::npos) {
            refuse("with --all, no URL and no secret key may be on the command line",
                   "Each database's URL comes from its section. " + section_example());
        }
    }
}

/// Nothing if its URL is missing or wrong: its own run says so.
std::optional<pg::DatabaseAddress> find_address(const DatabaseSection& section,
                                                const Settings& settings) {
    try {
        const auto url = settings.find_url_of(section);
        return url ? std::optional{pg::address_of(pg::parse_connection_url(url->url))}
                   : std::nullopt;
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

} // namespace

std::vector<SectionRun> require_several(const Settings& settings,
                                        const std::vector<std::string>& words) {
    if (settings.section() != nullptr || settings.is_typed("database")) {
        refuse("--all and --database exclude each other",
               "Leave out --database for all sections of the configuration, or --all for one.");
    }
    if (settings.is_typed("url")) {
        refuse("--all and --url exclude each other",
               "Each database's URL comes from its section. Leave out --url.");
    }
    if (settings.databases().empty()) {
        refuse("--all means every section [database.NAME] of the configuration, and it has none",
               section_example() + " For every database of one server: dump --all-databases");
    }
    require_no_secret(words);
    std::vector<SectionRun> runs;
    std::map<std::string, std::string> section_at;
    for (const DatabaseSection* section : settings.databases().all()) {
        const auto address = find_address(*section, settings);
        runs.push_back({.section = section->name, .own_name = address ? address->database : ""});
        for (const std::string& server : address ? address->servers : std::vector<std::string>{}) {
            const std::string place = server + "/" + address->database;
            const auto [other, is_new] = section_at.emplace(place, section->name);
            if (!is_new && other->second != section->name) {
                refuse(fmt::format("[database.{}] and {} are the same database ({})", other->second,
                                   section->text(), address->text()),
                       "Remove one of the two sections, or correct its URL.");
            }
        }
    }
    return runs;
}

std::vector<std::string> unnotified(std::vector<std::string> words) {
    words.insert(words.begin(), "--no-notify");
    return words;
}

} // namespace dbbackup::cli
