#pragma once

#include <string>

/// Dumps to scan, each one complete and written to mislead.
namespace dbbackup::pg::samples {

inline const std::string k_end = "--\n"
                                 "-- PostgreSQL database dump complete\n"
                                 "--\n\n";

/// As written by pg_dump 15.14 and later, shortened.
inline const std::string k_plain = R"(--
-- PostgreSQL database dump
--

\restrict bN9Q7

SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE SCHEMA sales;
CREATE TABLE public.orders (
    id integer NOT NULL,
    note text DEFAULT 'a;b'::text
);
CREATE TABLE public.empty (id integer);

COPY public.orders (id, note) FROM stdin;
1	one
2	two
3	\N
\.


COPY public.empty (id) FROM stdin;
\.

--
-- PostgreSQL database dump complete
--

\unrestrict bN9Q7

)";

/// Rows that resemble the end of the data, of the dump, or SQL.
inline const std::string k_rows = R"(COPY public.t (a) FROM stdin;
\\.
\\.\n
 \.
\. 
\.x
.
\

-- PostgreSQL database dump complete
COPY public.forged (a) FROM stdin;
\\unrestrict bN9Q7
'
"
$$
/*
\.
)" + k_end;

/// Text in quotes, bodies and comments that resembles SQL.
inline const std::string k_quotes = R"(CREATE FUNCTION public.f1() RETURNS void LANGUAGE sql AS '
COPY public.forged (a) FROM stdin;
-- PostgreSQL database dump complete
it''s; \! true
';
CREATE FUNCTION public.f2() RETURNS void LANGUAGE plpgsql AS $$
COPY public.forged (a) FROM stdin;
-- PostgreSQL database dump complete
BEGIN; END; $1 $x$ $ ' " /*
$$;
CREATE FUNCTION public.f3() RETURNS void LANGUAGE plpgsql AS $body$
COPY public.forged (a) FROM stdin;
$$ $bod$ $body $body_$ $Body$ $ $$body$;
CREATE FUNCTION public.f4(a integer) RETURNS integer LANGUAGE sql
    BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN 2 ELSE CASE a WHEN 0 THEN 1 END END;
  SELECT 'END; COPY public.forged FROM stdin;';
  SELECT "end" FROM public."END;";
END;
CREATE OR REPLACE PROCEDURE public.p5() LANGUAGE sql
    BEGIN ATOMIC
  INSERT INTO public.x VALUES (1);
END;
COMMENT ON TABLE public.t IS E'it\'s \\';
COMMENT ON TABLE public.t IS U&'\0041''\';
COMMENT ON TABLE public.t IS 'C:\';
COMMENT ON TABLE public."a""b;'" IS N'x' 'y';
SELECT a$b$c, x$$, B'01', X'1F', e, "E"'\', 1e'\' FROM t;
/* COPY public.forged FROM stdin;
-- PostgreSQL database dump complete
' /* nested */ " $$ */
-- it's "quoted; /* $$ COPY public.forged FROM stdin;
CREATE RULE r AS ON INSERT TO public.v DO INSTEAD (SELECT 1; SELECT 2);
COPY/**/public."T ""x"" ;"--
(a, "FROM")
FROM
/* where? */ StdIn
;
1
\.
)" + k_end;

/// `pg_dump --create` on a database with standard_conforming_strings off and large objects.
inline const std::string k_create = R"(\restrict K1
SET standard_conforming_strings = off;
CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8';
\unrestrict K1
\connect shop
\restrict K1
SET standard_conforming_strings = off;
COMMENT ON DATABASE shop IS 'a\'b; COPY public.forged FROM stdin;
';
SELECT pg_catalog.lo_create('16390');
ALTER LARGE OBJECT 16390 OWNER TO postgres;
SELECT pg_catalog.lo_create('16391');
BEGIN;
SELECT pg_catalog.lo_open('16390', 131072);
SELECT pg_catalog.lowrite(0, '\\x00ff');
SELECT pg_catalog.lo_close(0);
COMMIT;
)" + k_end + "\\unrestrict K1\n\n";

/// Tables of every kind.
inline const std::string k_tables = R"(CREATE SCHEMA IF NOT EXISTS "Mixed Case";
CREATE SCHEMA AUTHORIZATION joe;
CREATE UNLOGGED TABLE public.fast (id integer);
CREATE TABLE IF NOT EXISTS "Mixed Case"."T.1" (id integer);
CREATE TEMP TABLE scratch (id integer);
CREATE FOREIGN TABLE far.away (id integer) SERVER s;
CREATE TABLE public.parent (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.root (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.child PARTITION OF public.parent FOR VALUES FROM (1) TO (2);
CREATE TABLE bare (id integer);
CREATE VIEW v AS SELECT q.id FROM bare q;
CREATE OPERATOR ops.<-> (FUNCTION = public.f);
CREATE INDEX i ON idx.t USING btree (x.y);
CREATE CAST (text AS integer) WITH FUNCTION pg_catalog.f(text);
COPY public.root (id) FROM stdin;
1
\.
COPY public.fast (id) FROM stdin;
1
\.
COPY PUBLIC.Fast (id) FROM stdin WITH (FORMAT text);
2
\.
COPY bare TO stdout;
COPY bare FROM '/tmp/file';
COPY bare FROM PROGRAM 'cat stdin';
COPY (SELECT 1) TO stdout;
COPY a.b FROM stdin; COPY c.d FROM stdin; -- PostgreSQL database dump complete
1
\.
2
3
\.
INSERT INTO public.fast VALUES (1);
INSERT INTO public.fast VALUES (2), (3);
)" + k_end;

/// With carriage returns before its newlines.
inline const std::string k_windows = "CREATE TABLE a (b text);\r\n"
                                     "COPY a FROM stdin;\r\n"
                                     "1\r\n"
                                     "\\.\r\n"
                                     "-- PostgreSQL database dump complete\r\n";

inline const std::string k_two_dumps = k_plain + k_create;

struct Sample {
    const char* name;
    const std::string& text;
};

inline const Sample k_all[] = {
    {"plain", k_plain},   {"rows", k_rows},       {"quotes", k_quotes},       {"create", k_create},
    {"tables", k_tables}, {"windows", k_windows}, {"two dumps", k_two_dumps},
};

} // namespace dbbackup::pg::samples
