#include "pg/connect/connect_failure.hpp"
#include "support/catch.hpp"

using dbbackup::pg::read_connect_failure;

TEST_CASE("the SQLSTATE of a refused connection is found, and verbose lines are removed") {
    const auto failure = read_connect_failure(
        "connection to server at \"localhost\" (::1), port 1 failed: Connection refused\n"
        "\tIs the server running on that host and accepting TCP/IP connections?\n"
        "connection to server at \"localhost\" (127.0.0.1), port 1 failed: "
        "FATAL:  3D000: database \"a:  28P01: b\" does not exist\n"
        "LOCATION:  InitPostgres, postinit.c:941\n");
    CHECK(failure.sqlstate == "3D000");
    CHECK(failure.reason.empty());
    CHECK(failure.message.ends_with("FATAL:  database \"a:  28P01: b\" does not exist\n"));
    CHECK(failure.message.find("LOCATION") == std::string::npos);
    CHECK(failure.hint.find("database name") != std::string::npos);
    CHECK(read_connect_failure("x failed: FATAL:  28000: no role\n").hint.find("pg_hba") !=
          std::string::npos);
    CHECK(read_connect_failure("x failed: FATAL:  28P01: no\n").hint.find("password") !=
          std::string::npos);
    CHECK(read_connect_failure("FATAL:  99999: new\n").hint.find("Check host, port") == 0);
}

TEST_CASE("the reason why no server answered is given in our own words") {
    const auto reason = [](const char* message) {
        const auto failure = read_connect_failure(message);
        CHECK(failure.sqlstate.empty());
        CHECK(failure.message == message);
        CHECK(!failure.hint.empty());
        return failure.reason;
    };
    CHECK(reason("connection to server at \"h\", port 1 failed: Connection refused\n") ==
          "connection refused");
    CHECK(reason("could not translate host name \"h\" to address: Name not known\n") ==
          "host unknown");
    CHECK(reason("connection to server at \"h\" failed: timeout expired") == "timed out");
    CHECK(reason("connection to server on socket \"/x\" failed: No such file or directory\n") ==
          "no such socket");
    CHECK(reason("fe_sendauth: no password supplied\n") == "no password given");
    CHECK(reason("something new").empty());
    CHECK(reason("").empty());
}
