#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_inspector.hpp>
#include <dbbackup/pg/name_pattern.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

// The tables and schemas of a dump that names and patterns match.

using namespace dbbackup;
using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

bool fits(const std::string& pattern, const std::string& name) {
    return NamePattern{pattern, "--schema"}.fits(name);
}

bool fits(const std::string& pattern, const std::string& schema, const std::string& name) {
    return NamePattern{pattern, "--table"}.fits(schema, name);
}

const std::string k_dump = R"(
CREATE SCHEMA s;
CREATE SCHEMA "Mixed";
CREATE SCHEMA funny;
CREATE FUNCTION funny.f() RETURNS integer LANGUAGE sql AS $$select 1$$;
CREATE EXTENSION hstore WITH SCHEMA s;
CREATE TABLE s.t (id int);
CREATE TABLE s.t1 (id int);
CREATE TABLE s."T" (id int);
CREATE TABLE s."t*" (id int);
CREATE VIEW "Mixed".v AS SELECT 1;
CREATE TABLE public.t (id int);
CREATE TABLE public."s.t" (id int);
CREATE TABLE public."Orders" (id int);
CREATE SCHEMA a;
CREATE SCHEMA "a.b";
CREATE TABLE a."b.c" (id int);
CREATE TABLE a."""b.c""" (id int);
CREATE TABLE a."only""quotes" (id int);
CREATE TABLE "a.b".c (id int);
CREATE TABLE a."public.new" (id int);
COPY s.loose (id) FROM stdin;
1
\.
INSERT INTO s.inserted VALUES (1);
)";

FoundPart find(const Names& tables, const Names& schemas = {}) {
    DumpInspector inspector;
    const std::string dump = k_dump + samples::k_end;
    inspector.observe(base::as_bytes(dump));
    inspector.finish();
    return find_part(inspector.summary(), {.tables = tables, .schemas = schemas});
}

std::string found(const Names& tables) {
    std::string text;
    for (const RelationName& one : find(tables).part.relations) {
        text += (text.empty() ? "" : " ") + one.schema + "/" + one.name;
    }
    return text;
}

std::string schemas(const Names& wanted) {
    return fmt::format("{}", fmt::join(find({}, wanted).part.schemas, " "));
}

} // namespace

TEST_CASE("name patterns work as in pg_dump") {
    CHECK(fits("tenant_*", "tenant_5"));
    CHECK_FALSE(fits("tenant_*", "a_tenant_5"));
    CHECK(fits("tenant_?", "tenant_5"));
    CHECK(fits("tenant_?", "tenant_é"));
    CHECK_FALSE(fits("tenant_?", "tenant_55"));
    CHECK(fits("tenant_[1-3]", "tenant_2"));
    CHECK_FALSE(fits("tenant_[1-3]", "tenant_5"));
    CHECK(fits("a|b", "b"));
    CHECK(fits("ORDERS", "orders"));
    CHECK_FALSE(fits("Orders", "Orders"));
    CHECK(fits("\"Orders\"", "Orders"));
    CHECK(fits("\"O\"rders", "Orders"));
    CHECK(fits("\"a*\"", "a*"));
    CHECK_FALSE(fits("\"a*\"", "ab"));
    CHECK(fits("\"a\"\"b\"", "a\"b"));
    CHECK(fits("a$b", "a$b"));
    CHECK(fits("\"a.b\"", "a.b"));
    CHECK(fits("tenant_5.*", "tenant_5", "orders"));
    CHECK_FALSE(fits("tenant_5.*", "tenant_55", "orders"));
    CHECK(fits("*.orders", "tenant_5", "orders"));
    CHECK(fits("orders", "anywhere", "orders"));
}

TEST_CASE("an invalid name pattern is a usage error that names it") {
    for (const char* text : {"", "a.", ".a", "a.b.c", "\"a", "[", "a{"}) {
        INFO(text);
        CHECK_THROWS_AS(NamePattern(text, "--table"), base::Error);
    }
}

TEST_CASE("a name as a pattern matches only itself") {
    for (const char* name : {"orders", "Orders", "a*", "a.b", "a\"b", "é", "a b", "$x", "[a]"}) {
        const std::string pattern = as_pattern(name);
        INFO(pattern);
        const NamePattern read{pattern, "--table"};
        CHECK(read.fits(name));
        CHECK(read.literal() == Names{name});
    }
    CHECK_FALSE(NamePattern("a*", "--table").literal());
    CHECK(NamePattern("\"S\".t", "--table").literal() == Names{"S", "t"});
}

TEST_CASE("tables of a dump are found by exact names, otherwise by patterns") {
    CHECK(find({}).part.whole);
    CHECK_FALSE(find({"t"}).part.whole);
    CHECK(found({"s.t1"}) == "s/t1");
    CHECK(found({"t"}) == "public/t s/t");
    CHECK(found({"T"}) == "s/T");
    CHECK(found({"Orders"}) == "public/Orders");
    CHECK(found({"orders"}).empty());
    CHECK(found({"T1"}) == "s/t1");
    CHECK(found({"s.t"}) == "s/t");
    CHECK(found({"t*"}) == "s/t*");
    CHECK(found({"s.t?"}) == "s/t* s/t1");
    CHECK(found({"s.*"}) == "s/T s/inserted s/loose s/t s/t* s/t1");
    CHECK(found({"v", "public.t"}) == "Mixed/v public/t");
    CHECK(find({"x", "t", "public.t1", "f", "s"}).missing_tables ==
          Names{"x", "public.t1", "f", "s"});
}

TEST_CASE("quotes and dots in table names are parsed before the name is taken literally") {
    CHECK(found({R"(a."b.c")"}) == "a/b.c");
    CHECK(found({R"(a."""b.c""")"}) == R"(a/"b.c")");
    CHECK(found({R"("a.b".c)"}) == "a.b/c");
    CHECK(found({R"("b.c")"}) == "a/b.c");
    CHECK(found({R"(a.only"quotes)"}) == R"(a/only"quotes)");
    CHECK(found({"public.new"}).empty());
    CHECK(found({R"("public.new")"}) == "a/public.new");
    CHECK_THROWS_AS(found({"a.b.c"}), base::Error); // which of the two?
    CHECK(schemas({"a.b"}) == "a.b");
    CHECK(schemas({R"("a.b")"}) == "a.b");
}

TEST_CASE("schemas of a dump are found by exact names, otherwise by patterns") {
    CHECK(schemas({"s"}) == "s");
    CHECK(schemas({"Mixed"}) == "Mixed");
    CHECK(schemas({"f*", "public"}) == "funny public");
    CHECK(schemas({"*"}) == "Mixed a a.b funny public s");
    CHECK(find({}, {"mixed", "s", "s.t"}).missing_schemas == Names{"mixed", "s.t"});
    CHECK(find({}, {"s"}).part.extensions == Names{"hstore"});
    CHECK(find({}, {"funny"}).part.extensions.empty());
}
