// Dumps of rows alone, whose tables must be emptied: what TRUNCATE asks for.

#include "support/catch.hpp"
#include "support/scene/part_scene.hpp"
#include "support/scene/target_scene.hpp"

using namespace dbbackup::test;
using dbbackup::pg::DropScope;
using Names = std::vector<std::string>;

namespace {

/// Both sides of a foreign key are partitioned, one of them twice; another refers to a plain table.
constexpr const char* k_partitioned = R"(
create table accounts (id int primary key);
create table customers (id int primary key, account int references accounts) partition by list (id);
create table customers_1 partition of customers for values in (1);
create table customers_2 partition of customers default;
create table orders (id int primary key, customer int references customers)
  partition by range (id);
create table orders_low partition of orders for values from (0) to (10) partition by list (id);
create table orders_low_1 partition of orders_low default;
create table orders_high partition of orders for values from (10) to (20);
insert into accounts values (1);
insert into customers values (1, 1), (2, 1);
insert into orders values (5, 1), (15, 2);
)";

} // namespace

TEST_CASE("rows of partitioned tables with foreign keys are replaced, and undone") {
    const PartScene scene;
    scene.source().psql(k_partitioned);
    scene.target().psql(k_partitioned);
    scene.target().psql("delete from orders where id = 5; insert into orders values (16, 1)");
    for (const Names& how : {Names{"-a"}, Names{"-a", "-F", "custom"}}) {
        const auto dump = scene.dump(how);
        const std::string line = scene.check_way_back(dump, {"--clean"});
        const ProgramResult again = scene.run(dump, {"--clean"});
        scene.check_restored(again);
        scene.target().psql("delete from orders where id = 5; insert into orders values (16, 1)");
    }
}

TEST_CASE("a partition whose rows stay keeps the table that it refers to") {
    TargetScene scene{k_partitioned};
    for (const char* table : {"accounts", "customers_1", "customers_2", "orders_low_1"}) {
        scene.add_rows("public", table);
    }
    CHECK_FALSE(scene.survey(DropScope::dumped_objects).dependents.empty());
    scene.add_rows("public", "orders_high");
    scene.clean(DropScope::dumped_objects);
    CHECK(scene.psql("select (select count(*) from accounts) + (select count(*) from orders)") ==
          "0");
}

TEST_CASE("a partitioned table without partitions does not keep another from being emptied") {
    TargetScene scene{"create table a (i int primary key); insert into a values (1);"
                      "create table b (i int references a) partition by list (i);"};
    scene.add_rows("public", "a");
    CHECK(scene.clean(DropScope::dumped_objects).drop_statements ==
          Names{"truncate table only public.a, public.b"});
    CHECK(scene.psql("select count(*) from a") == "0");
}
