#include "pg/connect/libpq_options.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <algorithm>
#include <libpq-fe.h>
#include <memory>

namespace dbbackup::pg {

namespace {

// libpq marks passwords with a display character of '*'. Its SCRAM keys, which are as good as the
// password, are only marked as debug options.
bool is_secret(std::string_view keyword, std::string_view display_character) {
    return display_character == "*" || keyword.find("password") != std::string_view::npos ||
           keyword.find("secret") != std::string_view::npos || keyword.starts_with("scram_");
}

// An empty conninfo string yields only the table; PQconndefaults() would also look up the user's
// name, the environment and a service file.
std::vector<LibpqOption> read_libpq_options() {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> table{
        PQconninfoParse("", nullptr), &PQconninfoFree};
    if (!table) {
        throw base::Error{base::ErrorKind::failed, "libpq does not tell its connection options"};
    }

    std::vector<LibpqOption> options;
    for (const auto* row = table.get(); row->keyword != nullptr; ++row) {
        options.push_back({.keyword = row->keyword,
                           .variable = row->envvar != nullptr ? row->envvar : "",
                           .secret = is_secret(row->keyword, row->dispchar)});
    }
    return options;
}

} // namespace

const std::vector<LibpqOption>& libpq_options() {
    static const auto k_options = read_libpq_options();
    return k_options;
}

const LibpqOption* find_libpq_option(std::string_view keyword) {
    const auto& options = libpq_options();
    const auto found = std::find_if(options.begin(), options.end(), [&](const LibpqOption& option) {
        return option.keyword == keyword;
    });
    return found == options.end() ? nullptr : &*found;
}

const LibpqOption* find_secret_option(std::string_view keyword) {
    const auto* option = find_libpq_option(keyword);
    return option != nullptr && option->secret ? option : nullptr;
}

const std::set<std::string, std::less<>>& libpq_keywords() {
    static const auto k_keywords = [] {
        std::set<std::string, std::less<>> keywords;
        for (const auto& option : libpq_options()) {
            keywords.insert(option.keyword);
        }
        return keywords;
    }();
    return k_keywords;
}

} // namespace dbbackup::pg
