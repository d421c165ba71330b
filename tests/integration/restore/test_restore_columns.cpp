#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/shop_restore.hpp"
#include "support/scene/target_scene.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

// The plan of a restore says which tables have other columns afterwards, without false alarms.

using namespace dbbackup;
using namespace dbbackup::test;
using nlohmann::json;

namespace {

using Words = std::vector<std::string>;

json plan_of(const RestoreScene& scene, const std::filesystem::path& dump, Words arguments) {
    arguments.insert(arguments.end(), {"--dry-run", "--json", "-q"});
    const ProgramResult result = scene.restore(dump, arguments);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return json::parse(result.out).at("plan");
}

json columns_of(const json& plan, const std::string& table) {
    for (const json& one : plan.at("tables")) {
        if (one.at("name") == table) {
            return one.at("columns");
        }
    }
    return "no such table";
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("restore: the plan marks tables whose columns change, and says how") {
    ShopRestore scene;
    scene.source().psql("alter table shop.customers add s text collate \"C\"; create table "
                        "shop.legacy as table shop.orders; alter table shop.legacy rename to old");
    scene.target().psql("create table shop.orders (amount numeric(10,2), customer int, id int)");
    const auto dump = scene.dump();
    const json plan = plan_of(scene, dump, {"--clean"});
    CHECK(columns_of(plan, "customers") ==
          json{{"added", {"note", "s"}},
               {"gone", {"since"}},
               {"changed", {{{"name", "id"}, {"type_now", "bigint"}, {"type_after", "integer"}}}}});
    const json none = {
        {"added", json::array()}, {"gone", json::array()}, {"changed", json::array()}};
    CHECK(columns_of(plan, "orders") == none); // in another order
    CHECK(columns_of(plan, "legacy").is_null());
    CHECK(columns_of(plan, "old").is_null());

    const ProgramResult whole = scene.restore(dump, {"--clean", "--dry-run"});
    INFO(whole.out);
    CHECK(says(whole.out, "rows after  columns"));
    CHECK(says(whole.out, "differ"));
    CHECK(says(whole.out,
               "Columns that the restore changes:\n  shop.customers: added note, s; gone "
               "since; another type id (now bigint, then integer)\n"));

    const ProgramResult part = scene.restore(dump, {"--clean", "--dry-run", "-t", "shop.orders"});
    CHECK(part.exit_code == 0);
    CHECK_FALSE(says(part.out, "columns"));
}

TEST_CASE("restore: the plan to confirm counts the tables whose columns change") {
    ShopRestore scene;
    const auto dump = scene.dump();
    for (const bool verbose : {false, true}) {
        scene.reset_target();
        const ProgramResult result =
            scene.restore(dump, verbose ? Words{"--clean", "-v"} : Words{"--clean"});
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(says(result.err, "differ"));
        CHECK(says(result.err, "changes the columns of 1 table (which ones: --verbose)") !=
              verbose);
        CHECK(says(result.err, "shop.customers: added note; gone since;") == verbose);
    }
    const ProgramResult again = scene.restore(dump, {"--clean", "--dry-run"});
    CHECK_FALSE(says(again.out, "columns"));
}

TEST_CASE("restore: rows alone, and a restore that drops nothing, change no columns") {
    ShopRestore scene;
    scene.source().psql("drop view shop.totals; alter table shop.orders drop constraint "
                        "orders_customer_fkey");
    scene.target().psql("drop schema shop cascade");
    const auto dump = scene.dump();
    CHECK(columns_of(plan_of(scene, dump, {}), "customers").is_null());
    REQUIRE(scene.restore(dump).exit_code == 0);
    scene.target().psql("alter table shop.customers add more int");
    const auto rows = scene.dump({"-a", "-t", "shop.customers"});
    CHECK(columns_of(plan_of(scene, rows, {"--clean"}), "customers").is_null());
}

TEST_CASE("restore: no column of the zoo differs from its own dump") {
    TargetScene scene{""};
    Cluster::shared().load(scene.database().name(), data_file("zoo.sql"));
    scene.psql("create schema \"T y\"; create domain \"T y\".\"D\" as numeric(5,1); "
               "create type public.select as enum ('a'); "
               "create table public.kinds (a \"T y\".\"D\", b \"T y\".\"D\"[], c public.select, "
               "d timestamptz(2), e interval day to second(1), f bit, g varbit(4), h \"char\", "
               "i char, j bpchar, k varchar(3)[], l float4, m time(1), n timetz, o numeric, "
               "p interval, q bit(3)[][], r name, s int8 generated always as identity, "
               "t int generated always as (1) stored, u pg_catalog.bit)");
    for (const Words& words : {Words{}, Words{"--quote-all-identifiers"}, Words{"-Fp", "-O"}}) {
        (void)scene.read_dump(words);
        CHECK(scene.dump.inventory.columns.size() > 10);
        std::size_t compared = 0;
        for (const pg::TargetTable& table : scene.survey(pg::DropScope::dumped_schemas).tables) {
            INFO(table.schema << "." << table.name);
            CHECK_FALSE((table.columns && table.columns->any()));
            compared += table.columns ? 1 : 0;
        }
        CHECK(compared > 5);
    }
}
