--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET client_min_messages = warning;

--
-- Name: reports; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA reports;


ALTER SCHEMA reports OWNER TO postgres;

--
-- Name: plpgsql; Type: EXTENSION; Schema: -; Owner: 
--

CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;


--
-- Name: EXTENSION plpgsql; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';


SET search_path = public, pg_catalog;

--
-- Name: order_state; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE order_state AS ENUM (
    'open',
    'it''s paid',
    'back\slash'
);


ALTER TYPE public.order_state OWNER TO postgres;

--
-- Name: order_total(bigint); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION order_total(wanted bigint) RETURNS numeric
    LANGUAGE plpgsql STABLE
    AS $_$
begin
    -- COPY orders (id) FROM stdin; it's "quoted" \ and; $$
    return (select sum(l.quantity * p.price) from public.order_lines l
            join public.products p on p.id = l.product_id where l.order_id = $1);
end;
$_$;


ALTER FUNCTION public.order_total(wanted bigint) OWNER TO postgres;

SET default_tablespace = '';

SET default_with_oids = false;

--
-- Name: customers; Type: TABLE; Schema: public; Owner: postgres; Tablespace: 
--

CREATE TABLE customers (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    note text DEFAULT 'none\; --'::text,
    joined date
);


ALTER TABLE public.customers OWNER TO postgres;

--
-- Name: TABLE customers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE customers IS 'it''s a\comment;
-- PostgreSQL database dump complete';


--
-- Name: customers_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE customers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.customers_id_seq OWNER TO postgres;

--
-- Name: customers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE customers_id_seq OWNED BY customers.id;


--
-- Name: order_lines; Type: TABLE; Schema: public; Owner: postgres; Tablespace: 
--

CREATE TABLE order_lines (
    order_id bigint NOT NULL,
    line integer NOT NULL,
    product_id integer,
    quantity integer DEFAULT 1 NOT NULL
);


ALTER TABLE public.order_lines OWNER TO postgres;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: postgres; Tablespace: 
--

CREATE TABLE orders (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    state order_state DEFAULT 'open'::order_state NOT NULL,
    ordered_at timestamp without time zone
);


ALTER TABLE public.orders OWNER TO postgres;

--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.orders_id_seq OWNER TO postgres;

--
-- Name: orders_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE orders_id_seq OWNED BY orders.id;


--
-- Name: products; Type: TABLE; Schema: public; Owner: postgres; Tablespace: 
--

CREATE TABLE products (
    id integer NOT NULL,
    name text NOT NULL,
    price numeric(10,2),
    CONSTRAINT "not ""free""" CHECK ((price > (0)::numeric))
);


ALTER TABLE public.products OWNER TO postgres;

SET search_path = reports, pg_catalog;

--
-- Name: totals; Type: VIEW; Schema: reports; Owner: postgres
--

CREATE VIEW totals AS
    SELECT c.name, count(*) AS orders, sum(public.order_total(o.id)) AS total FROM (public.customers c JOIN public.orders o ON ((o.customer_id = c.id))) GROUP BY c.name;


ALTER TABLE reports.totals OWNER TO postgres;

--
-- Name: VIEW totals; Type: COMMENT; Schema: reports; Owner: postgres
--

COMMENT ON VIEW totals IS '/* open';


SET search_path = public, pg_catalog;

--
-- Name: id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY customers ALTER COLUMN id SET DEFAULT nextval('customers_id_seq'::regclass);


--
-- Name: id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY orders ALTER COLUMN id SET DEFAULT nextval('orders_id_seq'::regclass);


--
-- Name: 60001; Type: BLOB; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('60001');


ALTER LARGE OBJECT 60001 OWNER TO postgres;

--
-- Name: LARGE OBJECT 60001; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON LARGE OBJECT 60001 IS 'it''s a\large; "object"';


--
-- Name: 60002; Type: BLOB; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('60002');


ALTER LARGE OBJECT 60002 OWNER TO postgres;

--
-- Data for Name: customers; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY customers (id, name, note, joined) FROM stdin;
1	Ada	\N	1815-12-10
2	Größe	tab\tnewline\nback\\slash	2026-02-28
3	\\.	\\N	\N
4	it's ; --		infinity
5	-- PostgreSQL database dump complete	none\\; --	\N
\.


--
-- Data for Name: order_lines; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY order_lines (order_id, line, product_id, quantity) FROM stdin;
1	1	1	2
1	2	2	1
2	1	\N	7
3	1	2	-1
\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY orders (id, customer_id, state, ordered_at) FROM stdin;
1	1	open	2026-01-02 03:04:05
2	1	it's paid	\N
3	2	back\\slash	-infinity
\.


--
-- Data for Name: products; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY products (id, name, price) FROM stdin;
1	lamp	12.50
2	chair\r\n	99.99
3	vase "x"	\N
\.


--
-- Name: customers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('customers_id_seq', 6, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('orders_id_seq', 3, true);


--
-- Data for Name: BLOBS; Type: BLOBS; Schema: -; Owner: -
--

SET search_path = pg_catalog;

BEGIN;

SELECT pg_catalog.lo_open('60001', 131072);
SELECT pg_catalog.lowrite(0, '\x00ff5c2e0a27');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('60002', 131072);
SELECT pg_catalog.lo_close(0);

COMMIT;

SET search_path = public, pg_catalog;

--
-- Name: customers_name_key; Type: CONSTRAINT; Schema: public; Owner: postgres; Tablespace: 
--

ALTER TABLE ONLY customers
    ADD CONSTRAINT customers_name_key UNIQUE (name);


--
-- Name: customers_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres; Tablespace: 
--

ALTER TABLE ONLY customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: order_lines_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres; Tablespace: 
--

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, line);


--
-- Name: orders_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres; Tablespace: 
--

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: products_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres; Tablespace: 
--

ALTER TABLE ONLY products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);


--
-- Name: orders_by_customer; Type: INDEX; Schema: public; Owner: postgres; Tablespace: 
--

CREATE INDEX orders_by_customer ON orders USING btree (customer_id, ordered_at DESC);


--
-- Name: order_lines_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);


--
-- Name: order_lines_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);


--
-- Name: orders_customer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE;


--
-- Name: public; Type: ACL; Schema: -; Owner: postgres
--

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM postgres;
GRANT ALL ON SCHEMA public TO postgres;
GRANT ALL ON SCHEMA public TO PUBLIC;


--
-- Name: reports; Type: ACL; Schema: -; Owner: postgres
--

REVOKE ALL ON SCHEMA reports FROM PUBLIC;
REVOKE ALL ON SCHEMA reports FROM postgres;
GRANT ALL ON SCHEMA reports TO postgres;
GRANT USAGE ON SCHEMA reports TO PUBLIC;


--
-- Name: products; Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON TABLE products FROM PUBLIC;
REVOKE ALL ON TABLE products FROM postgres;
GRANT ALL ON TABLE products TO postgres;
GRANT SELECT ON TABLE products TO PUBLIC;


--
-- PostgreSQL database dump complete
--

