// A session with a server that may not be what it claims.

#include "support/catch.hpp"
#include "support/server/cluster.hpp"

#include <dbbackup/pg/session.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

pg::Session open_session() {
    return pg::Session{
        pg::parse_connection_url(Cluster::shared().url("postgres", "postgres", "x"))};
}

/// The error message, or nothing.
std::string refused(const std::string& sql) {
    pg::Session session = open_session();
    try {
        (void)session.query(sql);
    } catch (const base::Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("an endless answer does not fill memory") {
    // Two series: with one, the server would first write all rows to disk.
    const std::string without_end =
        " from pg_catalog.generate_series(1, 30000) a, pg_catalog.generate_series(1, 30000) b";
    CHECK(refused("select pg_catalog.repeat('x', 50000000)" + without_end)
              .find("is larger than 512 MiB") != std::string::npos);
    INFO("columns without anything in them count too");
    CHECK(refused("select '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''" +
                  without_end)
              .find("is larger than 512 MiB") != std::string::npos);
}

TEST_CASE("a large answer is read whole, and an error in its middle is an error") {
    pg::Session session = open_session();
    const auto rows = session.query("select i, pg_catalog.repeat('x', 1000) "
                                    "from pg_catalog.generate_series(1, 20000) i");
    REQUIRE(rows.size() == 20000);
    CHECK(rows.back().at(0) == "20000");
    CHECK(rows.back().at(1).size() == 1000);
    CHECK(session.query("select 1 where false").empty());
    CHECK_THROWS_AS(
        session.query("select 1 / (1000 - i) from pg_catalog.generate_series(1, 2000) i"),
        pg::ServerError);
    CHECK(session.query("select 7").at(0).at(0) == "7");
}

TEST_CASE("queries are not compiled just in time") {
    CHECK(open_session().query("show jit").at(0).at(0) == "off");
}
