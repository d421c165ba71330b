#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

using namespace dbbackup::test;

namespace {

std::string fingerprint(const TestDatabase& database, const TempDir& home,
                        const std::string& table) {
    return take_dump(database.url(), home.path()).table("public", table).at("fingerprint");
}

} // namespace

TEST_CASE("fingerprints do not depend on the physical order of rows") {
    const TestDatabase shop;
    Cluster::shared().load(shop.name(), shop_file());
    const TempDir home;
    const TakenDump before = take_dump(shop.url(), home.path());
    shop.psql("update customers set name = name where id % 3 = 0;"
              "create index by_name on customers (email); cluster customers using by_name;"
              "drop index by_name");
    const TakenDump after = take_dump(shop.url(), home.path());
    CHECK(sql_of(before.path) != sql_of(after.path));
    CHECK(before.manifest.at("contents") == after.manifest.at("contents"));
}

TEST_CASE("fingerprints are the same after a restore in another order") {
    const TestDatabase shop;
    Cluster::shared().load(shop.name(), shop_file());
    const TempDir home;
    const TakenDump before = take_dump(shop.url(), home.path(), {"-F", "custom"});
    const TestDatabase copy;
    restore_by_hand(before.path, copy.name());
    copy.psql("update order_lines set quantity = quantity where line = 1");
    const TakenDump after = take_dump(copy.url(), home.path(), {"-Z", "zstd"});
    CHECK(before.manifest.at("contents") == after.manifest.at("contents"));
}

TEST_CASE("a change of any row changes the fingerprint of its table, and no other") {
    const TestDatabase database;
    database.psql("create table a (i integer, t text); create table b (i integer, t text);"
                  "insert into a values (1, 'x'), (2, 'y'), (2, 'y'); insert into b table a");
    const TempDir home;
    const std::string original = fingerprint(database, home, "a");
    CHECK(original.size() == 32);
    CHECK(fingerprint(database, home, "b") == original);
    for (const std::string change :
         {"update a set t = 'X' where i = 1", "update a set t = null where i = 1",
          "update a set t = '' where i = 1", "delete from a where i = 1",
          "insert into a values (2, 'y'), (2, 'y')", "delete from a where i = 2",
          "update a set i = 2, t = 'y'"}) {
        INFO(change);
        database.psql(change);
        CHECK(fingerprint(database, home, "a") != original);
        CHECK(fingerprint(database, home, "b") == original);
        database.psql("truncate a; insert into a table b");
        CHECK(fingerprint(database, home, "a") == original);
    }
}

TEST_CASE("rows that move between columns or lines change the fingerprint") {
    const TestDatabase database;
    database.psql("create table a (x text, y text); insert into a values ('1', '2'), ('3', '4')");
    const TempDir home;
    const std::string original = fingerprint(database, home, "a");
    for (const std::string values : {"('1', '4'), ('3', '2')", "('2', '1'), ('4', '3')",
                                     "('12', ''), ('3', '4')", "(E'1\\t2', ''), ('3', '4')"}) {
        INFO(values);
        database.psql("truncate a; insert into a values " + values);
        CHECK(fingerprint(database, home, "a") != original);
    }
}

TEST_CASE("rows of an inherited table with another column order are restored") {
    // pg_dump itself puts inherited columns first, so the copy's dump differs from the original's.
    const TestDatabase database;
    database.psql("create table parent (a integer, b text);"
                  "create table child (extra date, b text, a integer);"
                  "alter table child inherit parent;"
                  "insert into child values ('2026-01-01', 'x', 1), (null, 'y', 2)");
    const TempDir home;
    for (const std::string format : {"plain", "custom"}) {
        const TakenDump taken = take_dump(database.url(), home.path(), {"-F", format});
        const TestDatabase copy;
        restore_by_hand(taken.path, copy.name());
        const std::string rows = "select a, b, extra from child order by a";
        CHECK(copy.psql(rows) == database.psql(rows));
        CHECK(rows_by_manifest(taken.manifest) == rows_by_server(copy.name()));
    }
}
