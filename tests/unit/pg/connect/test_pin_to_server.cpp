#include "support/catch.hpp"

#include <dbbackup/pg/session.hpp>

using namespace dbbackup::pg;

namespace {

ServerInfo found_server() {
    ServerInfo server;
    server.host = "two.example";
    server.address = "192.0.2.2";
    server.port = 5433;
    server.encoding = "LATIN1";
    return server;
}

std::string value_of(const Connection& connection, std::string_view keyword) {
    const std::string* value = connection.find(keyword);
    return value == nullptr ? "(none)" : *value;
}

} // namespace

TEST_CASE("clients connect to the server that was queried, however it was named") {
    for (const char* url :
         {"postgres://u@one.example,two.example:5433/d",
          "postgres://u@one.example/d?hostaddr=192.0.2.1,192.0.2.2", "postgres://u@two.example/d",
          "postgres://u@/d", "postgres:///d?service=x"}) {
        INFO(url);
        const Connection pinned = pin_to_server(parse_connection_url(url), found_server());
        CHECK(value_of(pinned, "host") == "two.example");
        CHECK(value_of(pinned, "hostaddr") == "192.0.2.2");
        CHECK(value_of(pinned, "port") == "5433");
        CHECK(value_of(pinned, "dbname") == "d");
    }
    ServerInfo socket = found_server();
    socket.host = "/run/postgresql";
    socket.address = "";
    const Connection pinned = pin_to_server(parse_connection_url("postgres:///d"), socket);
    CHECK(value_of(pinned, "host") == "/run/postgresql");
    CHECK(value_of(pinned, "hostaddr") == "(none)");
}

TEST_CASE("settings that fingerprints depend on are pinned, the URL's own are kept") {
    ServerInfo server = found_server();
    const Connection plain = parse_connection_url("postgres://u@h/d?options=-c%20a%3Db");
    CHECK(value_of(pin_to_server(plain, server), "client_encoding") == "LATIN1");
    CHECK(value_of(pin_to_server(plain, server), "options") == "-c a=b");
    server.writes_bytea_as_hex = false;
    CHECK(value_of(pin_to_server(plain, server), "options") == "-c a=b -c bytea_output=hex");
    const Connection own = parse_connection_url("postgres://u@h/d?client_encoding=UTF8");
    CHECK(value_of(pin_to_server(own, server), "client_encoding") == "UTF8");
    CHECK(value_of(pin_to_server(own, server), "options") == "-c bytea_output=hex");
}
