#include "support/attacks/hostile_statements.hpp"

#include <cstddef>
#include <utility>

namespace dbbackup::test {

namespace {

using Statements = std::vector<HostileStatement>;

/// Code that runs for its own sake.
Statements calls() {
    return {
        {"DO", "DO $$ BEGIN PERFORM public.evil(); END $$;"},
        {"DO with a language", "DO LANGUAGE plpgsql 'BEGIN PERFORM public.evil(); END';"},
        {"DO in disguise", "/**/dO/**/$x$BEGIN EXECUTE 'select public.evil()'; END$x$;"},
        {"CALL", "CALL public.evil_procedure();"},
        {"SELECT", "SELECT public.evil();"},
        {"SELECT in parentheses", "(SELECT public.evil());"},
        {"SELECT of a query", "SELECT (SELECT public.evil());"},
        {"SELECT ALL", "SELECT ALL public.evil();"},
        {"SELECT DISTINCT", "SELECT DISTINCT public.evil();"},
        {"SELECT of an array", "SELECT ARRAY[public.evil()];"},
        {"SELECT of a table function", "SELECT * FROM public.evil();"},
        {"SELECT of a view", "SELECT * FROM public.evil_view;"},
        {"SELECT into a table", "SELECT public.evil() AS x INTO public.made_by_select;"},
        {"SELECT with a name in quotes", "SELECT \"public\".\"evil\"();"},
        {"SELECT of another schema's setval", "SELECT public.setval('public.numbers', 1, true);"},
        {"SELECT of a setval without a schema", "SELECT setval('public.numbers', 1, true);"},
        {"SELECT by XML",
         "SELECT pg_catalog.query_to_xml('select public.evil()', false, false, '');"},
        {"VALUES", "VALUES (public.evil());"},
        {"TABLE", "TABLE public.evil_view;"},
        {"WITH", "WITH x AS (SELECT public.evil()) SELECT * FROM x;"},
        {"WITH DELETE",
         "WITH x AS (DELETE FROM public.loot RETURNING public.evil()) SELECT * FROM x;"},
        {"WITH and INSERT",
         "WITH x AS (SELECT public.evil() AS y) INSERT INTO public.evidence SELECT y FROM x;"},
        {"EXPLAIN ANALYZE", "EXPLAIN ANALYZE SELECT public.evil();"},
        {"EXPLAIN with options", "EXPLAIN (ANALYZE, COSTS off) SELECT public.evil();"},
        {"PREPARE and EXECUTE", "PREPARE p AS SELECT public.evil(); EXECUTE p;"},
        {"DECLARE", "DECLARE c CURSOR WITH HOLD FOR SELECT public.evil();"},
    };
}

/// Beside statements that pg_dump does write.
Statements additions() {
    const std::string setval = "SELECT pg_catalog.setval('public.numbers', 1, true)";
    return {
        {"setval and more", setval + ", public.evil();"},
        {"setval with an alias and more", setval + " AS x, public.evil();"},
        {"setval of a query",
         "SELECT pg_catalog.setval('public.numbers', (SELECT public.evil()), true);"},
        {"setval of a function",
         "SELECT pg_catalog.setval('public.numbers', public.evil(), true);"},
        {"setval of a sum", "SELECT pg_catalog.setval('public.numbers', 1 + public.evil(), true);"},
        {"setval of a case",
         "SELECT pg_catalog.setval('public.numbers', CASE WHEN public.evil() > 0 THEN 1 END);"},
        {"setval of a cast",
         "SELECT pg_catalog.setval('public.numbers', CAST(public.evil() AS bigint), true);"},
        {"setval FROM", setval + " FROM public.evil();"},
        {"setval WHERE", setval + " WHERE public.evil() > 0;"},
        {"setval ORDER BY", setval + " ORDER BY public.evil();"},
        {"setval GROUP BY", setval + " GROUP BY public.evil();"},
        {"setval LIMIT", setval + " LIMIT public.evil();"},
        {"setval UNION", setval + " UNION ALL SELECT public.evil();"},
        {"setval and an operator", setval + " + public.evil();"},
        {"setval FILTER", "SELECT pg_catalog.count(1) FILTER (WHERE public.evil() > 0);"},
        {"setval into a table", setval + " AS x INTO public.made_by_setval;"},
        {"set_config of a function",
         "SELECT pg_catalog.set_config('search_path', public.evil()::text, false);"},
        {"set_config and more",
         "SELECT pg_catalog.set_config('search_path', '', false), public.evil();"},
        {"lo_create of a function", "SELECT pg_catalog.lo_create((public.evil() + 70000)::oid);"},
        {"lo_open of lo_create of a function",
         "SELECT pg_catalog.lo_open(pg_catalog.lo_create((public.evil() + 80000)::oid), 131072);"},
        {"lo_unlink with a condition",
         "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata "
         "WHERE oid = '1' OR public.evil() = 0;"},
        {"lo_unlink of several",
         "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata "
         "WHERE oid IN ('1', '2');"},
        {"lo_unlink FROM a function", "SELECT pg_catalog.lo_unlink(oid) FROM (SELECT "
                                      "public.evil()::oid AS oid) t WHERE oid = 0;"},
    };
}

/// Files and programs, through PostgreSQL's own functions.
Statements files() {
    return {
        {"lo_export", "SELECT pg_catalog.lo_export(3, '@M');"},
        {"lo_export behind setval",
         "SELECT pg_catalog.setval('public.numbers', (SELECT lo_export(3, "
         "'@M')));"},
        {"lo_export in INSERT", "INSERT INTO public.loot VALUES ((SELECT lo_export(3, '@M')));"},
        {"lo_import", "SELECT pg_catalog.lo_import('/etc/passwd');"},
        {"pg_read_file", "SELECT pg_catalog.pg_read_file('PG_VERSION');"},
        {"pg_ls_dir", "SELECT * FROM pg_catalog.pg_ls_dir('.');"},
        {"pg_reload_conf", "SELECT pg_catalog.pg_reload_conf();"},
        {"LOAD", "LOAD 'plpgsql';"},
        {"COPY TO PROGRAM", "COPY (SELECT 1) TO PROGRAM 'touch @M';"},
        {"COPY TO", "COPY public.loot TO '@M';"},
        {"COPY FROM PROGRAM", "COPY public.loot (id) FROM PROGRAM 'echo 1';"},
    };
}

/// Rows.
Statements rows() {
    return {
        {"INSERT of a function", "INSERT INTO public.loot VALUES (public.evil());"},
        {"INSERT of a query", "INSERT INTO public.loot VALUES ((SELECT public.evil()));"},
        {"INSERT of a function in the second row",
         "INSERT INTO public.loot VALUES ('a'), (public.evil());"},
        {"INSERT of a function behind literals",
         "INSERT INTO public.loot VALUES ('a', public.evil());"},
        {"INSERT of a concatenation", "INSERT INTO public.loot VALUES ('a' || public.evil());"},
        {"INSERT of a cast", "INSERT INTO public.loot VALUES (CAST(public.evil() AS text));"},
        {"INSERT of an array's element",
         "INSERT INTO public.loot VALUES ((ARRAY[public.evil()])[1]);"},
        {"INSERT of parentheses", "INSERT INTO public.loot VALUES ((public.evil()));"},
        {"INSERT SELECT", "INSERT INTO public.loot SELECT public.evil();"},
        {"INSERT SELECT in parentheses", "INSERT INTO public.loot (SELECT public.evil());"},
        {"INSERT TABLE", "INSERT INTO public.loot TABLE public.evil_view;"},
        {"INSERT WITH", "INSERT INTO public.loot WITH x AS (SELECT public.evil()) TABLE x;"},
        {"INSERT RETURNING", "INSERT INTO public.loot VALUES ('a') RETURNING public.evil();"},
        {"INSERT DEFAULT VALUES RETURNING",
         "INSERT INTO public.loot DEFAULT VALUES RETURNING public.evil();"},
        {"INSERT OVERRIDING a SELECT",
         "INSERT INTO public.loot (id) OVERRIDING SYSTEM VALUE SELECT public.evil();"},
        {"INSERT VALUES and UNION",
         "INSERT INTO public.loot VALUES ('a', 'b') UNION SELECT public.evil()::text, 'c';"},
        {"INSERT VALUES LIMIT", "INSERT INTO public.loot VALUES ('a') LIMIT public.evil();"},
        {"INSERT ON CONFLICT WHERE",
         "INSERT INTO public.keyed VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 1 "
         "WHERE public.evil() > 0;"},
        {"INSERT ON CONFLICT DO UPDATE",
         "INSERT INTO public.keyed VALUES (1) ON CONFLICT (id) DO UPDATE SET id = public.evil();"},
        {"INSERT with a subscript", "INSERT INTO public.arrays (a[public.evil()]) VALUES (1);"},
        {"INSERT into a catalog", "INSERT INTO pg_catalog.pg_description VALUES (1, 1, 1, 'x');"},
        {"INSERT into a catalog, unqualified", "INSERT INTO pg_description VALUES (1, 1, 2, 'x');"},
        {"INSERT into a catalog, in quotes",
         "INSERT INTO \"pg_catalog\".\"pg_description\" VALUES (1, 1, 3, 'x');"},
        {"INSERT into a catalog, in Unicode",
         "INSERT INTO U&\"\\0070g_catalog\".pg_description VALUES (1, 1, 4, 'x');"},
        {"INSERT into a catalog of a database",
         "INSERT INTO @D.pg_catalog.pg_description VALUES (1, 1, 5, 'x');"},
        {"COPY into a catalog", "COPY pg_catalog.pg_description FROM stdin;\n1\t1\t6\tx\n\\.\n"},
        {"COPY into a catalog, unqualified", "COPY pg_description FROM stdin;\n1\t1\t7\tx\n\\.\n"},
        {"UPDATE of a catalog", "UPDATE pg_catalog.pg_authid SET rolsuper = rolsuper;"},
        {"UPDATE", "UPDATE public.keyed SET id = public.evil();"},
        {"DELETE", "DELETE FROM public.loot WHERE public.evil() > 0;"},
        {"DELETE of a catalog's rows", "DELETE FROM pg_catalog.pg_description WHERE objoid = 1;"},
        {"TRUNCATE", "TRUNCATE public.arrays;"},
        {"MERGE",
         "MERGE INTO public.keyed USING (SELECT public.evil() AS x) s ON id = x "
         "WHEN NOT MATCHED THEN INSERT VALUES (x);",
         15},
    };
}

/// Roles and settings of the session.
Statements settings() {
    return {
        {"SET ROLE", "SET ROLE @D_role;"},
        {"SET LOCAL ROLE", "BEGIN; SET LOCAL ROLE @D_role; COMMIT;"},
        {"SET SESSION ROLE", "SET SESSION ROLE @D_role;"},
        {"SET role =", "SET role = '@D_role';"},
        {"SET \"role\" TO", "SET \"role\" TO @D_role;"},
        {"RESET ROLE", "RESET ROLE;"},
        {"set_config of the role", "SELECT pg_catalog.set_config('role', '@D_role', false);"},
        {"set_config of the role, escaped",
         "SELECT pg_catalog.set_config(E'\\x72ole', '@D_role', false);"},
        {"set_config of a search_path",
         "SELECT pg_catalog.set_config('search_path', 'elsewhere', false);"},
        {"set_config of replication",
         "SELECT pg_catalog.set_config('session_replication_role', 'replica', false);"},
        {"SET LOCAL SESSION AUTHORIZATION", "SET LOCAL SESSION AUTHORIZATION @D_role;"},
        {"SET session_authorization", "SET session_authorization = '@D_role';"},
        {"SET session_replication_role", "SET session_replication_role = replica;"},
        {"SET dynamic_library_path", "SET dynamic_library_path = '/tmp';"},
        {"SET allow_system_table_mods", "SET allow_system_table_mods = on;"},
        {"SET of a plugin", "SET evil.setting = 'x';"},
        {"SET LOCAL", "SET LOCAL search_path = elsewhere;"},
        {"SET SCHEMA", "SET SCHEMA 'elsewhere';"},
        {"SET TIME ZONE", "SET TIME ZONE 'UTC';"},
        {"SET CONSTRAINTS", "SET CONSTRAINTS ALL DEFERRED;"},
        {"RESET", "RESET search_path;"},
        {"SHOW", "SHOW config_file;"},
        {"LISTEN", "LISTEN evil;"},
        {"NOTIFY", "NOTIFY evil;"},
        {"UNLISTEN", "UNLISTEN *;"},
        {"DEALLOCATE", "DEALLOCATE ALL;"},
    };
}

/// Definitions that run something when they are created.
Statements definitions() {
    return {
        {"CREATE TABLE AS", "CREATE TABLE public.made_1 AS SELECT public.evil() AS x;"},
        {"CREATE TABLE AS, with columns",
         "CREATE TABLE public.made_2 (x) AS SELECT public.evil();"},
        {"CREATE UNLOGGED TABLE AS",
         "CREATE UNLOGGED TABLE public.made_3 AS VALUES (public.evil());"},
        {"CREATE TABLE AS EXECUTE",
         "PREPARE q AS SELECT public.evil() AS x; CREATE TABLE public.made_4 AS EXECUTE q;"},
        {"CREATE TEMP TABLE", "CREATE TEMP TABLE made_5 AS SELECT public.evil() AS x;"},
        {"CREATE MATERIALIZED VIEW",
         "CREATE MATERIALIZED VIEW public.made_6 AS SELECT public.evil() AS x;"},
        {"CREATE MATERIALIZED VIEW WITH DATA",
         "CREATE MATERIALIZED VIEW public.made_7 AS SELECT public.evil() AS x WITH DATA;"},
        {"CREATE SCHEMA with more", "CREATE SCHEMA made_8 CREATE TABLE x (a int);"},
        {"CREATE SCHEMA with grants", "CREATE SCHEMA made_9 GRANT ALL ON public.loot TO public;"},
        {"a partition's bound",
         "CREATE TABLE public.made_10 PARTITION OF public.parted FOR VALUES IN (public.evil());"},
        {"a partition's bound when it is attached",
         "ALTER TABLE ONLY public.parted ATTACH PARTITION public.part FOR VALUES IN "
         "(public.evil());"},
        {"a partition's bounds",
         "CREATE TABLE public.made_11 PARTITION OF public.ranged FOR VALUES FROM (0) TO "
         "(public.evil());"},
        {"ALTER COLUMN TYPE",
         "ALTER TABLE public.filled ALTER COLUMN stdin TYPE text USING public.evil()::text;"},
        {"ALTER COLUMN TYPE behind pg_dump's own", "ALTER TABLE public.filled ALTER COLUMN stdin "
                                                   "SET DEFAULT 'a', ALTER stdin TYPE text USING "
                                                   "public.evil()::text;"},
        {"ADD COLUMN", "ALTER TABLE public.filled ADD COLUMN y int DEFAULT public.evil();"},
        {"ADD COLUMN behind pg_dump's own",
         "ALTER TABLE public.filled ALTER COLUMN stdin DROP DEFAULT, ADD COLUMN z int DEFAULT "
         "public.evil();"},
        {"ADD COLUMN behind a constraint",
         "ALTER TABLE public.filled ADD CONSTRAINT c CHECK (true), ADD COLUMN w int DEFAULT "
         "public.evil();"},
        {"a function in pg_catalog",
         "CREATE FUNCTION pg_catalog.evil_of_the_system() RETURNS int LANGUAGE sql AS 'SELECT 1';"},
        {"CREATE OR REPLACE FUNCTION",
         "CREATE OR REPLACE FUNCTION public.evil_other() RETURNS int LANGUAGE sql AS 'SELECT 1';"},
        {"ALTER FUNCTION SET", "ALTER FUNCTION public.evil() SET work_mem = '8MB';"},
        {"ALTER FUNCTION SECURITY DEFINER", "ALTER FUNCTION public.evil() SECURITY DEFINER;"},
        {"ALTER TABLE RENAME", "ALTER TABLE public.spare_1 RENAME TO spare_2;"},
        {"ALTER TABLE SET SCHEMA", "ALTER TABLE public.spare_3 SET SCHEMA elsewhere;"},
        {"ALTER EXTENSION", "ALTER EXTENSION plpgsql ADD FUNCTION public.evil_of_extension();"},
        {"VACUUM", "VACUUM public.loot;"},
        {"ANALYZE", "ANALYZE public.loot;"},
        {"CLUSTER", "CLUSTER public.keyed USING keyed_pkey;"},
        {"REINDEX", "REINDEX TABLE public.keyed;"},
        {"LOCK", "BEGIN; LOCK TABLE public.loot; COMMIT;"},
        {"CHECKPOINT", "CHECKPOINT;"},
    };
}

/// Objects that outlive a database, or belong to another one.
Statements whole_server() {
    return {
        {"GRANT of a role", "GRANT pg_monitor TO @D_role;"},
        {"GRANT of roles", "GRANT pg_monitor, pg_read_all_data TO @D_role WITH ADMIN OPTION;"},
        {"REVOKE of a role", "REVOKE pg_monitor FROM @D_role;"},
        {"GRANT on a database", "GRANT CREATE ON DATABASE @D TO @D_role;"},
        {"GRANT on a tablespace", "GRANT CREATE ON TABLESPACE pg_default TO @D_role;"},
        {"COMMENT ON ROLE", "COMMENT ON ROLE @D_role IS 'x';"},
        {"COMMENT ON TABLESPACE", "COMMENT ON TABLESPACE pg_default IS NULL;"},
        {"ALTER ROLE", "ALTER ROLE @D_role SUPERUSER;"},
        {"ALTER ROLE ALL", "ALTER ROLE ALL IN DATABASE @D SET search_path = elsewhere;"},
        {"ALTER DATABASE", "ALTER DATABASE @D SET search_path = elsewhere;"},
        {"DROP OWNED", "DROP OWNED BY @D_role;"},
        {"REASSIGN OWNED", "REASSIGN OWNED BY @D_role TO @D_role;"},
        {"CREATE ROLE", "CREATE ROLE @D_role_too SUPERUSER;"},
        {"DROP ROLE", "DROP ROLE @D_role_gone;"},
    };
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

} // namespace

Statements hostile_statements(const std::string& marker, const std::string& database) {
    Statements all;
    for (Statements& some : std::vector<Statements>{calls(), additions(), files(), rows(),
                                                    settings(), definitions(), whole_server()}) {
        for (HostileStatement& statement : some) {
            replace_all(statement.sql, "@M", marker);
            replace_all(statement.sql, "@D", database);
            statement.sql += '\n';
            all.push_back(std::move(statement));
        }
    }
    return all;
}

std::string hostile_surroundings(const std::string& database) {
    std::string sql = R"(
CREATE ROLE @D_role;
CREATE ROLE @D_role_gone;
CREATE SCHEMA elsewhere;
CREATE TABLE public.evidence (x int);
CREATE SEQUENCE public.evil_numbers;
CREATE FUNCTION public.evil() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.evidence VALUES (1);
    RETURN nextval('public.evil_numbers');
END $$;
CREATE FUNCTION public.setval(text, int, bool) RETURNS int LANGUAGE sql AS 'SELECT public.evil()';
CREATE FUNCTION public.evil_of_extension() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.evil_procedure() LANGUAGE sql AS 'SELECT public.evil()';
CREATE VIEW public.evil_view AS SELECT public.evil()::text AS x;
CREATE TABLE public.loot (id text, stdin text);
INSERT INTO public.loot SELECT i FROM generate_series(1, 100) i;
CREATE TABLE public.filled (id text, stdin text);
INSERT INTO public.filled VALUES ('a', 'b');
CREATE TABLE public.keyed (id int PRIMARY KEY);
INSERT INTO public.keyed VALUES (1);
CREATE TABLE public.arrays (a int[]);
CREATE TABLE public.parted (a int) PARTITION BY LIST (a);
CREATE TABLE public.part (a int);
CREATE TABLE public.ranged (a int) PARTITION BY RANGE (a);
CREATE TABLE public.spare_1 (a int);
CREATE TABLE public.spare_3 (a int);
CREATE SEQUENCE public.numbers;
SELECT lo_create(1), lo_create(2), lo_create(3);
)";
    replace_all(sql, "@D", database);
    return sql;
}

std::string without_hostile_surroundings(const std::string& database) {
    std::string sql = "DROP OWNED BY @D_role CASCADE; DROP ROLE IF EXISTS @D_role, @D_role_gone, "
                      "@D_role_too";
    replace_all(sql, "@D", database);
    return sql;
}

} // namespace dbbackup::test
