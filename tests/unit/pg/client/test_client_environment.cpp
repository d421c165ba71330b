#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <algorithm>
#include <cstdlib>
#include <libpq-fe.h>
#include <map>
#include <memory>

namespace {

using namespace dbbackup;
using pg::parse_connection_url;
using Environment = std::vector<std::string>;

bool has_entry(const Environment& environment, const std::string& entry) {
    return std::find(environment.begin(), environment.end(), entry) != environment.end();
}

bool has_name(const Environment& environment, const std::string& name) {
    return std::any_of(environment.begin(), environment.end(),
                       [&](const auto& entry) { return entry.starts_with(name + "="); });
}

// What libpq would use for a connection opened in this process without any parameter.
std::map<std::string, std::string> libpq_defaults() {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> table{PQconndefaults(),
                                                                             &PQconninfoFree};
    REQUIRE(table);
    std::map<std::string, std::string> values;
    for (const auto* row = table.get(); row->keyword != nullptr; ++row) {
        if (row->val != nullptr) {
            values.emplace(row->keyword, row->val);
        }
    }
    return values;
}

// Restores the environment: tests share one process.
class KeptEnvironment {
public:
    KeptEnvironment() : kept_(pg::current_environment()) {}

    KeptEnvironment(const KeptEnvironment&) = delete;
    KeptEnvironment& operator=(const KeptEnvironment&) = delete;

    ~KeptEnvironment() {
        ::clearenv();
        for (const auto& entry : kept_) {
            const auto end = entry.find('=');
            ::setenv(entry.substr(0, end).c_str(), entry.c_str() + end + 1, 1);
        }
    }

private:
    Environment kept_;
};

const Environment k_hostile_caller = {
    "PATH=/bin",
    "HOME=/root",
    "LANG=de_DE.UTF-8",
    "LC_ALL=de_DE.UTF-8",
    "LANGUAGE=de",
    "DATABASE_URL=secret",
    "DBBACKUP_PING_URL=secret",
    "DBBACKUP_SLACK_URL=secret",
    "PGHOST=elsewhere",
    "PGHOSTADDR=10.9.9.9",
    "PGPORT=9",
    "PGUSER=other",
    "PGDATABASE=other",
    "PGSERVICE=other",
    "PGSERVICEFILE=/s",
    "PGSYSCONFDIR=/d",
    "PGOPTIONS=-c x=y",
    "PGPASSWORD=theirs",
    "PGPASSFILE=/p",
    "PGSSLMODE=require",
    "PGCLIENTENCODING=SQL",
    "PGAPPNAME=a",
    "PGTZ=UTC",
    "PGDATESTYLE=German",
    "PGGEQO=off",
    "PG_COLOR=always",
    "PGFUTURE=x",
    "PGSSLROOTCERT=/ca",
    "PGREQUIREAUTH=none",
    "PGTARGETSESSIONATTRS=any",
    "PSQLRC=/rc",
    "PSQL_PAGER=less",
    "PGLOADBALANCEHOSTS=1",
    "PGCONNECT_TIMEOUT=3",
};

} // namespace

TEST_CASE("conninfo holds everything but the secrets, and libpq parses it back") {
    struct Case {
        std::string url;
        std::string conninfo;
    };

    const std::vector<Case> cases = {
        {"postgresql://u:p@h:5433/db", "user='u' host='h' port='5433' dbname='db'"},
        {"postgresql:///it's%5C", "dbname='it\\'s\\\\'"},
        {"postgresql:///a=b", "dbname='a=b'"},
        {"postgresql:///host=x%20port=1", "dbname='host=x port=1'"},
        {"postgresql:///postgresql:%2F%2Fx", "dbname='postgresql://x'"},
        {"postgresql:///%0A'%22%20%C3%BC", "dbname='\n\\'\" \xc3\xbc'"},
        {"postgresql://u:p@h/db?sslpassword=k&sslmode=require&password=q",
         "user='u' host='h' dbname='db' sslmode='require'"},
    };
    for (const auto& [url, expected] : cases) {
        INFO(url);
        const auto connection = parse_connection_url(url);
        CHECK(pg::conninfo(connection) == expected);
        const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> table{
            PQconninfoParse(expected.c_str(), nullptr), &PQconninfoFree};
        REQUIRE(table);
        for (const auto* row = table.get(); row->keyword != nullptr; ++row) {
            if (row->val != nullptr) {
                CHECK(*connection.find(row->keyword) == row->val);
            }
        }
    }
}

TEST_CASE("a client's environment cannot redirect it from the URL") {
    const auto environment = pg::client_environment(
        parse_connection_url("postgresql://u:ours@h/db?sslpassword=k"), k_hostile_caller);
    CHECK(environment == Environment{"PATH=/bin", "HOME=/root", "LANG=de_DE.UTF-8",
                                     "PGSSLMODE=require", "PGSSLROOTCERT=/ca", "PGREQUIREAUTH=none",
                                     "PGCONNECT_TIMEOUT=3", "PGPASSWORD=ours", "LC_ALL=C",
                                     "PGTZ=UTC"});
}

TEST_CASE("values missing in the URL may come from the caller") {
    SECTION("a password") {
        const auto environment =
            pg::client_environment(parse_connection_url("postgresql://u@h/db"), k_hostile_caller);
        CHECK(has_entry(environment, "PGPASSWORD=theirs"));
        CHECK(has_entry(environment, "PGPASSFILE=/p"));
        CHECK_FALSE(has_name(environment, "PGHOST"));
    }
    SECTION("a server") {
        const auto environment =
            pg::client_environment(parse_connection_url("postgresql:///db"), k_hostile_caller);
        CHECK(has_entry(environment, "PGHOST=elsewhere"));
        CHECK(has_entry(environment, "PGHOSTADDR=10.9.9.9"));
        CHECK(has_entry(environment, "PGPORT=9"));
        CHECK_FALSE(has_name(environment, "PGSERVICEFILE"));
        CHECK_FALSE(has_name(environment, "PGUSER"));
        CHECK_FALSE(has_name(environment, "PGDATABASE"));
    }
    SECTION("the service file that the URL names") {
        const auto environment = pg::client_environment(
            parse_connection_url("postgresql:///db?service=s"), k_hostile_caller);
        CHECK(has_entry(environment, "PGSERVICEFILE=/s"));
        CHECK(has_entry(environment, "PGSYSCONFDIR=/d"));
        CHECK_FALSE(has_name(environment, "PGSERVICE"));
        CHECK_FALSE(has_name(environment, "PGHOST"));
    }
    SECTION("but no server beside an address") {
        const auto environment = pg::client_environment(
            parse_connection_url("postgresql:///db?hostaddr=10.0.0.1"), k_hostile_caller);
        CHECK_FALSE(has_name(environment, "PGHOST"));
        CHECK_FALSE(has_name(environment, "PGPORT"));
    }
}

TEST_CASE("this process sees the same PG variables as a client") {
    const KeptEnvironment kept;
    for (const auto& entry : k_hostile_caller) {
        ::setenv(entry.substr(0, entry.find('=')).c_str(), &entry[entry.find('=') + 1], 1);
    }
    const auto caller = pg::current_environment();

    pg::clean_own_environment(parse_connection_url("postgresql://u:p@h/db"), caller);
    auto defaults = libpq_defaults();
    for (const auto* keyword : {"host", "hostaddr", "service", "password", "dbname", "passfile"}) {
        CHECK(defaults.find(keyword) == defaults.end());
    }
    CHECK(defaults["port"] == "5432");
    CHECK(defaults["options"].empty());
    CHECK(defaults["sslmode"] == "require");
    CHECK(std::string{std::getenv("HOME")} == "/root");

    // Another connection gets its own settings, whatever was removed for the first.
    pg::clean_own_environment(parse_connection_url("postgresql:///db"), caller);
    defaults = libpq_defaults();
    CHECK(defaults["host"] == "elsewhere");
    CHECK(defaults["password"] == "theirs");
    CHECK(defaults.find("dbname") == defaults.end());
}

TEST_CASE("secrets without a variable are passed in a service file") {
    const auto connection =
        parse_connection_url("postgresql://u:p@h/db?sslpassword=%20k'%5C%23%3D%C3%BC;k");
    const auto secrets = pg::secrets_without_variable(connection);
    REQUIRE(secrets.size() == 1);
    CHECK(secrets[0] == pg::ConnectionParameter{"sslpassword", " k'\\#=\xc3\xbc;k"});

    const pg::SecretServiceFile file{connection};
    REQUIRE(file.inherited_fds().size() == 1);
    REQUIRE(file.environment().size() == 2);

    const KeptEnvironment kept;
    pg::clean_own_environment(connection, {});
    for (const auto& entry : file.environment()) {
        ::setenv(entry.substr(0, entry.find('=')).c_str(), &entry[entry.find('=') + 1], 1);
    }
    for (const auto* reading : {"first", "second"}) {
        INFO(reading);
        auto defaults = libpq_defaults();
        CHECK(defaults["sslpassword"] == secrets[0].value);
        CHECK(defaults.find("password") == defaults.end());
    }
}

TEST_CASE("a service file is created only if it is needed and possible") {
    const pg::SecretServiceFile none{parse_connection_url("postgresql://u:p@h/db")};
    CHECK(none.environment().empty());
    CHECK(none.inherited_fds().empty());

    const std::string url = "postgresql://u:p@h/db?sslpassword=";
    CHECK_NOTHROW(pg::SecretServiceFile{parse_connection_url(url + std::string(900, 'Q'))});
    for (const auto& rest :
         {std::string(901, 'Q'), std::string{"Q%0Ahost=elsewhere"}, std::string{"Q%20"},
          std::string{"Q%0D"}, std::string{"Q&service=s"}}) {
        CHECK_THROWS_AS(pg::SecretServiceFile{parse_connection_url(url + rest)}, base::Error);
    }
}
