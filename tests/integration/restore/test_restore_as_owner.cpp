// The owner of a database who is no superuser. Before 15, schema `public` belongs to the server's
// first superuser: the owner may neither drop it nor set anything for it.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/owner_scene.hpp"
#include "support/server/server_side.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

constexpr int k_refused = 5;
constexpr int k_version_of_database_owner = 15;

using Words = std::vector<std::string>;

// With things that only DROP SCHEMA drops in one go: a table and a function that need each other,
// two views that do, tables that do.
constexpr const char* k_shop = R"(
create type mood as enum ('good', 'bad');
create domain short as text check (length(value) < 99);
create sequence numbers;
create table customers (id serial primary key, name short, mood mood default 'good');
create table orders (id int primary key default nextval('numbers'),
  customer int references customers, total numeric) partition by list (id);
create table orders_1 partition of orders for values in (1);
create table orders_2 partition of orders default;
alter table customers add column last_order int references orders;
create function worth(customers) returns bigint language sql stable as
  $$ select count(*) from public.orders where customer = $1.id $$;
alter table customers add check (worth(customers) >= 0);
create view totals as select customer, sum(total) as total from orders group by customer;
create materialized view best as select max(total) from totals;
create function greet(name text) returns text language sql as $$ select 'Hello ' || name $$;
create function greet(name text, mood mood) returns text language sql as $$ select name $$;
create aggregate add_up (int) (sfunc = int4pl, stype = int);
create operator !@ (leftarg = int, rightarg = int, function = int4pl);
create statistics by_customer on customer, total from orders_1;
create text search dictionary plain (template = pg_catalog.simple);
insert into customers (name) select 'c' || i from generate_series(1, 20) i;
insert into orders (customer, total) select i, i * 10 from generate_series(1, 20) i;
refresh materialized view best;
create schema stock;
create table stock.items (id int primary key, mood public.mood);
insert into stock.items values (1, 'bad');
alter default privileges in schema public grant select on tables to public;
)";

void restore_and_undo(bool as_before_15, const Words& how_dumped, const Words& arguments) {
    INFO(as_before_15);
    const OwnerScene scene{as_before_15};
    scene.psql(k_shop);
    if (std::ranges::count(arguments, "-n") > 0) { // what these do not restore or undo
        scene.psql("drop schema stock cascade; "
                   "alter default privileges in schema public revoke select on tables from public");
    }
    const auto dump = scene.dump(how_dumped);
    const std::string good = scene.state();
    scene.psql("delete from orders; drop materialized view best; drop function greet(text); "
               "create table more (i int); create view more_2 as select * from more; "
               "alter default privileges in schema public revoke select on tables from public");
    const std::string bad = scene.state();
    REQUIRE(good != bad);
    const ProgramResult planned = scene.restore(dump, {"--clean", "--dry-run"});
    INFO(planned.err << planned.out);
    CHECK(planned.exit_code == 0);
    const ProgramResult result = scene.restore(dump, arguments);
    INFO(result.err << result.out);
    REQUIRE(result.exit_code == 0);
    CHECK(result.err.find("the server says") == std::string::npos);
    CHECK(first_difference(scene.state(), good) == "");
    const ProgramResult undone = scene.type(PartScene::line_after(result, "to undo: "));
    INFO(undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(first_difference(scene.state(), bad) == "");
    const bool stays = as_before_15 || Cluster::shared().major() < k_version_of_database_owner;
    if (stays && undone.err.find("PARTIAL") == std::string::npos) { // else they go with the schema
        CHECK(undone.err.find("default privileges of role " + scene.owner()) != std::string::npos);
    }
}

std::string undo_in(const ProgramResult& guarded) {
    const std::string mark = "to undo: ";
    const std::size_t begin = guarded.err.find(mark);
    return begin == std::string::npos
               ? ""
               : guarded.err.substr(begin + mark.size(),
                                    guarded.err.find('\n', begin) - begin - mark.size());
}

} // namespace

TEST_CASE("an owner who is no superuser restores and undoes it, public and all") {
    restore_and_undo(false, {}, {"--clean"});
    restore_and_undo(true, {}, {"--clean", "--exact"});
    restore_and_undo(true, {"-F", "custom"}, {"--clean"});
    restore_and_undo(true, {}, {"--clean", "-n", "public"});
}

TEST_CASE("an owner who is no superuser guards a command, and its undo command works") {
    for (const bool as_before_15 : {false, true}) {
        const OwnerScene scene{as_before_15};
        scene.psql(k_shop);
        const std::string good = scene.state();
        const ProgramResult guarded = scene.guard(fmt::format(
            "'{}' -Xqd \"$DATABASE_URL\" -c 'drop table customers cascade; create table y (i int)' "
            "&& exit 7",
            (Cluster::shared().bin_dir() / "psql").string()));
        INFO(guarded.err);
        CHECK(guarded.exit_code == 7);
        CHECK(scene.state() != good);
        const ProgramResult undone = scene.type(undo_in(guarded));
        INFO(undone.err);
        CHECK(undone.exit_code == 0);
        CHECK(first_difference(scene.state(), good) == "");
    }
}

TEST_CASE("what a role may not restore into public is refused before anything, with a remedy") {
    const TestRole clerk;
    const auto refused = [&](const std::string& before_dump, const std::string& after_dump,
                             const std::string& reason) {
        const OwnerScene scene{true};
        scene.psql("create table t as select 1 as i");
        scene.target().psql(before_dump);
        const auto dump = scene.dump();
        scene.target().psql(after_dump);
        scene.check_refused(dump, fmt::format(fmt::runtime(reason), scene.owner(), clerk.name()));
    };
    refused("",
            "create table alien (i int); create function alien() returns int language sql "
            "as 'select 1'; grant select on alien to public",
            "table alien belongs to postgres");
    refused("", "create text search template alien (lexize = dsimple_lexize)",
            "text search template alien belongs to postgres");
    refused("", "revoke create on schema public from public", "the dump changes its privileges");
    refused("revoke all on schema public from public; grant usage on schema public to public",
            "select 1", "{0} may not create objects in schema public");
    refused("grant usage on schema public to " + clerk.name(),
            "revoke usage on schema public from " + clerk.name(),
            "the dump changes its privileges");
    refused("comment on schema public is 'it''s ours'", "comment on schema public is null",
            "the dump changes its comment");
    refused("alter schema public owner to " + clerk.name(), "alter schema public owner to postgres",
            "schema public belongs to postgres, and the dump makes {1} its owner");
}

TEST_CASE("an extension of a superuser in public stays, unless it would have to go") {
    const OwnerScene scene{true};
    scene.psql("create table t (tags hstore)");
    const auto dump = scene.dump();
    scene.target().psql("create extension citext schema public");
    const ProgramResult exact = scene.restore(dump, {"--clean", "--exact"});
    INFO(exact.err);
    CHECK(exact.exit_code == k_refused);
    CHECK(exact.err.find("extension citext belongs to postgres") != std::string::npos);
    const ProgramResult clean = scene.restore(dump, {"--clean"});
    INFO(clean.err);
    CHECK(clean.exit_code == 0);
    CHECK(clean.err.find("cannot undo") == std::string::npos); // although hstore has types
    CHECK(scene.target().psql("select string_agg(extname, ' ' order by extname) "
                              "from pg_extension") == "citext hstore plpgsql");
}

TEST_CASE("guard does not run its command if its undo command could not work") {
    const OwnerScene scene{true};
    scene.psql("create table t as select 1 as i");
    scene.target().psql("create table alien (i int); grant select on alien to public");
    const auto sign = scene.dumps().parent_path() / "sign";
    const ProgramResult guarded = scene.guard("touch '" + sign.string() + "'");
    INFO(guarded.err);
    CHECK(guarded.exit_code == k_refused);
    CHECK(guarded.err.find("table alien belongs to postgres; the command was not run") !=
          std::string::npos);
    CHECK_FALSE(std::filesystem::exists(sign));
    scene.target().psql(OwnerScene::remedy_in(guarded.err));
    CHECK(scene.guard("touch '" + sign.string() + "'").exit_code == 0);
    CHECK(std::filesystem::exists(sign));
}

TEST_CASE("an owner that public cannot be given to is reported before anything") {
    const OwnerScene scene{true};
    scene.psql("create table t as select 1 as i");
    const auto dump = scene.dump(); // ALTER SCHEMA public OWNER TO postgres
    scene.target().psql("alter schema public owner to " +
                        (Cluster::shared().major() < k_version_of_database_owner
                             ? scene.owner()
                             : "pg_database_owner"));
    const std::string before = scene.state();
    const ProgramResult result = scene.restore(dump, {"--clean"});
    INFO(result.err);
    CHECK(result.exit_code == k_refused);
    CHECK(result.err.find("ALTER SCHEMA") == std::string::npos); // it would lose its rights
    CHECK(result.err.find("You can leave that out: dbbackup restore") != std::string::npos);
    CHECK(result.err.find("the dump makes postgres the owner of schema public") !=
          std::string::npos);
    CHECK(first_difference(scene.state(), before) == "");
    const ProgramResult without = scene.restore(dump, {"--clean", "--no-owner"});
    INFO(without.err);
    CHECK(without.exit_code == 0);
}
