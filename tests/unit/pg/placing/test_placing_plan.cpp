// What is decided before any row is placed: plan_placing() is a pure function.

#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/placing_plan.hpp>

#include <algorithm>
#include <functional>

using namespace dbbackup::pg;
using dbbackup::base::Error;
using Names = std::vector<std::string>;

namespace {

const PlacingType k_int{.name = "integer",
                        .plain = "integer",
                        .plain_oid = 23,
                        .equals = "operator(pg_catalog.=)",
                        .greater = "operator(pg_catalog.>)"};
const PlacingType k_text{.name = "text",
                         .plain = "text",
                         .plain_oid = 25,
                         .equals = "operator(pg_catalog.=)",
                         .greater = "operator(pg_catalog.>)"};
const PlacingType k_json{
    .name = "json", .plain = "json", .plain_oid = 114, .equals = {}, .greater = {}};

/// customers (id serial, email unique) and orders (id, customer_id → customers, note).
struct Shop {
    PlacingTarget target;
    RowSource source;
    ImportMap map;
    PlacingOptions options;

    Shop() {
        PlacingTable customers;
        customers.table = {"public", "customers"};
        customers.columns = {{.name = "id",
                              .type = k_int,
                              .is_not_null = true,
                              .has_default = true,
                              .sequence = "public.customers_id_seq",
                              .default_sequences = {}},
                             {.name = "email",
                              .type = k_text,
                              .is_not_null = true,
                              .sequence = {},
                              .default_sequences = {}}};
        customers.uniques = {
            {.name = "customers_pkey", .columns = {"id"}, .is_primary = true, .is_key = true},
            {.name = "customers_email_key", .columns = {"email"}, .is_key = true}};
        PlacingTable orders;
        orders.table = {"public", "orders"};
        orders.columns = {
            {.name = "number",
             .type = k_text,
             .is_not_null = true,
             .sequence = {},
             .default_sequences = {}},
            {.name = "customer_id", .type = k_int, .sequence = {}, .default_sequences = {}},
            {.name = "note", .type = k_text, .sequence = {}, .default_sequences = {}}};
        orders.uniques = {
            {.name = "orders_pkey", .columns = {"number"}, .is_primary = true, .is_key = true}};
        orders.references = {{.name = "orders_customer_id_fkey",
                              .columns = {"customer_id"},
                              .parent = customers.table,
                              .parent_columns = {"id"}}};
        target.identity = {"1", 5};
        target.tables = {{customers.table, customers}, {orders.table, orders}};
        source.name = "shop.sql";
        source.identity = {"1", 5};
        source.tables = {
            {.table = orders.table,
             .columns = {{"number", "text"}, {"customer_id", "integer"}, {"note", "text"}},
             .rows = 3},
            {.table = customers.table,
             .columns = {{"id", "integer"}, {"email", "text"}},
             .rows = 2}};
        target.source_types = {{"integer", k_int}, {"text", k_text}};
    }

    PlacingTable& customers() { return target.tables.at({"public", "customers"}); }

    PlacingTable& orders() { return target.tables.at({"public", "orders"}); }

    [[nodiscard]] PlacingPlan plan() const { return plan_placing(source, target, map, options); }
};

Names key_of(const TablePlacing& table) {
    Names names;
    for (const std::size_t place : table.key) {
        names.push_back(table.columns[place].column.name);
    }
    return names;
}

} // namespace

TEST_CASE("parents are placed before their children, and rows are found by the primary key") {
    const PlacingPlan plan = Shop{}.plan();
    REQUIRE(plan.objections.empty());
    REQUIRE(plan.tables.size() == 2);
    CHECK(plan.tables[0].target.table.name == "customers");
    CHECK(key_of(plan.tables[0]) == Names{"id"});
    CHECK(plan.tables[0].trusted.size() == 1);
    CHECK(key_of(plan.tables[1]) == Names{"number"});
    CHECK(plan.tables[1].references.empty());
    CHECK(plan.tables[1].checks.size() == 1);
}

TEST_CASE("with a natural key new rows are numbered anew, and children follow") {
    Shop shop;
    shop.source.identity = {"2", 5};
    shop.options.keys = {{"customers", {"email"}}};
    const PlacingPlan plan = shop.plan();
    REQUIRE(plan.objections.empty());
    CHECK(plan.tables[0].columns[0].origin == ValueOrigin::sequence);
    CHECK(plan.tables[0].columns[0].keeps_original);
    REQUIRE(plan.tables[1].references.size() == 1);
    CHECK(plan.tables[1].references[0].parent_placing == 0U);

    shop.options.keeps_numbers = true;
    CHECK(shop.plan().tables[0].columns[0].origin == ValueOrigin::source);
    CHECK(shop.plan().tables[0].columns[0].only_inserted);
}

TEST_CASE("columns of only one side are left out or get their default") {
    Shop shop;
    shop.source.tables[0].columns.push_back({"gone", "text"});
    shop.source.tables[0].columns.erase(shop.source.tables[0].columns.begin() + 2);
    const PlacingPlan plan = shop.plan();
    REQUIRE(plan.objections.empty());
    CHECK(plan.tables[1].ignored == Names{"gone"});
    CHECK(plan.tables[1].defaulted == Names{"note"});
}

TEST_CASE("each obstacle is an objection, and only that") {
    using Change = std::function<void(Shop&)>;
    const auto [change, objection] = GENERATE(table<Change, std::string>({
        {[](Shop& shop) {
             shop.source.identity = {"2", 5};
         },
         "a number that each database gives"},
        {[](Shop& shop) { shop.source.identity = {}; }, "not known to be of this database"},
        {[](Shop& shop) { shop.customers().uniques.clear(); }, "it has no primary key"},
        {[](Shop& shop) {
             shop.orders().uniques = {{.name = "a", .columns = {"number"}, .is_key = true},
                                      {.name = "b", .columns = {"note"}, .is_key = true}};
         },
         "several keys could identify its rows: a (number), b (note)"},
        {[](Shop& shop) {
             shop.options.keys = {{"orders", {"nope"}}};
         },
         "no column nope"},
        {[](Shop& shop) { shop.orders().columns[0].type = k_json; }, "cannot be compared"},
        {[](Shop& shop) {
             shop.target.tables.erase({"public", "orders"});
         },
         "no such table"},
        {[](Shop& shop) { shop.orders().kind = 'v'; }, "a view"},
        {[](Shop& shop) {
             shop.orders().columns.push_back({.name = "x",
                                              .type = k_text,
                                              .is_not_null = true,
                                              .sequence = {},
                                              .default_sequences = {}});
         },
         "x must not be NULL and has no default"},
        {[](Shop& shop) { shop.orders().rules = {"r"}; }, "rules change"},
        {[](Shop& shop) {
             shop.orders().triggers = {{.table = {}, .name = "mail", .on_insert = true}};
         },
         "triggers would fire"},
        {[](Shop& shop) { shop.map["orders"].rename = "bills"; }, "the map renames it to bills"},
        {[](Shop& shop) { shop.map["orders"].fill["note"] = "x"; }, "which the source has"},
        {[](Shop& shop) { shop.map["orders"].columns["nope"] = "note"; }, "the map names nope"},
        {[](Shop& shop) {
             shop.source.tables.erase(shop.source.tables.begin() + 1);
             shop.source.identity = {};
         },
         "refers to public.customers by id"},
        {[](Shop& shop) {
             shop.options.keys = {{"customers", {"email"}}};
             shop.orders().references.clear();
         },
         "customer_id looks like a reference"},
    }));
    Shop shop;
    change(shop);
    const PlacingPlan plan = shop.plan();
    REQUIRE(plan.objections.size() == 1);
    INFO(plan.objections[0].what);
    CHECK(plan.objections[0].what.find(objection) != std::string::npos);
    CHECK_FALSE(plan.objections[0].remedy.empty());
}

TEST_CASE("options that name what is not there are mistakes") {
    Shop shop;
    shop.options.tables = {"nope"};
    CHECK_THROWS_AS(shop.plan(), Error);
    shop = {};
    shop.options.keys = {{"nope", {"id"}}};
    CHECK_THROWS_AS(shop.plan(), Error);
    shop = {};
    shop.options.mode = PlacingMode::merge;
    shop.options.newer_by = {{"", "updated_at"}};
    CHECK_THROWS_AS(shop.plan(), Error);
    shop = {};
    shop.map["nope"] = {};
    CHECK_THROWS_AS(shop.plan(), Error);
}

TEST_CASE("a circle of foreign keys is cut where it can be") {
    Shop shop;
    PlacingReference back{.name = "back",
                          .columns = {"id"},
                          .parent = {"public", "orders"},
                          .parent_columns = {"number"}};
    shop.customers().references = {back};
    PlacingPlan plan = shop.plan();
    REQUIRE(plan.objections.empty()); // customer_id may be NULL at first
    CHECK(plan.tables[0].target.table.name == "orders");
    CHECK(plan.tables[0].checks[0].is_set_later);

    shop.orders().columns[1].is_not_null = true;
    CHECK(shop.plan().objections.size() == 1);

    shop.orders().references[0].is_deferrable = true;
    plan = shop.plan();
    REQUIRE(plan.objections.empty());
    CHECK(plan.tables[0].checks[0].is_deferred);
}

TEST_CASE("replace refuses what would change tables outside") {
    for (const char action : {'c', 'n', 'd'}) {
        Shop shop;
        shop.options.mode = PlacingMode::replace;
        shop.options.tables = {"customers"};
        shop.orders().references[0].on_delete = action;
        REQUIRE(shop.plan().objections.size() == 1);
        shop.options.tables = {};
        CHECK(shop.plan().objections.empty());
    }
}
