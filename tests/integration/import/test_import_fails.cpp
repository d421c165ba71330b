// Ways in which an import fails: each has its exit code, and the target stays byte for byte as it
// was, sequences included.

#include "support/catch.hpp"
#include "support/scene/failing_import.hpp"

using namespace dbbackup::test;

TEST_CASE("an import fails if a value is not one of its column's type") {
    const FailingImports imports;
    imports.check({
        {"alter table people alter name type varchar(3) using 'x'",
         {},
         5,
         "its type would change the value name 1"},
        {"alter table tickets alter what type char(1); alter table people alter name type char(4) "
         "using 'x'",
         {},
         5,
         "its type would change the value name 1"},
        {"alter table orders alter total type numeric(10, 1)",
         {},
         5,
         "would change the value 1.25"},
        {"alter table orders alter total type numeric(3, 2)",
         {},
         5,
         "total: ERROR: numeric field overflow"},
        {"alter table people alter age type smallint",
         {},
         5,
         "age: ERROR: value \"100000\" is out of range"},
        {"alter table orders alter note type int using 0",
         {},
         5,
         "note: ERROR: invalid input syntax"},
        {"alter table people alter mood type text; drop type mood; create type mood as enum "
         "('sad', "
         "'ok'); update people set mood = 'ok'; alter table people alter mood type mood using "
         "mood::mood",
         {},
         5,
         "mood: ERROR: invalid input value for enum"},
        {"alter table orders alter at type timestamptz", {}, 5, "the time zone is unknown"},
        {"alter table orders alter at type date", {}, 5, "would change the value 2026-01-01 11:00"},
        {"alter table orders alter at type timestamp(0); alter table lines alter price type float4",
         {},
         5,
         "price: its type would change the value"},
        {"alter table lines alter tags type int[] using null", {}, 5, "tags: "},
        {"create domain adult as int check (value < 30); alter table people alter age type adult",
         {},
         5,
         "age: ERROR: value for domain"},
    });
}

TEST_CASE("an import fails if a constraint is in the way") {
    const FailingImports imports;
    imports.check({
        {"alter table people add town text not null default 'x'; alter table people alter town "
         "drop "
         "default",
         {},
         5,
         "town must not be NULL and has no default"},
        {"alter table orders alter note set not null", {}, 5, "note is NULL, which the database"},
        {"alter table orders add check (total < 20)", {}, 5, "orders_total_check"},
        {"alter table orders add check (total < 20) not valid", {}, 5, "orders_total_check"},
        {"insert into slots values (99, '[52,53]'); alter table slots add exclude using gist "
         "(during "
         "with &&)",
         {},
         5,
         "slots_during_excl"},
        {"update people set email = 'p8@x.test' where id = 1",
         {},
         5,
         "the database has another row with the same values: id=1"},
        {"alter table orders add unique (word)",
         {},
         5,
         "several rows of the source have the same values"},
        {"create unique index on people (lower(email)); update people set email = 'P8@X.TEST' "
         "where "
         "id = 1",
         {},
         5,
         "people_lower_idx"},
        {"create unique index part on orders (word) where id > 3", {}, 5, "part"},
        {"create unique index nulls on orders (coalesce(note, 'note 8'))", {}, 5, "nulls"},
        {"", {"-t", "orders"}, 5, "there is no row of public.people with (id) = (6)"},
        {"create table words (word text primary key); alter table orders add foreign key (word) "
         "references words",
         {},
         5,
         "there is no row of public.words with (word) = (w1)"},
        {"alter table lines alter constraint lines_order_no_fkey deferrable initially deferred",
         {"-t", "lines"},
         5,
         "there is no row of public.orders"},
        {"drop table lines, orders; create table orders (id int primary key, person int, total "
         "numeric, at timestamp, note text, word text) partition by range (id); create table "
         "orders_1 partition of orders for values from (0) to (15)",
         {"-t", "orders"},
         5,
         "no partition of relation"},
        {"alter table people add half int generated always as (1 / (age - 27)) stored",
         {},
         5,
         "division by zero"},
        {"create index on people ((1 / (age - 27)))", {}, 5, "division by zero"},
        {"create function no() returns int language plpgsql as 'begin raise exception ''not now''; "
         "end'; alter table slots add x int; alter table slots alter x set default no()",
         {},
         5,
         "not now"},
        {"create function odd(int) returns bool language plpgsql as 'begin if $1 = 9 then raise "
         "exception ''nine''; end if; return true; end'; alter table slots add check (odd(id))",
         {},
         5,
         "nine"},
        {"alter sequence tickets_nr_seq maxvalue 12", {}, 1, "reached maximum value of sequence"},
    });
}

TEST_CASE("an import fails if the table is not what it was") {
    const FailingImports imports;
    const std::string function = "create function f() returns trigger language plpgsql as $$begin "
                                 "BODY end$$; create trigger "
                                 "mail WHEN on slots for each LEVEL execute function f();";
    const auto trigger = [&function](const std::string& body, const std::string& when,
                                     const std::string& level = "row") {
        std::string sql = function;
        sql.replace(sql.find("BODY"), 4, body);
        sql.replace(sql.find("WHEN"), 4, when);
        return sql.replace(sql.find("LEVEL"), 5, level);
    };
    imports.check({
        {"drop table slots", {}, 5, "the database has no such table, and the source has 10 rows"},
        {"drop table slots; create view slots as select 1 as id, int4range(1, 2) as during",
         {},
         5,
         "it is a view"},
        {"drop table slots; create materialized view slots as select 1 as id", {}, 5, "slots"},
        {"create schema old; alter table slots set schema old", {}, 5, "no such table"},
        {"alter table people rename age to years", {}, 5, "years must not be NULL"},
        {"alter table slots drop constraint slots_pkey", {}, 5, "nothing identifies its rows"},
        {"alter table people drop constraint people_pkey cascade; alter table people alter id set "
         "not "
         "null; create unique index on people (id)",
         {},
         5,
         "several keys could identify its rows"},
        {"alter table tickets drop code; alter table tickets add code text generated always as "
         "('T' || nr) stored primary key",
         {},
         5,
         "the source does not have it"},
        {"create rule r as on insert to slots do instead nothing", {}, 5, "rules"},
        {trigger("return new;", "after insert"), {}, 5, "triggers would fire"},
        {trigger("raise exception 'no mail';", "after insert"),
         {"--triggers", "fire"},
         5,
         "no mail"},
        {trigger("raise exception 'no rows';", "before insert", "statement"),
         {"--triggers", "fire"},
         5,
         "no rows"},
        {trigger("return null;", "before insert"),
         {"--triggers", "fire"},
         5,
         "a trigger of the database left the row out"},
        {trigger("new.id := new.id + 1000; return new;", "before insert"),
         {"--triggers", "fire"},
         5,
         "a trigger changed the key of inserted rows"},
        {trigger("return null;", "before delete") + "insert into slots values (5, '[1,2]')",
         {"--mode", "replace", "-t", "slots", "--triggers", "fire", "--no-safety-dump"},
         5,
         ""},
    });
}

TEST_CASE("an import fails if nobody can tell which row is which") {
    const FailingImports imports;
    imports.check({
        {"", {"--key", "people=name"}, 5, "the key (name) is NULL"},
        {"", {"--key", "orders=word"}, 5, "the key is there twice in the source"},
        {"insert into slots values (1, '[20,25)'), (2, '[20,25)')",
         {"--key", "slots=during"},
         5,
         "the key is there twice in the database"},
        {"", {"--key", "tickets=nr"}, 5, "a number that each database gives"},
        {"", {"--key", "tickets=nope"}, 5, "no column nope"},
        {"", {"--key", "nope=id"}, 2, "no table nope in the source"},
        {"", {"-t", "nope"}, 2, "no table with rows in the source fits 'nope'"},
        {"", {"--no-mode"}, 2, "import needs --mode"},
        {"", {"--mode", "move"}, 2, "move"},
        {"", {"--mode", "merge"}, 2, "must know which row is newer"},
        {"", {"--mode", "merge", "--newer-by", "nope"}, 2, "no table has the column nope"},
        {"",
         {"--mode", "merge", "--prefer", "source", "--no-confirm"},
         5,
         "cannot ask for confirmation"},
        {"", {"--mode", "replace", "--confirm", "other"}, 5, "--confirm names 'other'"},
        {"", {"--mode", "add", "--", "no-such-program"}, 2, "no program"},
        {"create table friends (id int primary key, person int references people on delete "
         "cascade)",
         {"--mode", "replace", "-t", "people"},
         5,
         "its rows would be deleted"},
        {"create table friends (id int primary key, person int references people on delete set "
         "null)",
         {"--mode", "replace", "-t", "people"},
         5,
         "friends"},
        {"create table friends (id int primary key, person int default 1 references people on "
         "delete "
         "set default)",
         {"--mode", "replace", "-t", "people"},
         5,
         "friends"},
        {"create table friends (id int primary key, person int references people); insert into "
         "friends values (1, 1)",
         {"--mode", "replace", "--no-safety-dump"},
         5,
         "friends_person_fkey"},
    });
}

TEST_CASE("an import fails if its map does not fit") {
    const FailingImports imports;
    const auto with_map = [&imports](const std::string& toml) {
        return std::vector<std::string>{"--map", imports.source().map(toml)};
    };
    for (const auto& [toml, exit_code, message] :
         std::vector<std::tuple<std::string, int, std::string>>{
             {"[table.people]\nrenamed = \"x\"", 2, "'renamed' is not known"},
             {"[table.people]\nrename = \"persons\"", 5, "which the database lacks"},
             {"[table.people]\nfill = { age = \"young\" }\ncolumns = { age = \"nope\" }", 5, ""},
             {"[table.slots]\nvalue.during = { \"[10,15)\" = \"nonsense\" }", 5, "during: "},
             {"schema-version = \"2025\"", 5, "no map is for the source's schema version"},
             {"[table", 2, "map.toml"}}) {
        imports.check({"", with_map(toml), exit_code, message});
    }
    imports.check({"", {"--map", "/nonexistent/map.toml"}, 1, "map.toml"});
}
