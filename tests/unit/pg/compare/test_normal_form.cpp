#include "pg/compare/normal_form.hpp"
#include "support/catch.hpp"

#include <string>

using namespace dbbackup::pg;

namespace {

std::string form(const std::string& sql, Backslashes backslashes = Backslashes::plain) {
    std::string text;
    for (const Word& word : normal_form(significant_words(sql, backslashes))) {
        text += (text.empty() ? "" : " ") + std::string{word.text};
    }
    return text;
}

} // namespace

TEST_CASE("statements that PostgreSQL reads and writes back differently have one normal form") {
    const std::pair<const char*, const char*> cases[] = {
        {"CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
         "varying])::text[])));",
         "CHECK (((status)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character "
         "varying)::text])));"},
        {"WHERE (n <> ALL ((ARRAY[1, 2])::numeric[]))",
         "WHERE (n <> ALL (ARRAY[(1)::numeric, (2)::numeric]))"},
        {"x = ANY ((ARRAY[lower((a)::text), (b + 1), f(c, d)])::\"My\".\"T ::\"[])",
         "x = ANY (ARRAY[(lower((a)::text))::\"My\".\"T ::\", ((b + 1))::int, (f(c, d))::int])"},
        {"ANY ((ARRAY[CASE WHEN a THEN b ELSE c END])::text[])",
         "ANY (ARRAY[(CASE WHEN a THEN b ELSE c END)::text])"},
        {"SELECT ((ARRAY['a'::text])::text[] || b)", "SELECT (ARRAY[('a'::text)::text] || b)"},
        {"CREATE TABLE s.t (\n    a integer,\n    b numeric(5,2) DEFAULT f(1, 2)\n)\nINHERITS "
         "(s.p);",
         "CREATE TABLE s.t (\n    b numeric(5,2) DEFAULT f(1, 2),\n    a integer\n)\nINHERITS "
         "(s.p);"},
        {"CHECK ((((a = b) OR (a = c)) OR (a = d)));", "CHECK (((a = b) OR (a = c) OR (a = d)));"},
        {"WHERE ((((a = b) AND c) AND d) AND e)", "WHERE ((a = b) AND c AND d AND e)"},
        {"((a, b) IN ( SELECT 1, 'x'::text))", "((a, b) IN ( SELECT 1, 'x'::text AS text))"},
        {"CREATE STATISTICS s.x (ndistinct) ON b, a, f(d, c) FROM s.t;",
         "CREATE STATISTICS s.x (ndistinct) ON a, b, f(d, c) FROM s.t;"},
        {"ALTER PUBLICATION p ADD TABLE ONLY s.t (b, a) WHERE (c);",
         "ALTER PUBLICATION p ADD TABLE ONLY s.t (a, b) WHERE (c);"},
        {"CREATE TABLE s.t (\n    a integer NOT NULL,\n    b integer CONSTRAINT c NOT NULL\n);",
         "CREATE TABLE s.t (\n    a integer CONSTRAINT t_a_not_null1 NOT NULL,\n    b integer "
         "CONSTRAINT c NOT NULL\n);"},
        {"CREATE TABLE s.t (a integer CONSTRAINT \"T_a_not_null12\" NOT NULL NO INHERIT);",
         "CREATE TABLE s.t (a integer NOT NULL NO INHERIT);"},
        {"SELECT 1;", "SELECT\n    1\n;\n"},
    };
    for (const auto& [written, read_back] : cases) {
        INFO(written);
        CHECK(form(written) == form(read_back));
    }
}

TEST_CASE("a normal form leaves out casts to every kind of type") {
    for (const std::string type : {"text",
                                   "text[]",
                                   "integer[][]",
                                   "character varying(20)",
                                   "character varying(20)[]",
                                   "character(3)",
                                   "bit varying(5)",
                                   "bit(4)",
                                   "double precision",
                                   "numeric(10,2)",
                                   "timestamp(3) without time zone",
                                   "timestamp with time zone",
                                   "time(2) with time zone",
                                   "time without time zone[]",
                                   "interval",
                                   "interval(3)",
                                   "interval day to second(2)",
                                   "interval year to month",
                                   "pg_catalog.\"char\"",
                                   "\"a b\".\"c::d\"(3)[]",
                                   "s.t",
                                   "\"time\"",
                                   "geometry(Point,4326)"}) {
        INFO(type);
        CHECK(form("SELECT a::" + type + ", b") == "SELECT a , b");
        CHECK(form("x::" + type + " AND y") == "x AND y");
        CHECK(form("x::" + type + " = y[1]") == "x = y [ 1 ]");
        CHECK(form("x::" + type) == "x");
    }
    CHECK(form("(a::text)[1] AT TIME ZONE b") == "a [ 1 ] AT TIME ZONE b");
    CHECK(form("a::timestamp AT TIME ZONE b") == "a AT TIME ZONE b");
    CHECK(form("a::time WITH x") == "a WITH x");
    CHECK(form("a::interval AS year") == "a AS year");
    CHECK(form("a:: ") == "a ::");
}

TEST_CASE("literals and quoted names are kept in a normal form") {
    for (const std::string text :
         {"'a::text (b) '", "'it''s'", "E'a\\'::b'", "\"a::b (c)\"", "$$ (a)::text; $$",
          "$f$ BEGIN x := (y)::int; END $f$", "X'1F'", "U&'\\0041::x'"}) {
        INFO(text);
        CHECK(form("SELECT " + text + "::text, ((" + text + "));") ==
              "SELECT " + text + " , " + text);
    }
    CHECK(form("SELECT 'a\\'::b', (c)", Backslashes::escaping) == "SELECT 'a\\'::b' , c");
    CHECK(form("SELECT 'a\\'::b, (c)") == "SELECT 'a\\' , c");
}

TEST_CASE("statements with another meaning have another normal form") {
    const std::pair<const char*, const char*> cases[] = {
        {"CHECK (a = 'a'::text)", "CHECK (a = 'b'::text)"},
        {"CHECK (a = 'a'::text)", "CHECK (a = 'a '::text)"},
        {"ANY (ARRAY['a', 'b'])", "ANY (ARRAY['a, b'])"},
        {"ANY (ARRAY['a', 'b'])", "ANY (ARRAY['b', 'a'])"},
        {"CHECK (((a AND b) OR c))", "CHECK ((a AND (b OR c)))"},
        {"CHECK (((a OR b) AND c))", "CHECK ((a OR (b AND c)))"},
        {"CHECK (((a AND b) OR c))", "CHECK ((a AND b OR c))"},
        {"CHECK (((a OR b AND c) OR d))", "CHECK ((a OR b AND c OR d))"},
        {"a - (b - c)", "(a - b) - c"},
        {"SELECT a::int AS text", "SELECT a::int"},
        {"SELECT a::text AS b", "SELECT a::text"},
        {"CREATE INDEX i ON s.t USING btree (a, b)", "CREATE INDEX i ON s.t USING btree (b, a)"},
        {"CREATE STATISTICS x ON f(a, b) FROM t", "CREATE STATISTICS x ON f(b, a) FROM t"},
        {"f((a, b), c)", "f(a, (b, c))"},
        {"f((a, b))", "f(a, b)"},
        {"(ARRAY[a] || b)", "ARRAY[a] || (b)"},
        {"x NOT (ARRAY[a] || b) c", "x NOT ARRAY[a] || b c"},
        {"numeric(10,2)", "numeric(1,02)"},
        {"a varchar(5)", "a varchar(6)"},
        {"a b", "ab"},
        {"\"a\"", "'a'"},
        {"CREATE TABLE t (a int, b int)", "CREATE TABLE t (b int, a int)"},
        {"CREATE TABLE t (a int, b text) INHERITS (p)",
         "CREATE TABLE t (a text, b int) INHERITS (p)"},
        {"CREATE TABLE t () INHERITS (p, q)", "CREATE TABLE t () INHERITS (q, p)"},
        {"CREATE VIEW v AS SELECT a, b", "CREATE VIEW v AS SELECT b, a"},
    };
    for (const auto& [one, other] : cases) {
        INFO(one);
        CHECK(form(one) != form(other));
    }
}

TEST_CASE("a normal form accepts any input") {
    for (const char* sql : {"",
                            ";",
                            "::",
                            "a::",
                            "(((",
                            ")))",
                            "a)::b(c",
                            "[(])",
                            "CREATE TABLE",
                            "CREATE TABLE t (a, (b",
                            "create () inherits",
                            "create table (,) inherits",
                            "create statistics",
                            "create statistics on",
                            "create statistics from on",
                            "create statistics on from",
                            "alter",
                            "alter publication (",
                            "ARRAY[",
                            "(ARRAY]",
                            "'",
                            "$$",
                            "\"a",
                            "a::\"b",
                            "()"}) {
        INFO(sql);
        CHECK_NOTHROW(form(sql));
    }
}

TEST_CASE("names of constraints that a user gave count") {
    for (const char* sql : {"CREATE TABLE t (a integer CONSTRAINT a_is_there NOT NULL);",
                            "CREATE TABLE t (a integer CONSTRAINT t_a_not_null CHECK (a > 0));",
                            "ALTER TABLE t ADD CONSTRAINT t_a_not_null_x NOT NULL a NOT VALID;"}) {
        INFO(sql);
        CHECK(form(sql).find("CONSTRAINT") != std::string::npos);
    }
    CHECK(form("CREATE TABLE t (a integer CONSTRAINT one NOT NULL);") !=
          form("CREATE TABLE t (a integer CONSTRAINT two NOT NULL);"));
}
