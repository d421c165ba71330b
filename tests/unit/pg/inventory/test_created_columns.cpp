#include "pg/inventory/created_columns.hpp"
#include "pg/target/column_changes.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

using namespace dbbackup;
using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

/// "id integer|note text" for the columns, or "unknown".
std::string columns_of(const std::string& sql, const std::string& search_schema = {},
                       Backslashes backslashes = Backslashes::plain) {
    const Parsed parsed{sql, search_schema};
    const auto found = find_created_columns(parsed.statement(), backslashes);
    if (!found) {
        return "unknown";
    }
    std::string text;
    for (const TableColumn& column : found->columns) {
        text += (text.empty() ? "" : "|") + column.name + " " + column.type;
    }
    return text;
}

std::string type_of(const std::string& type) {
    const std::string column = columns_of("CREATE TABLE s.t (c " + type + " NOT NULL);");
    return column.substr(2);
}

} // namespace

TEST_CASE("columns of a dump: names and types as pg_dump writes them") {
    CHECK(columns_of(
              "CREATE TABLE shop.orders (\n    id integer NOT NULL,\n    \"Note\"\"s\" "
              "character varying(20) DEFAULT 'a, b)'::character varying,\n    amount "
              "numeric(10,2),\n    at timestamp(3) without time zone DEFAULT now() NOT NULL,\n"
              "    tags text[] COLLATE pg_catalog.\"C\",\n    state shop.state,\n"
              "    twice integer GENERATED ALWAYS AS ((id * 2)) STORED,\n"
              "    CONSTRAINT c CHECK ((amount >= (0)::numeric))\n)\nWITH (fillfactor='70');") ==
          "id integer|Note\"s character varying(20)|amount numeric(10,2)|at timestamp(3) without "
          "time zone|tags text[]|state shop.state|twice integer");
    CHECK(columns_of("CREATE UNLOGGED TABLE s.t (exclude integer);") == "exclude integer");
    CHECK(columns_of("CREATE TABLE s.t (a integer, EXCLUDE USING gist (a WITH =));") ==
          "a integer");
    CHECK(columns_of("CREATE TABLE s.t (c shop.storage STORAGE external);") == "c shop.storage");
    CHECK(columns_of("CREATE TABLE s.t (\n);").empty());
    CHECK(columns_of("CREATE TABLE s.t (a text DEFAULT 'it\\'s, )', b integer);", {},
                     Backslashes::escaping) == "a text|b integer");
}

TEST_CASE("columns of a dump: unknown for a table that does not name all of them") {
    for (const char* sql : {
             "CREATE TABLE s.t (extra integer)\nINHERITS (s.parent);",
             "CREATE TABLE s.t OF s.type (\n    c WITH OPTIONS NOT NULL\n);",
             "CREATE TABLE s.t PARTITION OF s.parent\nFOR VALUES IN (1);",
             "CREATE TABLE s.t (LIKE s.other);",
             "CREATE TABLE s.t (a integer) PARTITION BY LIST (a);",
             "CREATE TABLE s.t (a integer, b text",
             "CREATE VIEW s.t AS SELECT f(1);",
         }) {
        INFO(sql);
        CHECK(columns_of(sql) == "unknown");
    }
    const Parsed parsed{"CREATE TABLE s.t (a integer);"};
    ScriptStatement cut = parsed.statement();
    cut.sql_is_whole = false;
    CHECK_FALSE(find_created_columns(cut, Backslashes::plain));
}

TEST_CASE("columns of a dump: a type that the server may write differently is unknown") {
    for (const char* type :
         {"int",          "int4",          "int8[]",          "varchar(20)",
          "VARCHAR",      "INTEGER",       "timestamptz",     "serial",
          "bool",         "decimal(10,2)", "numeric(10, 2)",  "integer[3]",
          "character",    "bit",           "bit[]",           "timestamp",
          "timestamp(3)", "time",          "pg_catalog.int4", "double  precision",
          "char"}) {
        INFO(type);
        CHECK(type_of(type).empty());
    }
    for (const char* type :
         {"integer", "double precision", "character(1)", "character varying", "bit(3)",
          "bit varying(5)", "time(0) with time zone", "timestamp with time zone", "text[]",
          "interval day to second(3)", "\"char\"", "\"Shop\".\"State\"", "public.citext", "bpchar",
          "public.geometry(Point,4326)"}) {
        INFO(type);
        CHECK(type_of(type) == type);
    }
    // Before 10.3 it may be a type of that schema.
    CHECK(columns_of("CREATE TABLE t (a state, b integer);", "shop") == "a |b ");
}

TEST_CASE("columns of a dump compared with a database: names always, types if both are known") {
    const std::vector<TableColumn> now{
        {"id", "bigint"}, {"name", "text"}, {"since", "date"}, {"state", "\"shop\".state"}};
    const auto changes = find_column_changes(
        now, {{"state", "shop.state"}, {"note", "text"}, {"id", "integer"}, {"name", ""}});
    CHECK(changes.added == Names{"note"});
    CHECK(changes.gone == Names{"since"});
    REQUIRE(changes.changed.size() == 1);
    CHECK(changes.changed[0].name == "id");
    CHECK(changes.changed[0].now == "bigint");
    CHECK(changes.changed[0].after == "integer");
    CHECK(changes.any());
    CHECK_FALSE(find_column_changes(now, {now.rbegin(), now.rend()}).any());
}
