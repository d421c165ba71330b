// For any bytes: a Connection as libpq would read it, or base::Error without a crash.

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <string>

namespace {

using dbbackup::pg::Connection;
using OptionTable = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

void require(bool condition, const char* what) {
    if (condition) {
        return;
    }
    std::fprintf(stderr, "violated: %s\n", what);
    std::abort();
}

std::optional<Connection> parse(const std::string& url) {
    try {
        return dbbackup::pg::parse_connection_url(url);
    } catch (const dbbackup::base::Error& error) {
        require(error.kind() == dbbackup::base::ErrorKind::usage, "a bad URL is wrong usage");
        return std::nullopt;
    }
}

// An empty value counts as not given here, but overrides in libpq.
void require_agreement(const Connection& connection, const std::string& url) {
    const OptionTable table{PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree};
    if (!table) {
        return;
    }
    for (const auto* row = table.get(); row->keyword != nullptr; ++row) {
        const std::string keyword = row->keyword;
        if (row->val == nullptr || *row->val == '\0' || keyword == "replication") {
            continue;
        }
        const auto* value = connection.find(keyword);
        require(value != nullptr && *value == row->val, row->keyword);
    }
}

void require_round_trip(const Connection& connection) {
    const auto text = dbbackup::pg::conninfo(connection);
    const OptionTable table{PQconninfoParse(text.c_str(), nullptr), &PQconninfoFree};
    require(table != nullptr, "libpq reads what conninfo() writes");
    for (const auto* row = table.get(); row->keyword != nullptr; ++row) {
        if (row->val != nullptr) {
            require(*connection.find(row->keyword) == row->val, row->keyword);
        }
    }
}

// Beside another secret's asterisks, a secret with an asterisk can appear again.
void require_redaction(const Connection& connection, const std::string& url) {
    const auto redacted = connection.redact(url);
    for (const auto& secret : connection.secrets) {
        if (secret.size() >= 3 && secret.find('*') == std::string::npos) {
            require(redacted.find(secret) == std::string::npos, "no secret is left");
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string url{reinterpret_cast<const char*>(data), size};
    const auto connection = parse(url);
    if (!connection) {
        return 0;
    }
    const auto& database = connection->database;
    require(!database.empty() && database.size() <= 63, "1 to 63 bytes of name");
    require(dbbackup::base::is_valid_utf8(database), "a name in UTF-8");
    require_agreement(*connection, url);
    require_round_trip(*connection);
    require_redaction(*connection, url);
    return 0;
}
