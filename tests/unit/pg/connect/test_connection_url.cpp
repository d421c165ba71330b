#include "support/catch.hpp"
#include "unit/pg/url_cases.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <cstdio>
#include <libpq-fe.h>
#include <map>
#include <memory>

namespace {

using namespace dbbackup;
using namespace dbbackup::test;
using pg::parse_connection_url;
using Parameters = std::map<std::string, std::string>;

bool contains(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
}

// "user=u|host=h", in order.
std::string in_order(const pg::Connection& connection) {
    std::string text;
    for (const auto& parameter : connection.parameters) {
        text += (text.empty() ? "" : "|") + parameter.keyword + "=" + parameter.value;
    }
    return text;
}

Parameters by_keyword(const pg::Connection& connection) {
    Parameters parameters;
    for (const auto& parameter : connection.parameters) {
        parameters.emplace(parameter.keyword, parameter.value);
    }
    return parameters;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : ",") + name;
    }
    return text;
}

// What libpq itself reads from the URL, except for parameters left out here on purpose.
Parameters as_libpq_reads(const std::string& url) {
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> table{
        PQconninfoParse(url.c_str(), &message), &PQconninfoFree};
    INFO((message != nullptr ? message : ""));
    PQfreemem(message);
    REQUIRE(table);
    Parameters parameters;
    for (const auto* row = table.get(); row->keyword != nullptr; ++row) {
        if (row->val != nullptr && *row->val != '\0' &&
            std::string{"replication"} != row->keyword) {
            parameters.emplace(row->keyword, row->val);
        }
    }
    return parameters;
}

base::Error refusal_of(const std::string& url) {
    try {
        (void)parse_connection_url(url);
    } catch (const base::Error& error) {
        return error;
    }
    FAIL("accepted: " << url);
    throw std::logic_error{"unreachable"};
}

} // namespace

TEST_CASE("a URL is parsed as libpq does") {
    for (const auto& [url, parameters] : k_valid) {
        INFO(base::printable(url));
        const auto connection = parse_connection_url(url);
        CHECK(in_order(connection) == parameters);
        CHECK(connection.dropped.empty());
        CHECK(connection.database == *connection.find("dbname"));
        CHECK(by_keyword(connection) == as_libpq_reads(url));
    }
}

TEST_CASE("unknown libpq parameters are dropped by name") {
    for (const auto& [url, parameters, dropped, of_orms] : k_with_dropped) {
        INFO(base::printable(url));
        const auto connection = parse_connection_url(url);
        CHECK(in_order(connection) == parameters);
        CHECK(joined(connection.dropped) == dropped);
        CHECK(joined(connection.dropped_of_orms) == of_orms);
    }
}

TEST_CASE("a misleading URL is refused without showing any of it") {
    for (const auto& [url, message] : k_refused) {
        INFO(base::printable(url));
        const auto error = refusal_of(url);
        CHECK(error.kind() == base::ErrorKind::usage);
        CHECK(contains(error.what(), message));
        CHECK_FALSE(contains(error.what() + error.hint(), "Q7"));
    }
}

TEST_CASE("a password may contain every printable character") {
    for (int character = 0x20; character < 0x7f; ++character) {
        const std::string password = {'a', static_cast<char>(character), 'z'};
        char code[8];
        std::snprintf(code, sizeof code, "a%%%02Xz", static_cast<unsigned>(character));
        const auto encoded = "postgresql://u:" + std::string{code} + "@h:1/db";
        const auto raw = "postgresql://u:" + password + "@h:1/db";
        INFO(encoded);
        for (const auto& url : {encoded, raw}) {
            if (url == raw && std::string{"@/%"}.find(static_cast<char>(character)) < 3) {
                (void)refusal_of(url);
                continue;
            }
            const auto connection = parse_connection_url(url);
            CHECK(*connection.find("password") == password);
            CHECK(*connection.find("host") == "h");
            CHECK(by_keyword(connection) == as_libpq_reads(url));
            CHECK(connection.redact("x" + password + "y") == "x***y");
            CHECK_FALSE(contains(connection.redact("at " + url), password));
        }
    }
}

TEST_CASE("an empty value does not override") {
    const auto connection =
        parse_connection_url("postgresql://u:p@h:1/db?user=&password=&host=&port=&dbname=");
    CHECK(in_order(connection) == "user=u|password=p|host=h|port=1|dbname=db");
}

TEST_CASE("keywords are those of the installed libpq") {
    const auto& keywords = pg::libpq_keywords();
    for (const auto* keyword : {"host", "hostaddr", "port", "dbname", "user", "password",
                                "sslpassword", "sslmode", "service", "replication"}) {
        CHECK(keywords.contains(keyword));
    }
    CHECK_FALSE(keywords.contains("schema"));
}

TEST_CASE("a pooler is recognized and the direct host is named") {
    struct Case {
        std::string url;
        std::string hint; ///< empty: none
    };

    const std::vector<Case> cases = {
        {"postgresql://h/db", ""},
        {"postgresql://ep-cool-name-123.eu.aws.neon.tech/db", ""},
        {"postgresql://ep-cool-name-123-pooler.eu.aws.neon.tech/db", "remove '-pooler'"},
        {"postgresql://u:p@ep-x-pooler.neon.tech/db?pgbouncer=true", "remove '-pooler'"},
        {"postgresql://a,ep-x-pooler/db", "remove '-pooler'"},
        {"postgresql://h.my-pooler.org/db", ""},
        {"postgresql://pooler.example.org/db", ""},
        {"postgresql://p.r:pw@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true",
         "db.PROJECT.supabase.co"},
        {"postgresql://h/db?port=6543", "port 5432"},
        {"postgresql://h:16543/db", ""},
        {"postgresql://h/db?pgbouncer=true", "pgbouncer=true"},
        {"postgresql://h/db?pgbouncer=false", ""},
        {"postgresql://h/pgbouncer=true", ""},
    };
    for (const auto& [url, hint] : cases) {
        INFO(url);
        const auto connection = parse_connection_url(url);
        CHECK(connection.pooler_hint.has_value() == !hint.empty());
        CHECK(contains(connection.pooler_hint.value_or(""), hint));
    }
}

TEST_CASE("secrets are redacted, decoded and as written in the URL") {
    const auto connection = parse_connection_url(
        "postgresql://user:s%40cret@h/db?sslpassword=key%20pass&password=second&passfile=/file");
    CHECK(connection.redact("s@cret, s%40cret, key pass, key%20pass, second") ==
          "***, ***, ***, ***, ***");
    CHECK(connection.redact("user h db /file") == "user h db /file");
    CHECK(connection.redact("secondsecond and s@cretsecond") == "*** and ***");
    CHECK(connection.redact("") == "");

    const auto overlapping = parse_connection_url("postgresql://u:abcd@h/db?sslpassword=cdefg");
    CHECK(overlapping.redact("xabcdefgx") == "x***x");
    CHECK(overlapping.redact("xabcdefx") == "x***efx");

    const auto nested = parse_connection_url("postgresql://u:abc@h/db?sslpassword=xabcx");
    CHECK(nested.redact("1xabcx2abc3") == "1***2***3");

    const auto short_one = parse_connection_url("postgresql://u:ab@h/db");
    CHECK(short_one.redact("abacus") == "abacus");
}
