#include "support/scene/target_scene.hpp"

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"

#include <dbbackup/pg/dump_inspector.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace dbbackup::test {

namespace {

pg::Session open_session(const TestDatabase& database, const std::string& sql) {
    database.psql("set client_min_messages = error; " + sql);
    return pg::Session{pg::parse_connection_url(database.url())};
}

} // namespace

TargetScene::TargetScene(const std::string& sql) : session_(open_session(database_, sql)) {
}

std::string TargetScene::read_dump(std::vector<std::string> arguments) {
    const ProgramResult result =
        Cluster::shared().client("pg_dump", database_.name(), std::move(arguments));
    REQUIRE(result.exit_code == 0);
    pg::DumpInspector inspector;
    inspector.observe(base::as_bytes(result.out));
    inspector.finish();
    dump = inspector.summary();
    return for_the_server(result.out);
}

void TargetScene::add_rows(const std::string& schema, const std::string& name) {
    pg::ScannedTable table;
    table.schema = schema;
    table.name = name;
    table.has_data = true;
    dump.contents.tables.push_back(table);
    dump.contents.schemas.push_back(schema);
}

pg::TargetSurvey TargetScene::survey(pg::DropScope scope) {
    return pg::survey_target(session_, dump, scope);
}

std::vector<std::string> TargetScene::bystanders(pg::DropScope scope) {
    return pg::list_bystanders(session_, dump, scope);
}

pg::TargetSurvey TargetScene::clean(pg::DropScope scope) {
    pg::TargetSurvey found = survey(scope);
    CHECK(found.dependents == std::vector<std::string>{});
    CHECK(found.conflicts.empty());
    const std::vector<std::string> before = bystanders(scope);
    drop(found);
    const std::vector<std::string> after = bystanders(scope);
    std::vector<std::string> lost;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(lost));
    CHECK(lost == std::vector<std::string>{});
    return found;
}

void TargetScene::drop(const pg::TargetSurvey& survey) {
    (void)session_.query("begin");
    for (const std::string& statement : survey.drop_statements) {
        INFO(statement);
        CHECK_NOTHROW((void)session_.query(statement));
    }
    (void)session_.query("commit");
}

const std::string k_shop_and_audit = R"(
create schema shop; create schema audit;
create type shop.mood as enum ('sad', 'happy');
create table shop.customers (id int generated always as identity primary key, mood shop.mood);
create table shop.orders (id serial primary key, customer int references shop.customers);
alter table shop.customers add last_order int references shop.orders;
create view shop.totals as select count(*) from shop.orders;
create table audit.log (id int primary key, line text);
insert into audit.log values (1, 'kept');
insert into shop.customers (mood) values ('sad'), ('happy');
)";

void add_shop(pg::DumpInventory& inventory) {
    inventory.created_schemas = {"shop"};
    inventory.objects = {{"type", "shop", "mood"},
                         {"table", "shop", "customers"},
                         {"table", "shop", "orders"},
                         {"view", "shop", "totals"}};
}

std::string relations(const TargetScene& scene) {
    return scene.psql(
        "select string_agg(n.nspname || '.' || c.relname, ' ' order by n.nspname, c.relname) "
        "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where c.relkind <> 'i' and n.nspname !~ '^pg_' "
        "and n.nspname <> 'information_schema'");
}

std::vector<std::string> titles(const std::vector<pg::DumpObject>& objects) {
    std::vector<std::string> all;
    for (const pg::DumpObject& object : objects) {
        all.push_back(fmt::format("{} {}{}{}", object.kind, object.schema,
                                  object.schema.empty() ? "" : ".", object.name));
    }
    return all;
}

std::vector<std::string> titles(const std::vector<pg::TargetTable>& tables) {
    std::vector<std::string> all;
    for (const pg::TargetTable& table : tables) {
        all.push_back(fmt::format("{}.{} {} {}", table.schema, table.name,
                                  table.counted ? std::to_string(table.rows) : "?",
                                  table.goes ? "goes" : "stays"));
    }
    return all;
}

} // namespace dbbackup::test
