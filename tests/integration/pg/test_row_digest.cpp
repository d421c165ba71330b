#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/outlines.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/pg/row_digest.hpp>

#include <algorithm>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

const pg::CopiedTable& copied_table(const pg::DumpOutline& outline, std::string_view name) {
    const auto& tables = outline.details().copied_tables;
    const auto found = std::ranges::find(tables, name, &pg::CopiedTable::name);
    REQUIRE(found != tables.end());
    return *found;
}

const pg::ScannedTable& scanned_table(const pg::DumpOutline& outline, std::string_view name) {
    const auto& tables = outline.scanner().contents().tables;
    const auto found = std::ranges::find(tables, name, &pg::ScannedTable::name);
    REQUIRE(found != tables.end());
    return *found;
}

pg::Session open_session(const TestDatabase& database, const pg::DumpOutline& outline) {
    pg::Session session{pg::parse_connection_url(database.url())};
    pg::write_rows_as_dumped(session, outline.inventory().encoding);
    return session;
}

} // namespace

TEST_CASE("a table whose columns are in another order is compared in the dump's order") {
    if (Cluster::shared().major() < 15) {
        WARN("needs PostgreSQL 15: row filters of publications");
        return;
    }
    const TestDatabase database;
    database.psql("set client_min_messages = error;" +
                  read_file(data_file("written_otherwise.sql")));
    const std::string dump = pg_dump_of(database.name(), {});
    const TestDatabase copy;
    REQUIRE(Cluster::shared().client("psql", copy.name(), {"-Xq"}, dump).exit_code == 0);
    const pg::DumpOutline outline = outline_of(dump);
    const pg::ScannedTable& dumped = scanned_table(outline, "children");
    const pg::CopiedTable& table = copied_table(outline, "children");
    const pg::RowDigest expected{3, dumped.fingerprint};
    pg::Session session = open_session(copy, outline);
    CHECK(pg::read_row_digest(session, table) == expected);
    copy.psql("drop publication children_published; "
              "update children set q = 4 where q = 3");
    CHECK(pg::read_row_digest(session, table).rows == 3);
    CHECK(pg::read_row_digest(session, table) != expected);
    copy.psql("delete from children where q = 4");
    CHECK(pg::read_row_digest(session, table).rows == 2);
}

TEST_CASE("rows are read back as pg_dump writes them, whatever the database's settings") {
    const TestDatabase database;
    for (const char* setting :
         {"datestyle = 'german'", "intervalstyle = 'iso_8601'", "extra_float_digits = -5",
          "timezone = 'Asia/Tokyo'", "bytea_output = 'escape'", "search_path = \"S 1\", public",
          "client_encoding = 'LATIN1'"}) {
        database.psql("alter database " + database.name() + " set " + setting);
    }
    const std::string name = "T (\"1";
    const std::string quoted = "\"S 1\".\"T (\"\"1\"";
    database.psql("create type mood as enum ('sad'); create schema \"S 1\"; create table " +
                  quoted +
                  " (a date, b interval, c float8, d timestamptz, e bytea, \"f, g\" text, h "
                  "regclass, i mood); insert into " +
                  quoted +
                  " values ('2020-01-02', '1 day 2 hours', 0.1::float8 + 0.2, "
                  "'2020-01-01 00:00:00+00', '\\x00ff', chr(233) || chr(9), '" +
                  quoted + "', 'sad')");
    const TempDir home;
    const pg::DumpOutline outline = outline_of(sql_of(take_dump(database.url(), home.path()).path));
    pg::Session session = open_session(database, outline);
    CHECK(pg::read_row_digest(session, copied_table(outline, name)) ==
          pg::RowDigest{1, scanned_table(outline, name).fingerprint});
}

TEST_CASE("an error while reading rows back is the server's own") {
    const TestDatabase database;
    database.psql("create table t (a int); insert into t values (1), (0);"
                  "create function f(int) returns int language sql immutable as 'select 1 / $1';"
                  "create table big as select g from generate_series(1, 100000) g;"
                  "create view v as select 1 as a");
    struct Counter : stream::Observer {
        void observe(base::Bytes bytes) override { size += bytes.size(); }

        std::size_t size = 0;
    } counter;
    pg::Session session{pg::parse_connection_url(database.url())};
    CHECK(session.read_rows("copy (select g from big) to stdout", counter) == 100000);
    CHECK(counter.size == 588895);
    CHECK_THROWS_AS(session.read_rows("copy (select f(a) from t) to stdout", counter),
                    pg::ServerError);
    CHECK_THROWS_AS(pg::read_row_digest(session, {"public", "v", "a", {"a"}}), pg::ServerError);
    CHECK_THROWS_AS(session.read_rows("select 1", counter), base::Error);
    CHECK(session.query("select 1").at(0).at(0) == "1");
    CHECK_THROWS_AS(session.read_rows("copy (select pg_terminate_backend(pg_backend_pid()), g from "
                                      "big) to stdout",
                                      counter),
                    pg::ServerError);
}
