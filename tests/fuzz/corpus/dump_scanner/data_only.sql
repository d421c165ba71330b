--
-- PostgreSQL database dump
--

\restrict soS6mUsfjMIE5HRpzA1oV9EnTGubeg8nzQjf25GRwvxRRgtGdvLuWw1eaprQSMS

-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

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

-- load via partition root public.part

COPY public.part (id, v) FROM stdin;
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

-- load via partition root public.part

COPY public.part (id, v) FROM stdin;
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

SELECT pg_catalog.setval('public."\.""x_a_seq"', 1, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.orders_id_seq', 4, true);


--
-- Data for Name: BLOBS; Type: BLOBS; Schema: -; Owner: -
--

BEGIN;

SELECT pg_catalog.lo_open('16934', 131072);
SELECT pg_catalog.lowrite(0, '\x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16935', 131072);
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('16936', 131072);
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- PostgreSQL database dump complete
--

\unrestrict soS6mUsfjMIE5HRpzA1oV9EnTGubeg8nzQjf25GRwvxRRgtGdvLuWw1eaprQSMS

