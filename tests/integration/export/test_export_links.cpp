// --ref and --root: keys instead of ids, and one row with all that hangs on it.

#include "support/catch.hpp"
#include "support/dumps/sample_export.hpp"
#include "support/scene/export_scene.hpp"

#include <algorithm>
#include <map>

using namespace dbbackup::test;

namespace {

using Counts = std::map<std::string, int>;

Counts counts_of(const nlohmann::json& report) {
    Counts counts;
    for (const auto& table : report.at("tables")) {
        counts[table.at("name")] = table.at("rows");
    }
    return counts;
}

Counts counts_of(const ExportScene& scene, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--dry-run", "--json"});
    const auto result = scene.run(arguments);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const Counts counts = counts_of(nlohmann::json::parse(result.out));
    CHECK(scene.files().empty());
    // What it would write is what it writes.
    arguments.erase(std::ranges::find(arguments, "--dry-run"));
    arguments.insert(arguments.end(), {"-o", "x.jsonl"});
    const auto written = scene.run(arguments);
    INFO(written.err);
    REQUIRE(written.exit_code == 0);
    CHECK(counts_of(nlohmann::json::parse(written.out)) == counts);
    (void)read_export(scene.temp() / "x.jsonl");
    std::filesystem::remove(scene.temp() / "x.jsonl");
    return counts;
}

} // namespace

TEST_CASE("a reference is written as its parent's key in place of an id", "[matrix]") {
    const ExportScene scene{k_northwind};
    const auto json = scene.document({"--ref", "orders.customer_id=customers.email"});
    for (const auto& row : json.at("data").at("public.orders")) {
        CHECK(row.at("customer_id").get<std::string>().ends_with("@x.test"));
    }
    const auto& column = json.at("tables")[3].at("columns")[1];
    CHECK(column.at("name") == "customer_id");
    CHECK(column.at("reference") ==
          nlohmann::json{{"schema", "public"}, {"table", "customers"}, {"columns", {"email"}}});
    SECTION("several columns make an array, as their types write them") {
        scene.change("alter table customers add code char(4); update customers set code = 'ab', "
                     "name = E'a\"\\t' || id; update orders set customer_id = null where id = 3");
        for (const char* name : {"x.json", "x.jsonl.gz"}) {
            scene.write(name, {"-t", "orders", "--ref", "orders.customer_id=customers.name,code"});
            const auto tables = read_export(scene.temp() / name);
            REQUIRE(tables.at(0).rows.size() == 20);
            CHECK(tables[0].rows[0].find(R"(["a\\"\\t1","ab  "])") != std::string::npos);
            CHECK(std::ranges::count_if(tables[0].rows, [](const std::string& row) {
                      return row.find("\t\\N\t") != std::string::npos;
                  }) == 1);
        }
    }
    SECTION("without a foreign key, by the parent's primary key") {
        const auto document = scene.document({"--ref", "unrelated.customer_id=customers.email"});
        CHECK(document.at("data").at("public.unrelated")[0].at("customer_id") == "c1@x.test");
    }
    SECTION("a key that is not unique, NULL, or of no parent is refused") {
        const auto refused = [&](const std::string& ref, int code, const std::string& message) {
            scene.check_failed(scene.run({"--ref", ref, "-o", "y.json"}), code, message);
        };
        scene.change("update customers set name = 'same'");
        refused("orders.customer_id=customers.name", 5, "does not tell the rows");
        scene.change("update customers set name = id::text; "
                     "update customers set name = null where id = 2");
        refused("orders.customer_id=customers.name", 5, "is NULL: 4");
        scene.change("update unrelated set customer_id = 77");
        refused("unrelated.customer_id=customers.email", 5, "of no row in public.customers: 1");
        refused("orders.customer_id=products.sku", 2, "refers to public.customers");
        refused("orders.customer=customers.email", 2, "has no column 'customer'");
        refused("orders.customer_id=customers.mail", 2, "has no column 'mail'");
        refused("orders.customer_id=clients.email", 2, "clients.email");
        refused("orders.customer_id", 2, "--ref takes");
    }
}

TEST_CASE("a root takes one row and all that refers to it", "[matrix]") {
    const ExportScene scene{k_northwind};
    // Of orders four; a cycle leads back to the customer, and notes answer each other.
    CHECK(counts_of(scene, {"--root", "customers:email=c2@x.test"}) ==
          Counts{{"customers", 1}, {"lines", 8}, {"notes", 8}, {"orders", 4}});
    const auto json =
        scene.document({"--root", "customers:id=2", "--ref", "lines.sku=products.sku"});
    CHECK(json.at("root").at("value") == "2");
    CHECK_FALSE(json.at("data").contains("public.products")); // a parent
    CHECK_FALSE(json.at("data").contains("public.unrelated"));
    for (const auto& row : json.at("data").at("public.orders")) {
        CHECK(row.at("customer_id") == 2);
    }
    SECTION("the dry run says by which foreign key") {
        const auto result = scene.run({"--root", "customers:id=2", "--dry-run"});
        INFO(result.out);
        CHECK(result.out.find("orders_customer_id_fkey (customer_id -> public.customers): 4") !=
              std::string::npos);
        CHECK(result.out.find("notes_order_id_no_fkey (order_id, no -> public.lines): 4") !=
              std::string::npos);
        CHECK(result.out.find("notes_parent_fkey (parent -> public.notes): 4") !=
              std::string::npos);
        CHECK(scene.files().empty());
    }
    SECTION("a row further down, and one on which nothing hangs") {
        CHECK(counts_of(scene, {"--root", "notes:id=1"}) == Counts{{"notes", 2}});
        CHECK(counts_of(scene, {"--root", "unrelated:id=1"}) == Counts{{"unrelated", 1}});
        CHECK(counts_of(scene, {"--root", "notes:id=101"}) == Counts{{"notes", 1}});
        // Whoever has this order as the favourite hangs on it, and that customer's orders too.
        CHECK(counts_of(scene, {"--root", "orders:id=20"}) ==
              Counts{{"customers", 1}, {"lines", 8}, {"notes", 8}, {"orders", 4}});
    }
    SECTION("a table that is left out is not followed") {
        CHECK(counts_of(scene, {"--root", "customers:id=2", "-T", "lines"}) ==
              Counts{{"customers", 1}, {"orders", 4}});
    }
    SECTION("what is no single row") {
        const auto fails = [&](const std::string& root, int code, const std::string& message) {
            const auto result = scene.run({"--root", root, "-o", "y.json"});
            scene.check_failed(result, code, message);
            CHECK(result.err.find("secret") == std::string::npos);
        };
        fails("customers:email=secret", 1, "no row of public.customers");
        fails("customers:id=secret", 2, "does not fit the type of 'id'");
        fails("orders:customer_id=1", 5, "several rows");
        fails("customers:mail=secret", 2, "no column 'mail'");
        fails("clients:id=1", 2, "no table 'clients'");
        fails("customers=1", 2, "--root takes");
    }
}

TEST_CASE("the rows of a root are found through partitions, composite keys and schemas") {
    const ExportScene scene{R"(
        create schema app;
        create table app.users (tenant int, id int, name text, primary key (tenant, id))
            partition by list (tenant);
        create table app.users_1 partition of app.users for values in (1);
        create table app.users_2 partition of app.users for values in (2);
        create table app.events (tenant int, who int, at date) partition by range (at);
        create table app.events_old partition of app.events for values from ('2020-01-01') to ('2026-01-01');
        create table app.events_new (at date, who int, tenant int);
        alter table app.events attach partition app.events_new for values from ('2026-01-01') to ('2030-01-01');
        alter table app.events add foreign key (tenant, who) references app.users;
        insert into app.users select t, i, 'u' || t || i from generate_series(1, 2) t, generate_series(1, 3) i;
        insert into app.events select 1 + g % 2, 1 + g % 3, date '2025-12-01' + g from generate_series(1, 60) g;)"};
    CHECK(counts_of(scene, {"--root", "app.users:name=u12"}) ==
          Counts{{"events_new", 5}, {"events_old", 5}, {"users_1", 1}, {"users_2", 0}});
}
