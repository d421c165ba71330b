// Anything restored differently from the dump is found, and named: the drill exits 3.

#include "support/catch.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_shop = R"(
create table customers (id integer primary key, name text not null, vip boolean default false);
create table orders (id serial primary key, customer integer references customers,
                     amount numeric(10, 2) constraint positive check (amount > 0));
create index orders_by_customer on orders (customer);
create view totals as select customer, sum(amount) from orders group by 1;
create function twice(integer) returns integer language sql as 'select 2 * $1';
create table log (line text);
comment on table orders is 'all of them';
grant select on orders to public;
insert into customers select g, 'customer ' || g from generate_series(1, 20) g;
insert into orders (customer, amount) select 1 + g % 20, g from generate_series(1, 50) g;
insert into log values ('one'), ('two');
select lo_from_bytea(70001, 'first'), lo_from_bytea(70002, 'second');
)";

/// A copy that differs from the dump: the real pg_dump, and a filter after it.
struct TamperedCopy {
    DrillScene scene{k_shop};
    std::filesystem::path taken = scene.dump();
    ScratchRole role{"login superuser"};
    FakeTools tools{scene.temp()};

    TamperedCopy() { tools.use_real("pg_restore"); }

    [[nodiscard]] Drilled drill(const std::string& filter) {
        tools.make("pg_dump", fmt::format("{} \"$@\" | {}\n", FakeTools::real("pg_dump"), filter));
        Drilled drilled = scene.drill(taken, role.with({"--bin-dir", tools.directory()}));
        role.check_nothing_left();
        return drilled;
    }

    /// Checks that `filter` is found, as this one difference or more.
    void check_found(const std::string& filter, const std::string& difference) {
        INFO(filter);
        const Drilled drilled = drill(filter);
        scene.check_failed(drilled, 3, difference);
        CHECK(drilled.dump.at("message").get<std::string>().find("came back different") !=
              std::string::npos);
    }
};

/// Data that the dump of a live database loses by its own code when it is restored.
void check_own_doing(const std::string& sql, const std::string& what, const Words& way = {}) {
    const DrillScene scene{sql};
    const ScratchRole role{"login superuser"};
    INFO(sql);
    scene.check_failed(scene.drill(scene.dump(way), role.with()), 3, what);
    role.check_nothing_left();
}

} // namespace

TEST_CASE("a lost, added or changed row in the copy is found, with its table") {
    TamperedCopy copy;
    copy.scene.check_proven(copy.drill("cat"));
    const Drilled lost = copy.drill("sed '/^7\tcustomer 7\t/d'");
    copy.scene.check_failed(lost, 3,
                            "table public.customers has 20 rows in the dump, 19 came back");
    CHECK(lost.compared("public", "customers") == "differs");
    CHECK(lost.compared("public", "orders") == "contents");
    copy.check_found("sed '/^7\tcustomer 7\t/p'",
                     "table public.customers has 20 rows in the dump, 21 came back");
    copy.check_found("sed 's/customer 7\t/customer 8\t/'",
                     "table public.customers came back with other rows");
    copy.check_found("sed 's/^7\tcustomer 7\tf/7\tcustomer 7\tt/'",
                     "table public.customers came back with other rows");
    copy.check_found("sed 's/^two$/\\\\N/'", "table public.log came back with other rows");
    copy.check_found("sed 's/public.log/public.logs/'", "table public.log");
    copy.check_found("sed '/^COPY public.log/,/^\\\\\\./d'",
                     "table public.log has 2 rows in the dump, 0 came back");
    // Two rows swap values within a column.
    copy.check_found("sed 's/^3\tcustomer 4\t/x/; s/^3\tcustomer 3\t/3\tcustomer 4\t/; "
                     "s/^4\tcustomer 4\t/4\tcustomer 3\t/'",
                     "table public.customers came back with other rows");
}

TEST_CASE("a lost or changed object in the copy is found, with its name") {
    TamperedCopy copy;
    copy.check_found("sed '/^CREATE INDEX/d'", "orders_by_customer");
    copy.check_found("sed 's/^\\(CREATE INDEX.*\\)customer);/\\1id);/'", "orders_by_customer");
    copy.check_found("sed 's/amount > (0)/amount > (1)/'", "public.orders");
    copy.check_found("sed 's/DEFAULT false/DEFAULT true/'", "public.customers");
    copy.check_found("sed 's/2 \\* \\$1/3 * $1/'", "public.twice");
    copy.check_found("sed 's/sum(/max(/'", "public.totals");
    copy.check_found("sed '/^COMMENT ON TABLE/d'", "COMMENT ON TABLE public.orders");
    copy.check_found("sed '/^GRANT/d'", "GRANT SELECT ON TABLE public.orders");
    copy.check_found("sed '/ADD CONSTRAINT orders_customer_fkey/s/customers(id)/customers(id) "
                     "ON DELETE CASCADE/'",
                     "public.orders");
    copy.check_found("sed 's/OWNER TO postgres/OWNER TO others/'", "OWNER TO");
}

TEST_CASE("a sequence with another value in the copy is found, with its name") {
    TamperedCopy copy;
    copy.check_found(
        "sed \"s/setval('public.orders_id_seq', 50/setval('public.orders_id_seq', 5/\"",
        "sequence public.orders_id_seq");
    copy.check_found("sed \"s/\\(setval('public.orders_id_seq', 50, \\)true/\\1false/\"",
                     "sequence public.orders_id_seq");
    copy.check_found("sed '/setval/d'", "sequence public.orders_id_seq");
}

TEST_CASE("lost, changed or swapped large objects in the copy are found") {
    TamperedCopy copy;
    const std::string first = "6669727374";
    const std::string second = "7365636f6e64";
    copy.check_found(fmt::format("sed 's/{}/{}/'", first, "6669727375"), "large object 70001");
    copy.check_found(fmt::format("sed 's/{0}/@@/; s/{1}/{0}/; s/@@/{1}/'", first, second),
                     "large object");
    copy.check_found("sed \"s/lo_open('70002'/lo_open('70001'/\"", "large object 70002");
    copy.check_found("sed \"/'70002'/d; /BLOB 70002/d; /lowrite/{/7365636f6e64/d}\"", "70002");
}

TEST_CASE("all differences are counted, and the report lists them in full") {
    TamperedCopy copy;
    const Drilled drilled = copy.drill("sed '/^7\tcustomer 7\t/d; /^CREATE INDEX/d; s/^two$/2/'");
    copy.scene.check_failed(drilled, 3, "orders_by_customer");
    CHECK(drilled.drill().at("differences").size() >= 3);
    CHECK(drilled.dump.at("message").get<std::string>().find("more differences") !=
          std::string::npos);
    CHECK(drilled.result.err.empty());
}

TEST_CASE("changes by a dump's own functions during the restore are found") {
    // Functions of a CHECK run for each restored row, those of an index after all rows.
    check_own_doing("create table a (id integer); create table b (id integer);"
                    "create function takes(integer) returns boolean language plpgsql as "
                    "'begin delete from public.a where id = $1; return true; end';"
                    "alter table b add check (takes(id));"
                    "insert into b values (1), (7); insert into a values (1), (2)",
                    "table public.a has 2 rows in the dump, 1 came back");
    check_own_doing("create table a (id integer); create table b (id integer);"
                    "create function spoils(integer) returns boolean language plpgsql as "
                    "'begin update public.a set id = id + 1; return true; end';"
                    "alter table b add check (spoils(id));"
                    "insert into b values (1); insert into a values (1), (2)",
                    "table public.a came back with other rows");
    check_own_doing("create table a (id integer); insert into a values (1), (2);"
                    "create sequence s;"
                    "create function counts(integer) returns integer language plpgsql immutable as "
                    "'begin perform nextval(''public.s''); return $1; end';"
                    "create index on a (counts(id)); select setval('s', 42)",
                    "sequence public.s");
    check_own_doing("create table a (id integer); insert into a values (1);"
                    "create function clears(integer) returns integer language plpgsql immutable as "
                    "'begin perform lo_unlink(oid) from pg_catalog.pg_largeobject_metadata where "
                    "oid = 70001; return $1; end';"
                    "create index on a (clears(id)); select lo_from_bytea(70001, 'x')",
                    "70001");
}

TEST_CASE("a CHECK that queries another table can be dumped, but not restored") {
    for (const char* format : {"plain", "custom"}) {
        check_own_doing("create table b (id integer);"
                        "create table a (id integer);"
                        "create function known(integer) returns boolean language sql as "
                        "'select exists (select from public.b where id = $1)';"
                        "insert into b values (1);"
                        "alter table a add constraint known check (known(id));"
                        "insert into a values (1)",
                        "cannot be restored", {"-F", format});
    }
}

TEST_CASE("a CHECK that relies on the search path can be dumped, but not restored") {
    check_own_doing("create table a (id integer);"
                    "create function known(integer) returns boolean language plpgsql as "
                    "'begin return exists (select from b where id = $1); end';"
                    "create table b (id integer); insert into b values (1);"
                    "alter table a add constraint known check (known(id));"
                    "insert into a values (1)",
                    "cannot be restored");
}

TEST_CASE("table names like those of missing components do not excuse a dump") {
    for (const char* name :
         {"locale", "shared_preload_libraries", "extension", "could not create locale"}) {
        check_own_doing(
            fmt::format("create table zz (id integer);"
                        "create table \"{0}\" (id integer);"
                        "create function known(integer) returns boolean language sql as "
                        "'select exists (select from public.zz where id = $1)';"
                        "insert into zz values (1);"
                        "alter table \"{0}\" add constraint known check (known(id));"
                        "insert into \"{0}\" values (1)",
                        name),
            "cannot be restored");
    }
}

TEST_CASE("keys that no longer hold are found by the restore") {
    check_own_doing("create table a (id integer primary key);"
                    "create table b (a integer references a); insert into a values (1);"
                    "insert into b values (1);"
                    // As a superuser can do, or a broken disk.
                    "set session_replication_role = replica; delete from a",
                    "cannot be restored");
}
