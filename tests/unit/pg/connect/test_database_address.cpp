#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/pg/database_address.hpp>

#include <filesystem>

using namespace dbbackup;

namespace {

pg::DatabaseAddress address(const std::string& url) {
    return pg::address_of(pg::parse_connection_url(url));
}

} // namespace

TEST_CASE("the address of a database is its host, port and name") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"postgres://u:p@localhost/shop?schema=x", "localhost:5432/shop"},
        {"postgres://DB.Example.com:05433/Shop", "db.example.com:5433/Shop"},
        {"postgres://[::1]/d", "[::1]:5432/d"},
        {"postgres://one,two:5433/d", "one:5432,two:5433/d"},
        {"postgres:///d?host=one,two&port=6000", "one:6000,two:6000/d"},
        {"postgres://name/d?hostaddr=10.0.0.1", "10.0.0.1:5432/d"},
        {"postgres:///d?host=@abstract", "@abstract:5432/d"},
        {"postgres:///d", "(default host)/d"},
        {"postgres://:5433/d", "(default host):5433/d"},
        {"postgres:///d?service=s", "service s,(default host)/d"},
    };
    for (const auto& [url, text] : cases) {
        INFO(url);
        CHECK(address(url).text() == text);
    }
}

TEST_CASE("addresses are equal only if they certainly lead to the same database") {
    CHECK(address("postgres://a:b@h/d") == address("postgresql://c@H:5432/d?sslmode=require"));
    for (const std::string other : {"postgres://h/e", "postgres://h/D", "postgres://h:5433/d",
                                    "postgres://i/d", "postgres:///d", "postgres://h,i/d",
                                    "postgres://h/d?hostaddr=::1", "postgres://h/d?service=s"}) {
        INFO(other);
        CHECK_FALSE(address("postgres://h/d") == address(other));
    }
    CHECK_FALSE(address("postgres://localhost/d") == address("postgres://127.0.0.1/d"));
    CHECK_FALSE(address("postgres://h,i/d") == address("postgres://i,h/d"));
    INFO("the same name at two servers of a list is not the same text in one");
    CHECK_FALSE(address("postgres:///d?host=a,b") == address("postgres:///d?host=a"));
}

TEST_CASE("a socket directory is the same by every name that leads to it") {
    const test::TempDir temp;
    std::filesystem::create_directory(temp / "sockets");
    std::filesystem::create_symlink("sockets", temp / "link");
    const std::string url = "postgres:///d?host=" + temp.path().string();
    CHECK(address(url + "/sockets") == address(url + "/link/"));
    CHECK(address(url + "/sockets/.") == address(url + "/sockets"));
    CHECK_FALSE(address(url + "/sockets") == address(url + "/none"));
    CHECK(address(url + "/none/").text().ends_with("/none:5432/d"));
}

TEST_CASE("a recorded database is at an address if host, port and name are the same") {
    const auto is_at = [](const std::string& url, const std::string& host, int port,
                          const std::string& database) {
        return pg::is_at(address(url), host, port, database);
    };
    CHECK(is_at("postgres://DB/shop", "db", 5432, "shop"));
    CHECK_FALSE(is_at("postgres://db/shop", "db", 5433, "shop"));
    CHECK_FALSE(is_at("postgres://db/shop", "other", 5432, "shop"));
    CHECK_FALSE(is_at("postgres://db/shop", "db", 5432, "Shop"));
    CHECK(is_at("postgres://one,two:6000/d", "two", 6000, "d"));
    CHECK_FALSE(is_at("postgres://one,two:6000/d", "one", 6000, "d"));
    CHECK(is_at("postgres://[::1]/d", "::1", 5432, "d"));
    CHECK(is_at("postgres:///d", "/var/run/postgresql", 5432, "d"));
    CHECK(is_at("postgres://:5433/d", "localhost", 5433, "d"));
    CHECK_FALSE(is_at("postgres:///d", "db", 5432, "d"));
    CHECK_FALSE(is_at("postgres:///d", "localhost", 5433, "d"));
    CHECK(is_at("postgres:///d?service=s", "anywhere", 1, "d"));
    CHECK_FALSE(is_at("postgres:///d?service=s", "anywhere", 1, "e"));
}
