#include "ops/restore/other_database.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <array>
#include <filesystem>
#include <unistd.h>

using namespace dbbackup;
using ops::is_same_host;
using test::TempDir;

namespace {

std::string told(const std::string& host, int port, const std::string& database = "shop") {
    ops::RestorePlan plan;
    plan.dump_database = "shop";
    plan.dump_host = "db1.example.com";
    plan.dump_port = 5432;
    plan.host = host;
    plan.port = port;
    plan.database = database;
    return ops::find_other_database(plan);
}

} // namespace

TEST_CASE("spellings of one host are distinguished from other hosts") {
    std::array<char, 256> own{};
    REQUIRE(::gethostname(own.data(), own.size() - 1) == 0);
    for (const char* here : {"localhost", "127.0.0.1", "127.0.1.1", "::1", "/run/postgresql",
                             "/tmp", "LOCALHOST", "localhost.localdomain", ""}) {
        INFO(here);
        CHECK(is_same_host(here, "localhost"));
        CHECK(is_same_host("/var/run/postgresql", here));
        CHECK(is_same_host(own.data(), here));
        CHECK_FALSE(is_same_host(here, "db1.elsewhere.example"));
        CHECK_FALSE(is_same_host("10.0.0.7", here));
    }
    CHECK(is_same_host("@abstract", "localhost"));
    CHECK(is_same_host("db1.example.com", "DB1.example.com."));
    CHECK_FALSE(is_same_host("db1", "db1.example.com"));
    CHECK_FALSE(is_same_host("db1.example.org", "db1.example.com"));
    CHECK_FALSE(is_same_host("db1", "db2"));
    CHECK_FALSE(is_same_host("10.0.0.7", "10.0.0.8"));
    CHECK_FALSE(is_same_host("fe80::1", "fe80::2"));
}

TEST_CASE("sockets in two directories are two servers, unless links make them one") {
    const TempDir temp;
    const std::string one = (temp / "One").string();
    const std::string other = (temp / "one").string();
    const std::string link = (temp / "link").string();
    std::filesystem::create_directory(one);
    std::filesystem::create_directory(other);
    std::filesystem::create_directory_symlink(one, link);
    CHECK(is_same_host(one, one + "/"));
    CHECK(is_same_host(one, link));
    CHECK_FALSE(is_same_host(one, other));
    CHECK_FALSE(is_same_host(other, link));
    CHECK_FALSE(is_same_host(one, "/var/run/postgresql"));
    CHECK_FALSE(is_same_host("/srv/gone/a", "/srv/gone/b"));
    CHECK_FALSE(is_same_host("@abstract", "/var/run/postgresql"));
    CHECK_FALSE(is_same_host("@one", "@other"));
    CHECK(is_same_host("@one", "@one"));
}

TEST_CASE("a dump of another database is recognized by name, host or port") {
    CHECK(told("db1.example.com", 5432).empty());
    CHECK(told("DB1.example.com", 5432).empty());
    CHECK(told("db1", 5432) ==
          "the dump is of shop on db1.example.com:5432, the target is shop on db1:5432");
    CHECK(told("db1.example.com", 5433) ==
          "the dump is of shop on db1.example.com:5432, the target is shop on "
          "db1.example.com:5433");
    CHECK(told("localhost", 5432, "staging") ==
          "the dump is of shop on db1.example.com:5432, the target is staging on localhost:5432");
    CHECK(told("::1", 5432) ==
          "the dump is of shop on db1.example.com:5432, the target is shop on [::1]:5432");
    ops::RestorePlan unknown;
    unknown.database = "shop";
    CHECK(ops::find_other_database(unknown).empty());
    unknown.dump_database = "shop"; // only by its name
    CHECK(ops::find_other_database(unknown).empty());
    unknown.database = "staging";
    unknown.host = "localhost";
    unknown.port = 5432;
    CHECK(ops::find_other_database(unknown) ==
          "the dump is of shop, the target is staging on localhost:5432");
}
