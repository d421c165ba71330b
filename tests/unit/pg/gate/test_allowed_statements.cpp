#include "pg/gate/allowed_statements.hpp"
#include "support/catch.hpp"
#include "unit/pg/read_script.hpp"

// What the gate allows, by one example of each form; and what is similar. Attacks with an effect
// are in tests/support/attacks/hostile_statements.cpp.

using namespace dbbackup;

namespace {

/// Why the gate refuses `sql`, or nothing.
std::string refusal_of(const std::string& sql) {
    const std::string message = pg::read_script(sql + ";\n").refusal;
    return message.starts_with("the dump is not safe to run") ? message : "";
}

void check_allowed(const std::vector<const char*>& statements) {
    for (const char* sql : statements) {
        INFO(sql);
        CHECK(refusal_of(sql).empty());
    }
}

void check_refused(const std::vector<const char*>& statements) {
    for (const char* sql : statements) {
        INFO(sql);
        CHECK_FALSE(refusal_of(sql).empty());
    }
}

} // namespace

TEST_CASE("allowed: settings") {
    check_allowed({"SET statement_timeout = 0", "SET client_encoding = 'UTF8'",
                   "SET standard_conforming_strings = on", "SET row_security = off",
                   "SET search_path = public, pg_catalog", "SET search_path = \"My s\", pg_catalog",
                   "SET default_tablespace = ''", "SET default_tablespace = fast",
                   "SET default_table_access_method = heap", "SET default_with_oids = false",
                   "SET transaction_timeout = 0", "SET xmloption = content",
                   "SET client_min_messages TO warning",
                   "SELECT pg_catalog.set_config('search_path', '', false)",
                   "SET SESSION AUTHORIZATION 'joe'", "SET SESSION AUTHORIZATION joe",
                   "SET SESSION AUTHORIZATION DEFAULT", "RESET SESSION AUTHORIZATION"});
    check_refused({"SET work_mem = '1GB'", "SET LOCAL lock_timeout = 0",
                   "SET SESSION lock_timeout = 0", "SET lock_timeout = (1)",
                   "SET \"lock_timeout\" = 0", "SET lock_timeout", "RESET lock_timeout",
                   "SELECT set_config('search_path', '', false)",
                   "SELECT pg_catalog.set_config('search_path', 'a', false)",
                   "SELECT pg_catalog.set_config('Search_path', '', false)",
                   "SELECT pg_catalog.set_config('search_path', '', true)"});
}

TEST_CASE("allowed: rows") {
    check_allowed(
        {"COPY public.t (a, \"B\") FROM stdin", "COPY t FROM stdin",
         "COPY public.t WITH OIDS FROM stdin", "COPY public.pg_stat FROM stdin",
         "INSERT INTO public.t VALUES (1, -2.5e-05, 'a', E'b\\'c', NULL, true, false, B'10', "
         "DEFAULT)",
         "INSERT INTO public.t (a, \"B\") VALUES ('NaN')",
         "INSERT INTO public.t VALUES\n\t(1, 'a'),\n\t(2, 'b')",
         "INSERT INTO public.t OVERRIDING SYSTEM VALUE VALUES (1)",
         "INSERT INTO public.t (a) OVERRIDING SYSTEM VALUE VALUES (1), (2) ON CONFLICT DO NOTHING",
         "INSERT INTO t DEFAULT VALUES", "INSERT INTO t DEFAULT VALUES ON CONFLICT DO NOTHING",
         "REFRESH MATERIALIZED VIEW public.m"});
    check_refused({"COPY pg_authid (rolname) FROM stdin",
                   "COPY \"pg_authid\" FROM stdin",
                   "COPY information_schema.sql_features FROM stdin",
                   "COPY a.b.c FROM stdin",
                   "INSERT INTO t VALUES (f())",
                   "INSERT INTO t VALUES (a)",
                   "INSERT INTO t VALUES ('1'::int)",
                   "INSERT INTO t VALUES (1 + 1)",
                   "INSERT INTO t VALUES (1) (2)",
                   "INSERT INTO t VALUES (1),",
                   "INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING",
                   "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING RETURNING 1",
                   "INSERT INTO t VALUES ($1)",
                   "INSERT INTO t VALUES ($$a$$)",
                   "INSERT INTO t VALUES (:x)",
                   "INSERT INTO t (a.b) VALUES (1)",
                   "INSERT INTO t OVERRIDING USER VALUE VALUES (1)",
                   "INSERT INTO t VALUES",
                   "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
                   "IMPORT FOREIGN SCHEMA a FROM "
                   "SERVER b INTO c",
                   "COPY t FROM stdin (FORMAT csv)"});
}

TEST_CASE("allowed: any number of rows as INSERT") {
    std::string many = "INSERT INTO public.t VALUES (0)";
    for (int i = 1; i < 1000; ++i) {
        many += ",\n(" + std::to_string(i) + ", 'text')";
    }
    CHECK(refusal_of(many).empty());
    CHECK(refusal_of(many + " ON CONFLICT DO NOTHING").empty());
    CHECK_FALSE(refusal_of(many + ",\n(f())").empty());
    CHECK_FALSE(refusal_of(many + " RETURNING f()").empty());
    CHECK_FALSE(refusal_of(many + " UNION SELECT 1").empty());
}

TEST_CASE("allowed: sequences, large objects and statistics") {
    check_allowed(
        {"SELECT pg_catalog.setval('public.q', 1, true)",
         "SELECT pg_catalog.setval('public.\"Q q\"', -7, false)",
         "SELECT pg_catalog.setval('q', 1)", "SELECT pg_catalog.lo_create('4711')",
         "SELECT pg_catalog.lo_open('4711', 131072)", "SELECT pg_catalog.lowrite(0, '\\x00ff')",
         "SELECT pg_catalog.lo_close(0)", "SELECT pg_catalog.lo_unlink('4711')",
         "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata "
         "WHERE oid = '4711'",
         "SELECT * FROM pg_catalog.pg_restore_relation_stats(\n\t'version', '180000'::integer,\n\t"
         "'schemaname', 'public',\n\t'relname', 't',\n\t'relpages', '1'::integer,\n\t"
         "'reltuples', '-1'::real\n)",
         "SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n\t'version', '180000'::integer,\n\t"
         "'schemaname', 'public',\n\t'relname', 't',\n\t'attname', 'a',\n\t'inherited', "
         "'f'::boolean,\n\t'most_common_vals', '{a}'::text,\n\t'most_common_freqs', "
         "'{0.5}'::real[]\n)"});
    check_refused({"SELECT pg_catalog.lo_create(lo_create(1))",
                   "SELECT lo_create('4711')",
                   "SELECT pg_catalog.lo_creat(-1)",
                   "SELECT pg_catalog.loread(0, 1)",
                   "SELECT pg_catalog.lo_put(1, 0, '\\x00')",
                   "SELECT pg_catalog.lo_from_bytea(1, '\\x00')",
                   "SELECT pg_catalog.setval('q', 1, f())",
                   "SELECT pg_catalog.setval('q'::regclass, 1)",
                   "SELECT pg_catalog.lowrite(0, $$a$$)",
                   "SELECT pg_catalog.nextval('q')",
                   "SELECT a.pg_catalog.setval('q', 1)",
                   "SELECT \"PG_CATALOG\".setval('q', 1)",
                   "SELECT pg_catalog.pg_restore_relation_stats('a', 1)",
                   "SELECT * FROM pg_catalog.pg_restore_relation_stats('a', f())",
                   "SELECT * FROM pg_catalog.pg_restore_relation_stats('a', 1)",
                   "SELECT * FROM pg_catalog.pg_restore_relation_stats('a', '1'::public.evil)",
                   "SELECT * FROM pg_catalog.pg_restore_relation_stats('a', '1'::evil)",
                   "SELECT * FROM pg_catalog.pg_clear_relation_stats('a', 'b')",
                   "SELECT pg_catalog.binary_upgrade_set_next_pg_type_oid('1'::pg_catalog.oid)",
                   "SELECT pg_catalog.pg_extension_config_dump('t', '')",
                   "SELECT 1",
                   "SELECT"});
}

TEST_CASE("statistics are restored for tables of the dump's own schemas, with plain values") {
    const auto of = [](const std::string& schema, const std::string& more = "") {
        return "SELECT * FROM pg_catalog.pg_restore_attribute_stats('version', '180004'::integer, "
               "'schemaname', " +
               schema + ", 'relname', 't', 'attname', 'a'" + more + ")";
    };
    for (const std::string& sql :
         {of("'public'"), of("E'a\\\\b'"), of("'Pg_x'"), of("'a''b'"),
          of("'s'", ", 'null_frac', '0.25'::real, 'most_common_elems', '{a}'::text, "
                    "'elem_count_histogram', '{1,2}'::real[]"),
          std::string{"SELECT * FROM pg_catalog.pg_restore_relation_stats('version', "
                      "'180004'::integer, 'schemaname', 'public', 'relname', 'p', 'relpages', "
                      "'-1'::integer, 'reltuples', '1'::real, 'relallvisible', '0'::integer, "
                      "'relallfrozen', '0'::integer)"}}) {
        INFO(sql);
        CHECK(refusal_of(sql).empty());
    }
    for (const std::string& sql :
         {of("'pg_catalog'"), of("'information_schema'"), of("'pg_toast'"), of("E'\\x70g_catalog'"),
          of("E'p\\g_catalog'"), of("'s'", ", 'schemaname', 'pg_catalog'"),
          of("'s'", ", 'relname', 'u'"), of("'s'", ", 'null_frac', (select 1)"),
          of("'s'", ", 'null_frac', f()"), of("'s'", ", 'null_frac', '1'::evil"),
          of("'s'", ", 'null_frac'"), of("'s'") + ", pg_catalog.pg_class", of("'s'") + " WHERE f()",
          of("current_schema")}) {
        INFO(sql);
        CHECK_FALSE(refusal_of(sql).empty());
    }
}

TEST_CASE("allowed: created objects") {
    check_allowed(
        {"CREATE SCHEMA s",
         "CREATE SCHEMA s AUTHORIZATION joe",
         "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public",
         "CREATE EXTENSION hstore",
         "CREATE TABLE public.t (a int DEFAULT f(), CHECK (g(a)))",
         "CREATE TABLE t ()",
         "CREATE UNLOGGED TABLE t (a int) INHERITS (p) WITH (fillfactor='70')",
         "CREATE TABLE t (a int) PARTITION BY RANGE (a, f(b))",
         "CREATE TABLE t PARTITION OF p FOR VALUES FROM (1, MINVALUE) TO ('x', MAXVALUE)",
         "CREATE TABLE t PARTITION OF p (a DEFAULT 1)\nFOR VALUES IN (1, NULL)",
         "CREATE TABLE t OF public.ty (a WITH OPTIONS DEFAULT 1)",
         "CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS (a 'b')",
         "CREATE VIEW public.v AS SELECT f(a, (SELECT 1)), 'x'",
         "CREATE OR REPLACE VIEW v AS "
         "SELECT NULL::integer AS a",
         "CREATE VIEW v WITH (security_barrier='true') AS SELECT 1",
         "CREATE MATERIALIZED VIEW m AS\n SELECT 1 AS a\n  WITH NO DATA",
         "CREATE SEQUENCE public.q\n    AS integer\n    START WITH 1\n    NO MINVALUE",
         "CREATE UNLOGGED SEQUENCE q CACHE 1",
         "CREATE UNIQUE INDEX i ON public.t USING btree (f(a)) WHERE (a > 1)",
         "CREATE INDEX i ON ONLY public.t USING gin (a)",
         "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f('x')",
         "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE PROCEDURE f()",
         "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); SELECT 2)",
         "CREATE POLICY p ON t AS RESTRICTIVE USING (f())",
         "CREATE STATISTICS public.s (dependencies) ON a, b FROM t",
         "CREATE TYPE public.e AS ENUM ('a')",
         "CREATE TYPE shell",
         "CREATE DOMAIN d AS text DEFAULT f() CONSTRAINT c CHECK (g(VALUE))",
         "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1; $$",
         "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
         "CREATE PROCEDURE p(IN a int) LANGUAGE plpgsql AS $_$ BEGIN COMMIT; END $_$",
         "CREATE AGGREGATE g(int) (SFUNC = f, STYPE = int)",
         "CREATE OPERATOR public.<%> (FUNCTION = f, LEFTARG = int)",
         "CREATE OPERATOR || (PROCEDURE = f, RIGHTARG = int)",
         "CREATE OPERATOR CLASS public.c FOR TYPE int USING btree AS OPERATOR 1 <(int,int)",
         "CREATE OPERATOR FAMILY c USING hash",
         "CREATE CAST (a AS b) WITH FUNCTION public.f(a)",
         "CREATE TRANSFORM FOR a LANGUAGE sql (FROM SQL WITH FUNCTION f(internal))",
         "CREATE COLLATION c (provider = icu, locale = 'und')",
         "CREATE DEFAULT CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
         "CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql",
         "CREATE PROCEDURAL LANGUAGE x HANDLER "
         "pg_catalog.plpgsql_call_handler INLINE a VALIDATOR b.c",
         "CREATE TRUSTED PROCEDURAL LANGUAGE x HANDLER y",
         "CREATE ACCESS METHOD m TYPE INDEX HANDLER bthandler",
         "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple)",
         "CREATE EVENT TRIGGER t ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE "
         "FUNCTION public.f()",
         "CREATE FOREIGN DATA WRAPPER w HANDLER f VALIDATOR g",
         "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'x')",
         "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'x')",
         "CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert')",
         "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p, q WITH (connect = false, "
         "slot_name = 's')"});
    check_refused({"CREATE SCHEMA s CREATE VIEW v AS SELECT f()",
                   "CREATE SCHEMA s AUTHORIZATION a GRANT x",
                   "CREATE EXTENSION e CASCADE",
                   "CREATE EXTENSION e VERSION '1'",
                   "CREATE TABLE t AS SELECT f()",
                   "CREATE TABLE t (a) AS SELECT f()",
                   "CREATE TABLE t (a) WITH (b = c) AS SELECT f()",
                   "CREATE TABLE t AS EXECUTE p",
                   "CREATE TABLE t PARTITION OF p FOR VALUES IN (f())",
                   "CREATE TABLE t PARTITION OF p FOR VALUES IN ((1))",
                   "CREATE TABLE t PARTITION OF p FOR VALUES FROM (1) TO (f())",
                   "CREATE TABLE pg_catalog.t (a int)",
                   "CREATE TEMP TABLE t (a int)",
                   "CREATE TABLE IF NOT EXISTS t (a int)",
                   "CREATE RECURSIVE VIEW v (a) AS SELECT 1",
                   "CREATE TEMP VIEW v AS SELECT 1",
                   "CREATE MATERIALIZED VIEW m AS SELECT 1",
                   "CREATE MATERIALIZED VIEW m AS SELECT 1 WITH DATA",
                   "CREATE INDEX CONCURRENTLY i ON t (a)",
                   "CREATE FUNCTION pg_catalog.f() RETURNS int AS ''",
                   "CREATE FUNCTION \"information_schema\".f() RETURNS int AS ''",
                   "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p",
                   "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (slot_name = 's')",
                   "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = true)",
                   "CREATE DATABASE d",
                   "CREATE ROLE r",
                   "CREATE TABLESPACE t LOCATION '/x'",
                   "CREATE SERVER",
                   "CREATE"});
}

TEST_CASE("allowed: altered objects") {
    check_allowed(
        {"ALTER TABLE public.t OWNER TO joe",
         "ALTER SCHEMA s OWNER TO \"Joe x\"",
         "ALTER FUNCTION public.f(a integer, b text) OWNER TO joe",
         "ALTER AGGREGATE g(*) OWNER TO joe",
         "ALTER OPERATOR public.<% (int, int) OWNER TO joe",
         "ALTER OPERATOR FAMILY public.c USING btree OWNER TO joe",
         "ALTER LARGE OBJECT 4711 OWNER TO joe",
         "ALTER TEXT SEARCH CONFIGURATION c OWNER TO joe",
         "ALTER PROCEDURAL LANGUAGE l OWNER TO joe",
         "ALTER EVENT TRIGGER e OWNER TO joe",
         "ALTER FOREIGN DATA WRAPPER w OWNER TO joe",
         "ALTER SUBSCRIPTION s OWNER TO joe",
         "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k PRIMARY KEY (a, b)",
         "ALTER TABLE t ADD CONSTRAINT c CHECK ((a = ANY (ARRAY['x', 'y']))) NOT VALID",
         "ALTER TABLE ONLY t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.u(a) ON DELETE "
         "CASCADE DEFERRABLE",
         "ALTER FOREIGN TABLE ONLY t ADD CONSTRAINT n NOT NULL a",
         "ALTER TABLE ONLY t ALTER COLUMN a SET DEFAULT nextval('q'::regclass)",
         "ALTER TABLE ONLY t ALTER COLUMN a SET DEFAULT ARRAY['x'::text, 'y'::text]",
         "ALTER TABLE ONLY t ALTER COLUMN a SET STATISTICS 100",
         "ALTER TABLE ONLY t ALTER COLUMN a SET STORAGE EXTERNAL",
         "ALTER TABLE ONLY t ALTER COLUMN a SET COMPRESSION lz4",
         "ALTER TABLE ONLY t ALTER COLUMN a SET (n_distinct=5)",
         "ALTER FOREIGN TABLE ONLY t ALTER COLUMN a OPTIONS (x 'y')",
         "ALTER TABLE t ALTER COLUMN a ADD GENERATED BY DEFAULT AS IDENTITY (\n    SEQUENCE NAME "
         "public.q\n    START WITH 1\n)",
         "ALTER TABLE ONLY t INHERIT public.p",
         "ALTER TABLE ONLY public.p ATTACH PARTITION public.t FOR VALUES FROM ('2020-01-01') TO "
         "(MAXVALUE)",
         "ALTER TABLE ONLY p ATTACH PARTITION t DEFAULT",
         "ALTER TABLE ONLY p ATTACH PARTITION t FOR VALUES WITH (modulus 3, remainder 0)",
         "ALTER TABLE t CLUSTER ON i",
         "ALTER TABLE t DISABLE TRIGGER ALL",
         "ALTER TABLE t ENABLE ALWAYS TRIGGER g",
         "ALTER TABLE t DISABLE RULE r",
         "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
         "ALTER TABLE ONLY t FORCE ROW LEVEL SECURITY",
         "ALTER TABLE ONLY t REPLICA IDENTITY USING INDEX i",
         "ALTER TABLE ONLY t REPLICA "
         "IDENTITY FULL",
         "ALTER VIEW v SET (security_barrier='true')",
         "ALTER TABLE t SET ACCESS METHOD heap",
         "ALTER INDEX public.i ATTACH PARTITION public.j",
         "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 400",
         "ALTER STATISTICS public.s SET STATISTICS -1",
         "ALTER SEQUENCE public.q OWNED BY public.t.a",
         "ALTER SEQUENCE q OWNED BY t.a",
         "ALTER SEQUENCE q SET UNLOGGED",
         "ALTER FUNCTION f(int) DEPENDS ON EXTENSION e",
         "ALTER DOMAIN d ADD CONSTRAINT c CHECK (f(VALUE)) NOT VALID",
         "ALTER OPERATOR FAMILY c USING btree ADD OPERATOR 1 <(int,int), FUNCTION 1 f(int)",
         "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple, other",
         "ALTER EVENT TRIGGER e DISABLE",
         "ALTER EVENT TRIGGER e ENABLE ALWAYS",
         "ALTER PUBLICATION p ADD TABLE ONLY public.t (a) WHERE ((a > 1))",
         "ALTER PUBLICATION p ADD TABLES IN SCHEMA s"});
    check_refused(
        {"ALTER TABLE t ALTER COLUMN a TYPE int USING f()",
         "ALTER TABLE t ADD COLUMN a int",
         "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1, ADD COLUMN b int DEFAULT f()",
         "ALTER TABLE t ALTER COLUMN a SET DEFAULT ARRAY[1], ADD COLUMN b int DEFAULT f()",
         "ALTER TABLE t ADD CONSTRAINT c CHECK (true), ALTER a TYPE int USING f()",
         "ALTER TABLE t OWNER TO joe, ADD COLUMN b int DEFAULT f()",
         "ALTER TABLE t ADD COLUMN b int DEFAULT f(), OWNER TO joe",
         "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (f())",
         "ALTER TABLE pg_catalog.pg_authid OWNER TO joe",
         "ALTER TABLE t RENAME TO u",
         "ALTER TABLE t SET SCHEMA s",
         "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
         "ALTER FUNCTION f() SET a = b",
         "ALTER EXTENSION e ADD FUNCTION f()",
         "ALTER SUBSCRIPTION s ENABLE",
         "ALTER SUBSCRIPTION s CONNECTION 'x'",
         "ALTER SERVER s OPTIONS (a 'b')",
         "ALTER ROLE r SUPERUSER",
         "ALTER SYSTEM SET a = b",
         "ALTER DATABASE d OWNER TO joe",
         "ALTER DEFAULT PRIVILEGES",
         "ALTER LARGE OBJECT (1) OWNER TO joe"});
}

TEST_CASE("allowed: privileges, comments and drops") {
    check_allowed({"GRANT ALL ON TABLE public.t TO joe",
                   "GRANT SELECT(a),UPDATE(b) ON TABLE t TO PUBLIC",
                   "GRANT USAGE ON FOREIGN SERVER s TO joe WITH GRANT OPTION",
                   "GRANT ALL ON FUNCTION pg_catalog.pg_read_file(text) TO joe",
                   "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                   "REVOKE GRANT OPTION FOR ALL ON TYPE x FROM y",
                   "GRANT SELECT ON LARGE OBJECT 4711 TO joe",
                   "ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s GRANT ALL ON TABLES TO b",
                   "ALTER DEFAULT PRIVILEGES FOR ROLE a REVOKE ALL ON FUNCTIONS FROM PUBLIC",
                   "COMMENT ON TABLE public.t IS 'x'",
                   "COMMENT ON COLUMN t.a IS NULL",
                   "COMMENT ON EXTENSION hstore IS E'x'",
                   "COMMENT ON DATABASE d IS 'x'",
                   "COMMENT ON FUNCTION public.f(a integer) IS 'x'",
                   "COMMENT ON CONSTRAINT c ON t IS 'x'",
                   "SECURITY LABEL FOR selinux ON TABLE t IS 'x'",
                   "SECURITY LABEL ON DATABASE d IS 'x'",
                   "DROP TABLE public.t",
                   "DROP INDEX IF EXISTS i",
                   "DROP TYPE t CASCADE",
                   "DROP PROCEDURAL LANGUAGE l",
                   "DROP RULE r ON t",
                   "DROP OPERATOR public.<% (int, int)",
                   "ALTER TABLE IF EXISTS ONLY t DROP CONSTRAINT IF EXISTS c",
                   "ALTER TABLE t ALTER COLUMN a DROP DEFAULT",
                   "ALTER DOMAIN d DROP CONSTRAINT c"});
    check_refused(
        {"GRANT a TO b", "GRANT a, b TO c", "GRANT \"on\" TO b", "GRANT CREATE ON DATABASE d TO b",
         "GRANT CREATE ON TABLESPACE d TO b", "GRANT SET ON PARAMETER a TO b", "REVOKE a FROM b",
         "REVOKE ADMIN OPTION FOR a FROM b", "COMMENT ON ROLE r IS 'x'",
         "COMMENT ON TABLESPACE t IS 'x'", "SECURITY LABEL ON ROLE r IS 'x'", "DROP ROLE r",
         "DROP DATABASE d", "DROP OWNED BY r", "DROP TABLESPACE t", "DROP USER u", "DROP"});
}

TEST_CASE("Unicode escapes are refused everywhere") {
    check_refused({"COMMENT ON TABLE t IS U&'\\0041'", "DROP TABLE U&\"\\0041\"",
                   "SELECT pg_catalog.set_config(U&'search_path', '', false)"});
    check_allowed({"CREATE VIEW v AS SELECT u & 'a'::bit AS u"});
}

TEST_CASE("PostgreSQL's own objects are neither changed nor dropped nor inherited from") {
    check_refused({"ALTER SCHEMA pg_catalog OWNER TO me", "DROP SCHEMA information_schema CASCADE",
                   "DROP SCHEMA public, information_schema",
                   "DROP TEXT SEARCH CONFIGURATION pg_catalog.english",
                   "DROP COLLATION pg_catalog.\"C\"", "DROP TABLE public.t, pg_catalog.pg_class",
                   "DROP TRIGGER t ON pg_catalog.pg_class",
                   "CREATE TABLE public.kid () INHERITS (pg_catalog.pg_authid)",
                   "CREATE TABLE public.kid () INHERITS (public.t, pg_catalog.pg_authid)",
                   "CREATE OR REPLACE TRUSTED LANGUAGE c HANDLER plpgsql_call_handler",
                   "CREATE OR REPLACE LANGUAGE plpgsql HANDLER public.evil"});
    check_allowed({"ALTER SCHEMA public OWNER TO me", "DROP SCHEMA IF EXISTS public",
                   "DROP FUNCTION IF EXISTS public.f(a integer, b text)",
                   "DROP TYPE public.t CASCADE", "DROP OPERATOR public.+ (integer, integer)",
                   "DROP CAST (text AS public.t)", "DROP OPERATOR CLASS public.c USING btree",
                   "DROP VIEW v", "DROP USER MAPPING FOR a SERVER b", "DROP POLICY p ON public.t",
                   "CREATE TABLE public.kid () INHERITS (public.t, public.u)",
                   "CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql",
                   "CREATE TRUSTED PROCEDURAL LANGUAGE l HANDLER h INLINE i VALIDATOR v"});
}
