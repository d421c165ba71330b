#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/pg/dump_inspector.hpp>

using namespace dbbackup;
using pg::DumpInventory;
using Names = std::vector<std::string>;

namespace {

pg::DumpSummary inspect(const std::string& sql) {
    pg::DumpInspector inspector;
    const std::string dump = sql + pg::samples::k_end;
    inspector.observe(base::as_bytes(dump));
    inspector.finish();
    return inspector.summary();
}

std::string message_of(const std::string& dump) {
    try {
        pg::DumpInspector inspector;
        inspector.observe(base::as_bytes(dump));
        inspector.finish();
    } catch (const base::Error& error) {
        return error.kind() == base::ErrorKind::damaged ? base::without_marks(error.what())
                                                        : "wrong kind";
    }
    return "";
}

} // namespace

TEST_CASE("an inventory lists the objects that a dump creates, each once") {
    const auto [contents, inventory] = inspect(R"(
-- Dumped from database version 15.20 (Debian)
-- Dumped by pg_dump version 17.2
SET client_encoding = 'LATIN1';
CREATE SCHEMA s;
CREATE EXTENSION x WITH SCHEMA s;
CREATE TYPE s.t;
CREATE FUNCTION s.f(int) RETURNS s.t LANGUAGE sql AS '';
CREATE FUNCTION s.f(text) RETURNS s.t LANGUAGE sql AS '';
CREATE TYPE s.t (input = s.f);
CREATE VIEW s.v AS SELECT NULL::int AS a;
ALTER TABLE s.v OWNER TO joe;
CREATE OR REPLACE VIEW s.v AS SELECT 1 AS a;
SELECT pg_catalog.lo_create('7');
-- Dumped from database version 99
GRANT SELECT ON TABLE s.v TO ann;
)");
    CHECK(inventory.server_version == "15.20 (Debian)");
    CHECK(inventory.pg_dump_version == "17.2");
    CHECK(inventory.encoding == "LATIN1");
    CHECK(inventory.created_schemas == Names{"s"});
    CHECK(inventory.objects == std::vector<pg::DumpObject>{
                                   {"type", "s", "t"}, {"function", "s", "f"}, {"view", "s", "v"}});
    CHECK(inventory.extensions == std::vector<pg::DumpedExtension>{{"x", "s"}});
    CHECK(inventory.large_objects == std::vector<std::uint32_t>{7});
    CHECK(inventory.roles == Names{"ann", "joe"});
    CHECK(inventory.relation_roles ==
          std::vector<pg::RelationRole>{{"ann", "s", "v"}, {"joe", "s", "v"}});
}

TEST_CASE("inventory and contents agree on the schemas of unqualified names") {
    const auto [contents, inventory] = inspect(R"(
CREATE SCHEMA sales;
SET search_path = sales, pg_catalog;
CREATE TABLE orders (id integer);
CREATE SEQUENCE orders_id_seq;
ALTER SEQUENCE orders_id_seq OWNED BY orders.id;
CREATE FUNCTION f() RETURNS other.t LANGUAGE sql AS '';
SET search_path = public, pg_catalog;
CREATE TABLE orders (id integer);
COPY orders (id) FROM stdin;
1
\.
SET search_path = sales, pg_catalog;
COPY orders (id) FROM stdin;
\.
INSERT INTO orders VALUES (1);
CREATE UNIQUE INDEX i ON orders (id);
)");
    CHECK(inventory.objects == std::vector<pg::DumpObject>{{"table", "sales", "orders"},
                                                           {"sequence", "sales", "orders_id_seq"},
                                                           {"function", "sales", "f"},
                                                           {"table", "public", "orders"},
                                                           {"index", "sales", "i"}});
    CHECK(contents.schemas == Names{"public", "sales"});
    REQUIRE(contents.tables.size() == 2);
    CHECK(contents.tables[0].schema == "sales");
    CHECK(contents.tables[1].schema == "public");
    CHECK(contents.tables[1].rows == 1);
    CHECK(inventory.inserted == std::vector<pg::InsertedTable>{{"sales", "orders", 1}});
    CHECK(inventory.table_parts ==
          std::vector<pg::TablePart>{{"index", "sales", "i", "sales", "orders"},
                                     {"sequence", "sales", "orders_id_seq", "sales", "orders"}});
}

TEST_CASE("rows of INSERT statements are counted by table") {
    const auto dump = inspect(R"(
INSERT INTO public.b VALUES (1), (2);
INSERT INTO public.a (x) VALUES (1);
INSERT INTO public.b VALUES (3);
INSERT INTO public.b DEFAULT VALUES;
)");
    CHECK(dump.inventory.inserted ==
          std::vector<pg::InsertedTable>{{"public", "a", 1}, {"public", "b", 4}});
    CHECK(dump.rows() == 5);
    CHECK(dump.contents.insert_statements == 4);
    CHECK(dump.contents.total_rows() == 0);
}

TEST_CASE("text that only resembles a statement is in no inventory") {
    const auto [contents, inventory] = inspect(R"(
-- CREATE TABLE public.a (x int);
/* CREATE TABLE public.b (x int); */
COMMENT ON SCHEMA public IS 'CREATE TABLE public.c (x int);';
CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $$
CREATE TABLE public.d (x int);
$$;
COPY public.t (x) FROM stdin;
CREATE TABLE public.e (x int);
\.
)");
    CHECK(inventory.objects == std::vector<pg::DumpObject>{{"function", "public", "f"}});
}

TEST_CASE("an inspector refuses an incomplete or unsafe dump") {
    CHECK(message_of(pg::samples::k_plain).empty());
    CHECK(message_of("DROP TYPE a;\n").find("the dump is incomplete") != std::string::npos);
    CHECK(message_of("").find("it is empty") != std::string::npos);
    CHECK(message_of("DROP TYPE a;\n\\! x\n")
              .find("not safe to run: at byte 13 of its SQL there is a psql command '\\!'") !=
          std::string::npos);
    CHECK(message_of("\\connect host=h password=hunter2\n").find("hunter2") == std::string::npos);
    CHECK(message_of("DROP TYPE a;\n\\!\x1b[2J\n").find('\x1b') == std::string::npos);
}

TEST_CASE("an inventory lists objects that statements concern but the dump does not create") {
    const auto unmade = [](const std::string& sql) {
        Names names;
        for (const pg::RelationName& one : inspect(sql).inventory.unmade_relations) {
            names.push_back(one.schema + "." + one.name);
        }
        return names;
    };
    CHECK(unmade("CREATE TABLE s.t (id int);\n"
                 "ALTER TABLE ONLY s.t ADD CONSTRAINT t_pk PRIMARY KEY (id);\n"
                 "COMMENT ON INDEX s.t_pk IS 'x';\n"
                 "GRANT SELECT ON TABLE pg_catalog.pg_authid TO ann;\n"
                 "GRANT SELECT ON TABLE information_schema.tables TO ann;\n"
                 "CREATE TYPE s.c AS (a int);\nCOMMENT ON COLUMN s.c.a IS 'x';\n"
                 "ALTER TABLE s.t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (\n"
                 "    SEQUENCE NAME s.t_id_seq\n);\n"
                 "SELECT pg_catalog.setval('s.t_id_seq', 1, false);\n")
              .empty());
    CHECK(unmade("SET search_path = s, pg_catalog;\nCREATE TABLE t (id int);\n"
                 "ALTER TABLE t OWNER TO ann;\nCREATE INDEX i ON t USING btree (id);\n")
              .empty());
    CHECK(unmade("CREATE TRIGGER x BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.f();\n") ==
          Names{"s.t"});
    CHECK(unmade("GRANT SELECT ON TABLE s.t TO ann;\n") == Names{"s.t"});
    CHECK(unmade("ALTER TABLE s.t OWNER TO ann;\n") == Names{"s.t"});
    CHECK(unmade("INSERT INTO s.t VALUES (1);\n") == Names{"s.t"});
    CHECK(unmade("SELECT pg_catalog.setval('s.q', 1, false);\n") == Names{"s.q"});
    CHECK(unmade("CREATE SEQUENCE s.q;\nALTER SEQUENCE s.q OWNED BY s.t.id;\n") == Names{"s.t"});
    CHECK(unmade("CREATE TABLE s.t (id int);\nALTER TABLE ONLY s.t ADD CONSTRAINT f FOREIGN KEY "
                 "(id) REFERENCES s.u(id);\n") == Names{"s.u"});
    CHECK(unmade("CREATE TABLE s.p (id int);\n"
                 "ALTER TABLE ONLY s.w ATTACH PARTITION s.p FOR VALUES IN (1);\n") == Names{"s.w"});
}
