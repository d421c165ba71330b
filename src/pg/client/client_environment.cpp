#include "pg/connect/libpq_options.hpp"
#include "pg/connect/row_settings.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace dbbackup::pg {

namespace {

// These say how to authenticate and what to require of the server, never which server or database.
constexpr auto k_protecting = std::to_array<std::string_view>(
    {"PGCHANNELBINDING", "PGCONNECT_TIMEOUT", "PGGSSDELEGATION",         "PGGSSENCMODE",
     "PGGSSLIB",         "PGKRBSRVNAME",      "PGREQUIREAUTH",           "PGREQUIREPEER",
     "PGREQUIRESSL",     "PGSSLCERT",         "PGSSLCERTMODE",           "PGSSLCRL",
     "PGSSLCRLDIR",      "PGSSLKEY",          "PGSSLMAXPROTOCOLVERSION", "PGSSLMINPROTOCOLVERSION",
     "PGSSLMODE",        "PGSSLNEGOTIATION",  "PGSSLROOTCERT",           "PGSSLSNI"});
constexpr auto k_passwords = std::to_array<std::string_view>({"PGPASSFILE", "PGPASSWORD"});
constexpr auto k_service_files = std::to_array<std::string_view>({"PGSERVICEFILE", "PGSYSCONFDIR"});
constexpr auto k_servers = std::to_array<std::string_view>({"PGHOST", "PGHOSTADDR", "PGPORT"});
/// Each may hold a password, perhaps not the one that the client needs, or is a secret itself.
constexpr auto k_urls = std::to_array<std::string_view>(
    {"DATABASE_URL", "DBBACKUP_SCRATCH_URL", "DBBACKUP_PING_URL", "DBBACKUP_PING_SUCCESS_URL",
     "DBBACKUP_PING_FAILURE_URL", "DBBACKUP_SLACK_URL"});

bool is_one_of(const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// The rest of PG* names another user or database, or changes a session's output (PGOPTIONS,
// PGCLIENTENCODING, PGDATESTYLE …); variables of a later libpq are left out until they are known
// here.
bool may_reach_libpq(std::string_view name, const Connection& connection) {
    const bool has_service = connection.find("service") != nullptr;
    if (is_one_of(k_passwords, name)) {
        return connection.find("password") == nullptr;
    }
    if (is_one_of(k_service_files, name)) {
        return has_service;
    }
    if (is_one_of(k_servers, name)) {
        return !has_service && connection.find("host") == nullptr &&
               connection.find("hostaddr") == nullptr;
    }
    return is_one_of(k_protecting, name);
}

std::string_view name_of(std::string_view entry) {
    return entry.substr(0, entry.find('='));
}

bool may_reach_client(std::string_view name, const Connection& connection) {
    if (name.starts_with("PG")) {
        return may_reach_libpq(name, connection);
    }
    return !name.starts_with("PSQL") && !is_one_of(k_urls, name) && name != "LC_ALL" &&
           name != "LANGUAGE";
}

std::string quoted_value(std::string_view value) {
    std::string text = "'";
    for (const char character : value) {
        if (character == '\'' || character == '\\') {
            text += '\\';
        }
        text += character;
    }
    return text + "'";
}

} // namespace

std::string conninfo(const Connection& connection) {
    std::string text;
    for (const auto& parameter : connection.parameters) {
        if (find_secret_option(parameter.keyword) != nullptr) {
            continue;
        }
        text += text.empty() ? "" : " ";
        text += parameter.keyword + "=" + quoted_value(parameter.value);
    }
    return text;
}

std::vector<std::string> current_environment() {
    std::vector<std::string> entries;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        entries.emplace_back(*entry);
    }
    return entries;
}

std::vector<std::string> client_environment(const Connection& connection,
                                            const std::vector<std::string>& caller) {
    std::vector<std::string> entries;
    for (const auto& entry : caller) {
        if (may_reach_client(name_of(entry), connection)) {
            entries.push_back(entry);
        }
    }
    for (const auto& parameter : connection.parameters) {
        const auto* option = find_secret_option(parameter.keyword);
        if (option != nullptr && !option->variable.empty()) {
            entries.push_back(option->variable + "=" + parameter.value);
        }
    }
    // The data's encoding comes from the database, so this changes only messages.
    entries.emplace_back("LC_ALL=C");
    entries.push_back(fmt::format("PGTZ={}", k_row_time_zone));
    return entries;
}

void clean_own_environment(const Connection& connection, const std::vector<std::string>& caller) {
    for (const auto& entry : current_environment()) {
        if (entry.starts_with("PG")) {
            ::unsetenv(std::string{name_of(entry)}.c_str());
        }
    }
    for (const auto& entry : caller) {
        const std::string name{name_of(entry)};
        if (!name.starts_with("PG") || !may_reach_libpq(name, connection) || name == entry) {
            continue;
        }
        if (::setenv(name.c_str(), entry.c_str() + name.size() + 1, 1) != 0) {
            throw base::system_error("set the environment variable " + name, errno);
        }
    }
}

} // namespace dbbackup::pg
