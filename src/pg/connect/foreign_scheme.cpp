#include "pg/connect/foreign_scheme.hpp"

#include "pg/connect/url_syntax.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace dbbackup::pg {

namespace {

struct ForeignScheme {
    std::string_view begin; ///< in lower case
    const char* message;
    const char* hint;
};

constexpr auto k_only_postgresql = "dbbackup works only with PostgreSQL.";
constexpr auto k_mysql = "the database URL is for MySQL, not for PostgreSQL";
constexpr auto k_sqlite = "the database URL is for SQLite, not for PostgreSQL";
constexpr auto k_other = "the database URL is for another kind of database than PostgreSQL";
constexpr auto k_prisma = "the database URL leads to Prisma's own service, not to a PostgreSQL "
                          "server";
constexpr auto k_prisma_hint = "Give the URL of the database itself, which begins with "
                               "postgresql://: Prisma calls it the direct URL (DIRECT_URL, "
                               "directUrl).";
constexpr auto k_driver = "the database URL names a driver in 'postgresql+…://'";
constexpr auto k_driver_hint =
    "Write postgresql:// instead: without the '+' and what follows up to '://'.";
constexpr auto k_quote = "the database URL begins with a quotation mark";
constexpr auto k_quote_hint = "Leave the quotation marks out: here they are part of the value.";

constexpr auto k_foreign_schemes = std::to_array<ForeignScheme>({
    {"postgresql+", k_driver, k_driver_hint},
    {"postgres+", k_driver, k_driver_hint},
    {"postgis:", "the database URL begins with postgis://, which only Django and Rails know",
     "Write postgresql:// instead of postgis://; the database is the same."},
    {"jdbc:", "the database URL is written for JDBC",
     "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE: without jdbc:, and with user and "
     "password before the host instead of in the query."},
    {"prisma:", k_prisma, k_prisma_hint},
    {"prisma+", k_prisma, k_prisma_hint},
    {"mysql", k_mysql, k_only_postgresql},
    {"mariadb", k_mysql, k_only_postgresql},
    {"sqlite", k_sqlite, k_only_postgresql},
    {"libsql:", k_sqlite, k_only_postgresql},
    {"file:", k_sqlite, k_only_postgresql},
    {"sqlserver:", k_other, k_only_postgresql},
    {"mssql", k_other, k_only_postgresql},
    {"oracle", k_other, k_only_postgresql},
    {"mongodb", k_other, k_only_postgresql},
    {"redis", k_other, k_only_postgresql},
    {"$", "the database URL is the name of a variable that was not expanded",
     "A shell expands $NAME outside of single quotes. So does .env, if an earlier line or the "
     "environment sets NAME."},
    {"\"", k_quote, k_quote_hint},
    {"'", k_quote, k_quote_hint},
    {"database_url=", "the database URL begins with DATABASE_URL=, the name of the variable",
     "Leave that out."},
});

std::string lower_case(std::string_view text) {
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

} // namespace

base::Error scheme_error(std::string_view url) {
    const std::string lower = lower_case(url);
    const auto* const found =
        std::ranges::find_if(k_foreign_schemes, [&](const ForeignScheme& scheme) {
            return lower.starts_with(scheme.begin);
        });
    if (found != k_foreign_schemes.end()) {
        return url_error(found->message, found->hint);
    }
    return url_error("the database URL does not begin with postgresql:// or postgres://",
                     "It has the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE, in lower "
                     "case up to '://'.");
}

} // namespace dbbackup::pg
