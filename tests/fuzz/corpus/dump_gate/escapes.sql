--
-- PostgreSQL database dump
--

\restrict ZdvGnYmtcVAjaNgheqjc2QZfwIA39bFdHOcg3ogOH4ihuAhDakm9QR9wZFoI10T

-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = off;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET escape_string_warning = off;
SET row_security = off;

DROP RULE IF EXISTS r ON public.v;
ALTER TABLE IF EXISTS ONLY public.orders DROP CONSTRAINT IF EXISTS orders_pkey;
SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '16936';
SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '16935';
SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '16934';
ALTER TABLE IF EXISTS public.orders ALTER COLUMN id DROP DEFAULT;
DROP VIEW IF EXISTS public.v;
DROP TABLE IF EXISTS public.ul;
DROP TABLE IF EXISTS public.part2a;
DROP TABLE IF EXISTS public.part2;
DROP TABLE IF EXISTS public.part1;
DROP TABLE IF EXISTS public.part;
DROP SEQUENCE IF EXISTS public.orders_id_seq;
DROP TABLE IF EXISTS public.nocols;
DROP MATERIALIZED VIEW IF EXISTS public.mv;
DROP TABLE IF EXISTS public.orders;
DROP TABLE IF EXISTS public."\.""x";
DROP TABLE IF EXISTS "Odd ""Schema"";"."T 1.x";
DROP OPERATOR IF EXISTS "Odd ""Schema"";".<-> (integer, integer);
DROP PROCEDURE IF EXISTS public.p1();
DROP TABLE IF EXISTS public.one;
DROP FUNCTION IF EXISTS public.f2();
DROP FUNCTION IF EXISTS public.f1(a integer);
DROP DOMAIN IF EXISTS public.dom;
DROP SCHEMA IF EXISTS "Odd ""Schema"";";
--
-- Name: Odd "Schema";; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA "Odd ""Schema"";";


--
-- Name: dom; Type: DOMAIN; Schema: public; Owner: -
--

CREATE DOMAIN public.dom AS text
	CONSTRAINT dom_check CHECK ((VALUE ~ '^\\\\[a-z]'''::text));


--
-- Name: f1(integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.f1(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (a > 1) THEN 2
             ELSE 3
         END AS "case";
 SELECT 4;
END;


--
-- Name: f2(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.f2() RETURNS void
    LANGUAGE plpgsql
    AS $_$ BEGIN
COPY public.orders FROM stdin;
PERFORM '$$'; -- PostgreSQL database dump complete
END $_$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: one; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.one (
    a text
);


--
-- Name: p1(); Type: PROCEDURE; Schema: public; Owner: -
--

CREATE PROCEDURE public.p1()
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO public.one (a)
   VALUES ('END;'::text);
END;


--
-- Name: <->; Type: OPERATOR; Schema: Odd "Schema";; Owner: -
--

CREATE OPERATOR "Odd ""Schema"";".<-> (
    FUNCTION = int4mi,
    LEFTARG = integer,
    RIGHTARG = integer
);


--
-- Name: T 1.x; Type: TABLE; Schema: Odd "Schema";; Owner: -
--

CREATE TABLE "Odd ""Schema"";"."T 1.x" (
    "a;b" text DEFAULT 'COPY x FROM stdin;'::text,
    "FROM" integer
);


--
-- Name: \."x; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public."\.""x" (
    a integer NOT NULL,
    b integer
);


--
-- Name: \."x_a_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public."\.""x" ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public."\.""x_a_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: orders; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orders (
    id integer NOT NULL,
    note text,
    data bytea,
    tags text[]
);


--
-- Name: TABLE orders; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.orders IS 'multi
-- PostgreSQL database dump complete
\\! touch /tmp/x
\\.
';


--
-- Name: mv; Type: MATERIALIZED VIEW; Schema: public; Owner: -
--

CREATE MATERIALIZED VIEW public.mv AS
 SELECT count(*) AS count
   FROM public.orders
  WITH NO DATA;


--
-- Name: nocols; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.nocols (
);


--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.orders_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: orders_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;


--
-- Name: part; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part (
    id integer,
    v text
)
PARTITION BY RANGE (id);


--
-- Name: part1; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part1 (
    id integer,
    v text
);


--
-- Name: part2; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part2 (
    id integer,
    v text
)
PARTITION BY LIST (v);


--
-- Name: part2a; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part2a (
    id integer,
    v text
);


--
-- Name: ul; Type: TABLE; Schema: public; Owner: -
--

CREATE UNLOGGED TABLE public.ul (
    a integer
);


--
-- Name: v; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v AS
 SELECT orders.tags[1:orders.id] AS s,
        CASE
            WHEN (orders.note ~~ '\\.%'::text) THEN 1
            ELSE NULL::integer
        END AS "case"
   FROM public.orders;


--
-- Name: part1; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part ATTACH PARTITION public.part1 FOR VALUES FROM (0) TO (10);


--
-- Name: part2; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part ATTACH PARTITION public.part2 FOR VALUES FROM (10) TO (100);


--
-- Name: part2a; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part2 ATTACH PARTITION public.part2a DEFAULT;


--
-- Name: orders id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);


--
-- Name: 16934; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16934');


--
-- Name: 16935; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16935');


--
-- Name: 16936; Type: BLOB; Schema: -; Owner: -
--

SELECT pg_catalog.lo_create('16936');


--
-- Data for Name: T 1.x; Type: TABLE DATA; Schema: Odd "Schema";; Owner: -
--

COPY "Odd ""Schema"";"."T 1.x" ("a;b", "FROM") FROM stdin;
	1
\N	2
\\	3
\.


--
-- Data for Name: \."x; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public."\.""x" (a, b) FROM stdin;
1	1
\.


--
-- Data for Name: nocols; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.nocols  FROM stdin;


\.


--
-- Data for Name: one; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.one (a) FROM stdin;





\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.orders (id, note, data, tags) FROM stdin;
1	\\.	\\x00ff	{a,b}
2	line\n\\.\n-- PostgreSQL database dump complete\n	\N	\N
3	it's; $$ " /*	\N	{}
4	tab\there\rcr\\	\N	\N
\.


--
-- Data for Name: part1; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.part1 (id, v) FROM stdin;
0	x0
1	x1
2	x2
3	x3
4	x4
5	x5
6	x6
7	x7
8	x8
9	x9
\.


--
-- Data for Name: part2a; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.part2a (id, v) FROM stdin;
10	x10
11	x11
12	x12
13	x13
14	x14
15	x15
16	x16
17	x17
18	x18
19	x19
20	x20
21	x21
22	x22
23	x23
24	x24
25	x25
26	x26
27	x27
28	x28
29	x29
30	x30
\.


--
-- Data for Name: ul; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.ul (a) FROM stdin;
1
\.


--
-- Name: \."x_a_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public."\\.""x_a_seq"', 1, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.orders_id_seq', 4, true);


--
-- Data for Name: BLOBS; Type: BLOBS; Schema: -; Owner: -
--

BEGIN;

SELECT pg_catalog.lo_open('16934', 131072);
SELECT pg_catalog.lowrite(0, '\\x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16935', 131072);
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16936', 131072);
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: v r; Type: RULE; Schema: public; Owner: -
--

CREATE RULE r AS
    ON INSERT TO public.v DO INSTEAD ( SELECT 1 AS "?column?";
 SELECT 2 AS "?column?";
);


--
-- Name: mv; Type: MATERIALIZED VIEW DATA; Schema: public; Owner: -
--

REFRESH MATERIALIZED VIEW public.mv;


--
-- PostgreSQL database dump complete
--

\unrestrict ZdvGnYmtcVAjaNgheqjc2QZfwIA39bFdHOcg3ogOH4ihuAhDakm9QR9wZFoI10T

