// What has changed in a database since a dump: found and named, and nothing else.

#include "support/catch.hpp"
#include "support/scene/compare_scene.hpp"

#include <chrono>
#include <thread>

using namespace dbbackup::test;
using Lines = std::vector<std::string>;

namespace {

/// The differences after `sql`, without runs of spaces.
Lines after(const std::string& sql, std::vector<std::string> dump_arguments = {}) {
    const CompareScene scene{k_shop};
    scene.dump(std::move(dump_arguments));
    scene.change(sql);
    Lines lines;
    for (const std::string& line : scene.differences()) {
        std::string narrow;
        for (const char c : line) {
            if (c != ' ' || !narrow.ends_with(' ')) {
                narrow += c;
            }
        }
        lines.push_back(narrow);
    }
    return lines;
}

} // namespace

TEST_CASE("a database that did not change is the same", "[matrix]") {
    const CompareScene scene{k_shop};
    for (const std::string format : {"plain", "custom"}) {
        INFO(format);
        scene.dump({"--format", format});
        const auto result = scene.compare();
        INFO(result.err << result.out);
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        CHECK(result.out.find("all the same: 3 tables with 270 rows, 2 sequences") !=
              std::string::npos);
    }
}

TEST_CASE("a database that was only reordered on disk is the same") {
    CHECK(after("create table sorted as select * from log order by line desc;"
                "delete from log; insert into log select * from sorted; drop table sorted;"
                "update orders set note = note; cluster orders using orders_pkey; vacuum full")
              .empty());
}

TEST_CASE("each kind of change is named alone", "[matrix]") {
    const auto [sql, expected] = GENERATE(table<std::string, Lines>({
        {"delete from log where line like '%7'", {"public.log 50 45 5 rows fewer"}},
        {"insert into log values ('new')", {"public.log 50 51 1 row more"}},
        {"update customers set city = 'Köln' where id = 7",
         {"public.customers 20 20 contents differ"}},
        {"create table extra (id int)", {"public.extra - 0 new table"}},
        {"drop table log", {"public.log 50 - table is gone"}},
        {"alter table log rename to journal",
         {"public.journal - 50 new table", "public.log 50 - table is gone"}},
        {"alter table customers add phone text", {"public.customers 20 20 column added: phone"}},
        {"alter table customers add phone text, add fax text default 'x'",
         {"public.customers 20 20 columns added: phone, fax"}},
        {"alter table customers drop city", {"public.customers 20 20 column gone: city"}},
        {"alter table customers drop city; update customers set name = 'x' where id = 1",
         {"public.customers 20 20 contents differ; column gone: city"}},
        {"alter table orders drop vat", {"public.orders 200 200 column gone: vat"}},
        {"alter table customers alter city type varchar(100)",
         {"public.customers 20 20 column city is character varying(100), was text"}},
        {"select nextval('customers_id_seq')", {"sequence public.customers_id_seq: 21, was 20"}},
        {"select setval('customers_id_seq', 20, false)",
         {"sequence public.customers_id_seq: 20 (not used yet), was 20"}},
        {"create sequence fresh", {"sequence public.fresh: 1 (not used yet), was not there"}},
        {"alter table orders add constraint positive check (total > 0) not valid",
         {"constraint positive on public.orders is not validated"}},
        {"update pg_index set indisvalid = false where indexrelid = 'customers_pkey'::regclass",
         {"index customers_pkey on public.customers is invalid"}},
    }));
    INFO(sql);
    CHECK(after(sql) == expected);
}

TEST_CASE("another order of columns is no difference") {
    CHECK(after("alter table log add n int; alter table log drop n;"
                "create table c2 (city text, id int, name text not null);"
                "insert into c2 select city, id, name from customers;"
                "alter table orders drop constraint orders_customer_id_fkey;"
                "alter sequence customers_id_seq owned by none; drop table customers;"
                "alter table c2 rename to customers")
              .empty());
}

TEST_CASE("several changes at once are all named") {
    CHECK(after("delete from log where line = 'line 1'; alter table customers add phone text;"
                "insert into orders (customer_id, total) values (1, 5)") ==
          Lines{"public.customers 20 20 column added: phone", "public.log 50 49 1 row fewer",
                "public.orders 200 201 1 row more", "sequence public.orders_id_seq: 201, was 200"});
}

TEST_CASE("constraints that were validated since are named") {
    const CompareScene scene{k_shop};
    scene.change("alter table orders add constraint positive check (total > 0) not valid");
    scene.dump();
    CHECK(scene.differences().empty());
    scene.change("alter table orders validate constraint positive");
    CHECK(scene.differences() ==
          Lines{"constraint positive on public.orders was not validated, and is now, or is gone"});
}

TEST_CASE("chosen tables, and rows that are only counted") {
    const CompareScene scene{k_shop};
    scene.dump();
    scene.change("delete from log where line = 'line 1'; update customers set city = 'Bonn'");
    const auto chosen = scene.report({"-t", "customers"});
    CHECK(chosen.at("tables").size() == 1);
    CHECK(chosen.at("tables")[0].at("rows") == "differ");

    const auto counted = scene.report({"--counts-only"});
    CHECK(table_in(counted, "log").at("rows") == "differ");
    CHECK(table_in(counted, "customers").at("rows") == "not compared");
    CHECK(table_in(counted, "customers").at("not_compared") == "only counted");
    CHECK(scene.compare({"--counts-only"}).out.find("rows were only counted") != std::string::npos);

    scene.check_failed(scene.compare({"-t", "nosuch"}), 2, "no table fits 'nosuch'");
}

TEST_CASE("partitions, inheritance, foreign encodings and odd names are compared", "[matrix]") {
    const CompareScene scene{R"(
        create schema "Odd ""s";
        create table "Odd ""s"."t	ab" ("a""b" int primary key, "Ä" text);
        insert into "Odd ""s"."t	ab" values (1, E'\\N'), (2, null), (3, E'\\.');
        create table events (at date, n int) partition by range (at);
        create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');
        create table events_2 partition of events for values from ('2026-02-01') to ('2026-03-01');
        insert into events values ('2026-01-05', 1), ('2026-02-05', 2);
        create table parent (id int); create table child (extra int) inherits (parent);
        insert into parent values (1); insert into child values (2, 3);
        create table nothing (); insert into nothing default values;
        create unlogged table quick (x int); insert into quick values (1);)"};
    const auto arguments = GENERATE(Lines{}, Lines{"--", "--encoding=LATIN1"},
                                    Lines{"--", "--load-via-partition-root"});
    scene.dump(arguments);
    const auto before = scene.report();
    INFO(before.dump());
    CHECK(before.at("result") == "same");
    for (const auto& one : before.at("tables")) {
        const bool is_partition = one.at("name").get<std::string>().starts_with("events_");
        const bool in_root = arguments == Lines{"--", "--load-via-partition-root"};
        CHECK(one.at("rows") == (is_partition && in_root ? "not compared" : "equal"));
    }
    scene.change("update events set n = 7 where n = 2; update child set extra = 4;"
                 "insert into nothing default values;"
                 "update \"Odd \"\"s\".\"t	ab\" set \"Ä\" = 'x' where \"Ä\" is null");
    const auto report = scene.report();
    CHECK(table_in(report, "child").at("rows") == "differ");
    CHECK(table_in(report, "parent").at("rows") == "equal");
    CHECK(table_in(report, "nothing").at("rows_now") == 2);
    CHECK(table_in(report, "t\tab").at("rows") == "differ");
    CHECK(table_in(report, "events_1").at("rows") != "differ");
}

TEST_CASE("a comparison sees one moment, however much is written meanwhile") {
    const CompareScene scene{"create table a (n int); create table b (n int);"
                             "insert into a select generate_series(1, 20000);"
                             "insert into b select generate_series(1, 20000)"};
    scene.dump();
    // Each transaction moves one row from a to b: the sum never changes.
    const auto& cluster = Cluster::shared();
    Program writer{{(cluster.bin_dir() / "psql").string(), "-Xq", "-d", scene.database().url(),
                    "-c",
                    "do $$ begin for i in 1..20000 loop "
                    "with gone as (delete from a where n = i returning n) "
                    "insert into b select n from gone; commit; end loop; end $$"},
                   {}};
    int moved = 0;
    for (int i = 0; i < 10; ++i) {
        const auto report = scene.report();
        const int in_a = table_in(report, "a").at("rows_now");
        const int in_b = table_in(report, "b").at("rows_now");
        CHECK(in_a + in_b == 40000);
        moved = 20000 - in_a;
    }
    CHECK(moved >= 0);
    writer.send(15);
    (void)writer.wait();
}

TEST_CASE("a table that another session changes meanwhile is read before or after that") {
    const CompareScene scene{"create table t (a int, b int); insert into t select g, g from "
                             "generate_series(1, 1000) g"};
    scene.dump();
    const std::string change =
        GENERATE("truncate t; insert into t select g, g from generate_series(1, 1000) g",
                 "alter table t alter b type bigint", "alter table t drop b");
    INFO(change);
    const auto& cluster = Cluster::shared();
    Program writer{{(cluster.bin_dir() / "psql").string(), "-Xq", "-d", scene.database().url(),
                    "-c", "begin; lock table t; " + change + "; select pg_sleep(2); commit"},
                   {}};
    const auto is_locked = [&scene] {
        return scene.database().psql("select count(*) from pg_locks where mode = "
                                     "'AccessExclusiveLock' and granted and relation = "
                                     "'t'::regclass") == "1";
    };
    while (!is_locked() && writer.running()) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    const auto t = table_in(scene.report(), "t");
    INFO(t.dump());
    CHECK(t.at("rows_now") == 1000);
    CHECK(t.at("rows") == "equal");
    CHECK(t.at("columns_added").empty());
    CHECK(t.at("columns_gone").size() == (change.ends_with("drop b") ? 1 : 0));
    CHECK(t.at("columns_changed").size() == (change.ends_with("bigint") ? 1 : 0));
    CHECK(writer.wait().exit_code == 0);
}
