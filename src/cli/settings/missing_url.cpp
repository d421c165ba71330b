#include "cli/settings/missing_url.hpp"

#include "cli/report/restore_text.hpp"
#include "cli/settings/settings_names.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <vector>

namespace dbbackup::cli {

namespace {

/// First those of the server itself, not of a pooler.
constexpr std::array k_other_names{"DIRECT_URL",
                                   "DIRECT_DATABASE_URL",
                                   "DATABASE_URL_UNPOOLED",
                                   "POSTGRES_URL_NON_POOLING",
                                   "POSTGRES_URL",
                                   "POSTGRESQL_URL",
                                   "PG_URL",
                                   "DB_URL",
                                   "DATABASE_URI",
                                   "POSTGRES_PRISMA_URL"};

bool is_url(const std::optional<std::string>& value) {
    try {
        return value && !pg::parse_connection_url(*value).database.empty();
    } catch (const base::Error&) {
        return false;
    }
}

using Lookup = std::function<std::optional<std::string>(const std::string&)>;

std::vector<std::string> find_names(const Lookup& lookup) {
    std::vector<std::string> names;
    for (const char* name : k_other_names) {
        try {
            if (is_url(lookup(name))) {
                names.emplace_back(name);
            }
        } catch (const base::Error&) {
            continue; // an invalid line names nothing
        }
    }
    return names;
}

} // namespace

base::Error missing_url_error(const MissingUrlSearch& search) {
    std::string hint = "Set DATABASE_URL (in the environment or in .env) or give --url.";
    if (search.other_env_file) {
        hint = fmt::format("{} has one: {}", base::printable(*search.other_env_file),
                           shell_words({"--env-file", *search.other_env_file}));
    } else if (const auto in_file =
                   find_names([&](const std::string& name) { return search.env_file.find(name); });
               !in_file.empty()) {
        hint = fmt::format("DATABASE_URL is not set, but {} has: {}. To use {}: printf "
                           "'\\nDATABASE_URL=${{{}}}\\n' >> {}",
                           base::printable(search.env_file_path), fmt::join(in_file, ", "),
                           in_file.front(), in_file.front(), shell_words({search.env_file_path}));
    } else if (const auto set = find_names(find_in_environment); !set.empty()) {
        hint = fmt::format("DATABASE_URL is not set, but the environment has: {}. To use {}: "
                           "export DATABASE_URL=\"${}\"",
                           fmt::join(set, ", "), set.front(), set.front());
    }
    return {base::ErrorKind::usage, "no database is named", hint};
}

} // namespace dbbackup::cli
