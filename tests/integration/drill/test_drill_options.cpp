// Drills of parts, or of dumps with options of pg_dump: the copy is dumped in the same way, and the
// report says what could not be compared.

#include "support/catch.hpp"
#include "support/scene/drill_scene.hpp"

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_database = R"(
create schema shop;
create table shop.customers (id integer primary key, name text);
create table shop.orders (id serial primary key, customer integer references shop.customers);
create index orders_by_customer on shop.orders (customer);
create view shop.totals as select customer, count(*) from shop.orders group by 1;
create table public.log (line text);
comment on table shop.orders is 'all of them';
grant select on shop.orders to public;
insert into shop.customers select g, 'c' || g from generate_series(1, 9) g;
insert into shop.orders (customer) select 1 + g % 9 from generate_series(1, 40) g;
insert into public.log select 'line ' || g from generate_series(1, 5) g;
select lo_from_bytea(70001, '\x01');
)";

struct PartialScene {
    DrillScene scene{k_database};
    ScratchRole role{"login superuser"};

    [[nodiscard]] Drilled drill(const Words& way, Words arguments = {}) const {
        Drilled drilled = scene.drill(scene.dump(way), role.with(std::move(arguments)));
        role.check_nothing_left();
        return drilled;
    }

    /// Proven in full, with that many tables.
    void check(const Words& way, std::size_t tables) const {
        INFO(way.back());
        const Drilled drilled = drill(way);
        scene.check_proven(drilled);
        // Grants depend on the owners, which such a dump does not contain.
        CHECK(drilled.drill().at("text_not_compared").is_null() == (way != Words{"-O"}));
        CHECK(drilled.drill().at("tables").size() == tables);
    }
};

} // namespace

TEST_CASE("the copy of a part is dumped with the same selection") {
    const PartialScene partial;
    partial.check({"-t", "shop.customers"}, 1);
    partial.check({"-t", "public.log", "-t", "shop.customers"}, 2);
    partial.check({"-n", "shop"}, 2);
    partial.check({"-N", "shop"}, 1);
    partial.check({"-T", "shop.orders", "-T", "shop.totals"}, 2);
    partial.check({"-n", "shop", "-F", "custom"}, 2);
    partial.check({"-s"}, 3);
    partial.check({"-s", "-F", "custom"}, 3);
    partial.check({"--exclude-table-data", "public.log"}, 3);
}

TEST_CASE("the copy is dumped with those pg_dump options that decide the content") {
    const PartialScene partial;
    partial.check({"-O"}, 3);
    partial.check({"-x"}, 3);
    partial.check({"-O", "-x", "-F", "custom"}, 3);
    for (const char* option :
         {"--clean", "--no-comments", "--quote-all-identifiers", "--no-tablespaces",
          "--disable-dollar-quoting", "--use-set-session-authorization", "--encoding=LATIN1",
          "--section=pre-data", "--no-blobs", "--load-via-partition-root"}) {
        partial.check({"--", option}, 3);
    }
    partial.check({"--", "--clean", "--if-exists"}, 3);
    // As they are often typed: passed on and recorded in full.
    partial.check({"--", "-xs", "-N", "shop", "--no-comm"}, 1);
    partial.check({"--", "--exclude-table-data", "public.log", "-b"}, 3);
    partial.check({"-F", "custom", "--", "--serializable-deferrable", "--no-sync"}, 3);
}

TEST_CASE("if an option is not repeated, the report says that schema texts are not compared") {
    const PartialScene partial;
    const Drilled drilled = partial.drill({"--", "--extra-float-digits=1"});
    partial.scene.check_proven(drilled);
    CHECK(drilled.drill().at("text_not_compared") ==
          "the dump was made with --extra-float-digits=1, which is not repeated here");
    CHECK(drilled.compared("shop", "orders") == "contents");
}

TEST_CASE("options -O and -x leave owners and privileges out of a drill, which says so") {
    const PartialScene partial;
    const Drilled drilled = partial.drill({}, {"--no-owner", "-x"});
    INFO(drilled.result.err << drilled.result.out);
    CHECK(drilled.result.exit_code == 0);
    CHECK(drilled.differences() == "");
    CHECK(drilled.drill().at("text_not_compared") == "owners or privileges were left out");
    CHECK(drilled.left_out().size() == 2);
    CHECK(drilled.compared() == "contents");
}

TEST_CASE("a dump of rows alone cannot be drilled") {
    const PartialScene partial;
    for (const char* format : {"plain", "custom"}) {
        partial.scene.check_failed(partial.drill({"-a", "-F", format}), 1, "only rows");
    }
    partial.scene.check_failed(partial.drill({"--", "--section=data"}), 1, "only rows");
}

TEST_CASE("a part that needs objects outside it is not damaged") {
    const PartialScene partial;
    partial.scene.database().psql("alter table shop.orders add foreign key (customer) references "
                                  "shop.customers");
    const Drilled drilled = partial.drill({"-t", "shop.orders"});
    partial.scene.check_failed(drilled, 1, "a part of its database");
    CHECK(drilled.dump.at("hint") == "Drill a dump of the whole database.");
    partial.scene.check_failed(partial.drill({"-t", "shop.totals"}), 1, "a part of its database");
}
