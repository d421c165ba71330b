#include "support/catch.hpp"
#include "unit/pg/read_outline.hpp"

#include <dbbackup/pg/compare_outlines.hpp>

using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

OutlineDifference compare(const std::string& dump, const std::string& copy,
                          ComparedText text = ComparedText::statements) {
    return compare_outlines(outline_of(dump), outline_of(copy), text);
}

/// All findings except those about tables.
Names findings(const std::string& dump, const std::string& copy,
               ComparedText text = ComparedText::statements) {
    const OutlineDifference difference = compare(dump, copy, text);
    Names all = difference.objects;
    for (const Names& more : {difference.sequences, difference.large_objects, difference.statements,
                              difference.rewritten}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

std::string table(const std::string& name, const std::string& columns, const std::string& rows) {
    return "COPY " + name + " (" + columns + ") FROM stdin;\n" + rows + "\\.\n";
}

std::vector<ComparedTable> tables(const std::string& dump, const std::string& copy) {
    return compare(dump, copy, ComparedText::nothing).tables;
}

TableMatch match(const std::string& dump, const std::string& copy) {
    const auto compared = tables(dump, copy);
    REQUIRE(compared.size() == 1);
    return compared.front().match;
}

std::string large_object(const std::string& oid, const std::string& digits) {
    return "SELECT pg_catalog.lo_create('" + oid + "');\nSELECT pg_catalog.lo_open('" + oid +
           "', 131072);\nSELECT pg_catalog.lowrite(0, '\\x" + digits +
           "');\nSELECT pg_catalog.lo_close(0);\n";
}

} // namespace

TEST_CASE("tables are compared by rows, content and columns") {
    const std::string rows = table("s.t", "a, b", "1\t2\n3\t4\n");
    CHECK(match(rows, rows) == TableMatch::equal);
    CHECK(match(rows, table("s.t", "a, b", "3\t4\n1\t2\n")) == TableMatch::equal);
    CHECK(match(rows, table("s.t", "a, b", "1\t2\n")) == TableMatch::rows_differ);
    CHECK(match(rows, table("s.t", "a, b", "1\t2\n3\t5\n")) == TableMatch::contents_differ);
    CHECK(match(rows, table("s.t", "a, c", "1\t2\n3\t4\n")) == TableMatch::contents_differ);
    CHECK(match(rows, table("s.t", "b, a", "2\t1\n4\t3\n")) == TableMatch::columns_reordered);
    CHECK(match(rows, table("s.t", "b, a", "2\t1\n")) == TableMatch::rows_differ);
    CHECK(match(rows, table("s.t", "b, a, c", "2\t1\t\n4\t3\t\n")) == TableMatch::contents_differ);
    CHECK(match(rows, "COPY s.t FROM stdin;\n1\t2\n3\t4\n\\.\n") == TableMatch::equal);
    CHECK(match(rows, "COPY s.t FROM stdin;\n2\t1\n4\t3\n\\.\n") == TableMatch::contents_differ);
    CHECK(match(table("s.t", "a, b", ""), table("s.t", "b, a", "")) == TableMatch::equal);
    CHECK(match("CREATE TABLE s.t (a int);\n", "CREATE TABLE s.t (a int);\n") == TableMatch::equal);
    CHECK(match("CREATE TABLE s.t (a int);\n", table("s.t", "a", "1\n")) ==
          TableMatch::rows_differ);
}

TEST_CASE("only the count of rows written as INSERTs is compared") {
    const std::string created = "CREATE TABLE s.t (a int);\n";
    const std::string inserted = "INSERT INTO s.t VALUES (1);\nINSERT INTO s.t VALUES (2);\n";
    const std::string copied = table("s.t", "a", "1\n3\n");
    CHECK(match(created + inserted, created + copied) == TableMatch::rows_counted);
    CHECK(match(inserted, copied) == TableMatch::rows_counted);
    CHECK(match(copied, created + inserted) == TableMatch::rows_counted);
    CHECK(match(created + inserted, created + table("s.t", "a", "1\n")) == TableMatch::rows_differ);
    CHECK(tables(inserted, copied) ==
          std::vector<ComparedTable>{{"s", "t", 2, 2, TableMatch::rows_counted}});
}

TEST_CASE("tables are in the dump's order, unexpected ones last") {
    const std::string one = "1\n";
    CHECK(tables(table("s.b", "x", one) + table("s.a", "x", one) + table("s.c", "x", ""),
                 table("s.a", "x", one) + table("s.d", "x", one) + table("s.b", "x", one)) ==
          std::vector<ComparedTable>{{"s", "b", 1, 1, TableMatch::equal},
                                     {"s", "a", 1, 1, TableMatch::equal},
                                     {"s", "c", 0, 0, TableMatch::missing},
                                     {"s", "d", 0, 1, TableMatch::unexpected}});
}

TEST_CASE("a name without a schema is matched by itself if it is unambiguous") {
    const std::string rows = "1\n";
    CHECK(tables(table("t", "a", rows), table("s.t", "a", rows)) ==
          std::vector<ComparedTable>{{"", "t", 1, 1, TableMatch::equal}});
    CHECK(tables(table("s.t", "a", rows) + table("t", "a", rows),
                 table("s.t", "a", rows) + table("public.t", "a", rows)) ==
          std::vector<ComparedTable>{{"s", "t", 1, 1, TableMatch::equal},
                                     {"", "t", 1, 1, TableMatch::equal}});
    CHECK(
        tables(table("t", "a", rows), table("s.t", "a", rows) + table("u.t", "a", rows))[0].match ==
        TableMatch::missing);
    CHECK(tables(table("s.t", "a", rows), table("u.t", "a", rows))[0].match == TableMatch::missing);
    CHECK(findings("CREATE SEQUENCE q;\nSELECT pg_catalog.setval('q', 7, true);\n",
                   "CREATE SEQUENCE s.q;\nSELECT pg_catalog.setval('s.q', 7, true);\n",
                   ComparedText::nothing)
              .empty());
}

TEST_CASE("differing objects, sequences and large objects are named") {
    const std::string view = "CREATE VIEW s.v AS SELECT 1;\n";
    const std::string key = "ALTER TABLE ONLY s.t ADD CONSTRAINT t_key UNIQUE (a);\n";
    const std::string objects = large_object("7", "00") + large_object("8", "01");
    const struct {
        std::string dump;
        std::string copy;
        Names found;
    } cases[] = {
        {view, view, {}},
        {view, "", {"view s.v is missing in the copy"}},
        {"", view, {"view s.v is only in the copy"}},
        {"CREATE SCHEMA s;\n", "", {"schema s is missing in the copy"}},
        {"CREATE EXTENSION e WITH SCHEMA s;\n", "CREATE EXTENSION e;\n", {}},
        {"CREATE EXTENSION e;\n", "", {"extension e is missing in the copy"}},
        {"CREATE SCHEMA public;\nCREATE EXTENSION plpgsql WITH SCHEMA pg_catalog;\n"
         "CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql;\n",
         "",
         {}},
        {key, "", {"index of table t: s.t_key is missing in the copy"}},
        {"CREATE INDEX i ON s.t USING btree (a);\n", "", {"index s.i is missing in the copy"}},
        {"CREATE TABLE s.t (a int);\n" + key, "", {"table s.t is missing in the copy"}},
        {"CREATE TRIGGER watch BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.f();\n",
         "",
         {"trigger watch is missing in the copy"}},
        {"", "CREATE POLICY some ON s.t USING (true);\n", {"policy some is only in the copy"}},
        {"CREATE RULE keep AS ON DELETE TO s.t DO INSTEAD NOTHING;\n",
         "CREATE RULE keep AS ON DELETE TO s.t DO INSTEAD  SELECT 1;\n",
         {}},
        {"CREATE RULE keep AS ON DELETE TO s.t DO INSTEAD NOTHING;\n",
         "CREATE RULE \"_RETURN\" AS ON SELECT TO s.v DO INSTEAD SELECT 1;\n",
         {"rule keep is missing in the copy"}},
        {"ALTER TABLE ONLY s.t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES s.u(a);\n",
         "",
         {"foreign key of table t: s.k is missing in the copy"}},
        {"SELECT pg_catalog.setval('s.q', 42, true);\n",
         "SELECT pg_catalog.setval('s.q', 41, true);\n",
         {"sequence s.q: 42 in the dump, 41 in the copy"}},
        {"SELECT pg_catalog.setval('s.q', 1, true);\n",
         "SELECT pg_catalog.setval('s.q', 1, false);\n",
         {"sequence s.q: 1 in the dump, 1, not yet given out, in the copy"}},
        {"SELECT pg_catalog.setval('s.q', 1, true);\n",
         "",
         {"sequence s.q: 1 in the dump, no value in the copy"}},
        {"",
         "SELECT pg_catalog.setval('s.q', 1, true);\n",
         {"sequence s.q: no value in the dump, 1 in the copy"}},
        {objects, objects, {}},
        {objects, large_object("8", "01") + large_object("7", "00"), {}},
        {objects, large_object("7", "00"), {"large object 8 is missing in the copy"}},
        {large_object("7", "00"), objects, {"large object 8 is only in the copy"}},
        {objects,
         large_object("7", "01") + large_object("8", "00"),
         {"large object 7 has different content in the copy",
          "large object 8 has different content in the copy"}},
        {"CREATE VIEW s.\"\x1b[2J\" AS SELECT 1;\n",
         "",
         {"view s.\\x1B[2J is missing in the copy"}},
    };
    for (const auto& [dump, copy, found] : cases) {
        INFO(dump);
        INFO(copy);
        CHECK(findings(dump, copy, ComparedText::nothing) == found);
    }
}

TEST_CASE("statements are compared in any order, by their text first") {
    const std::string before = "ALTER TABLE s.t ADD CONSTRAINT c CHECK (((a)::text = ANY "
                               "((ARRAY['x'::character varying])::text[])));\n";
    const std::string after = "ALTER TABLE s.t ADD CONSTRAINT c CHECK (((a)::text = ANY "
                              "(ARRAY[('x'::character varying)::text])));\n";
    const std::string other = "ALTER TABLE s.t ADD CONSTRAINT c CHECK (((a)::text = ANY "
                              "(ARRAY[('y'::character varying)::text])));\n";
    const std::string grant = "GRANT ALL ON TABLE s.t TO joe;\n";
    const std::string set = "SET default_tablespace = '';\n";
    const std::string begun = "ALTER TABLE s.t ADD CONSTRAINT c CHECK (((a)::text = ANY (ARRAY[(…";
    const struct {
        std::string dump;
        std::string copy;
        Names found;
    } cases[] = {
        {before + grant, grant + after, {}},
        {before,
         other,
         {"only in the dump: ALTER TABLE s.t ADD CONSTRAINT c CHECK (((a)::text = "
          "ANY ((ARRAY[…",
          "only in the copy: " + begun}},
        {before + after, after + before, {}},
        {before + after, after + after, {}},
        {before + after,
         after,
         {"only in the dump: ALTER TABLE s.t ADD CONSTRAINT c CHECK "
          "(((a)::text = ANY ((ARRAY[…"}},
        {grant + grant, grant, {"only in the dump: GRANT ALL ON TABLE s.t TO joe;"}},
        {grant, grant + grant, {"only in the copy: GRANT ALL ON TABLE s.t TO joe;"}},
        {set + grant + set, grant + set, {}},
        {set, "", {"only in the dump: SET default_tablespace =…"}},
        {"-- a comment\n" + grant, grant, {}},
        {"CREATE VIEW v AS SELECT f(ab, c);\n",
         "CREATE VIEW v AS SELECT f(a b, c);\n",
         {"only in the dump: CREATE VIEW v AS SELECT f(ab, c);",
          "only in the copy: CREATE VIEW v AS SELECT f(a b, c);"}},
        {"COMMENT ON TABLE s.t IS 'x';\n",
         "COMMENT ON TABLE s.t IS 'y';\n",
         {"only in the dump: COMMENT ON TABLE s.t IS…",
          "only in the copy: COMMENT ON TABLE s.t IS…"}},
    };
    for (const auto& [dump, copy, found] : cases) {
        INFO(dump);
        INFO(copy);
        CHECK(findings(dump, copy) == found);
        CHECK(findings(dump, copy, ComparedText::nothing).empty());
    }
}

TEST_CASE("statements whose expressions alone differ are told from others") {
    const auto difference = compare("CREATE VIEW s.v AS SELECT a;\nCOMMENT ON VIEW s.v IS 'x';\n",
                                    "CREATE VIEW s.v AS SELECT b;\nCOMMENT ON VIEW s.v IS 'y';\n");
    CHECK(difference.rewritten == Names{"only in the dump: CREATE VIEW s.v AS SELECT a;",
                                        "only in the copy: CREATE VIEW s.v AS SELECT b;"});
    CHECK(difference.statements == Names{"only in the dump: COMMENT ON VIEW s.v IS…",
                                         "only in the copy: COMMENT ON VIEW s.v IS…"});
}

TEST_CASE("of other major versions' statements, only what all write alike is compared") {
    const auto compare_majors = [](const std::string& dump, const std::string& copy) {
        return compare(dump, copy, ComparedText::version_neutral).statements;
    };
    CHECK(compare_majors("ALTER TABLE s.v OWNER TO joe;\nSET row_security = off;\n",
                         "ALTER VIEW s.v OWNER TO joe;\n") == Names{});
    CHECK(compare_majors("CREATE VIEW s.v AS SELECT t.a FROM t;\n",
                         "CREATE VIEW s.v AS SELECT a FROM t;\n") == Names{});
    CHECK(compare_majors("ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;\n", "") ==
          Names{"only in the dump: ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;"});
    CHECK(compare_majors("ALTER TABLE s.t ALTER COLUMN a SET NOT NULL;\n", "") == Names{});
}

TEST_CASE("strings are compared by the dump's standard_conforming_strings") {
    const std::string off = "SET standard_conforming_strings = off;\n";
    const std::string text = off + "CREATE VIEW v AS SELECT f('a\\'::text, (b)', 'c');\n";
    CHECK(findings(text, text).empty());
    CHECK(findings(text, off + "CREATE VIEW v AS SELECT f('a\\'::int, (b)', 'c');\n") ==
          Names{"only in the dump: CREATE VIEW v AS SELECT f(…",
                "only in the copy: CREATE VIEW v AS SELECT f(…"});
}
