--
-- PostgreSQL database dump
--

\restrict K

SET standard_conforming_strings = off;
SET search_path = public, pg_catalog;
COMMENT ON TABLE a IS 'it\'s; \! x';
SET standard_conforming_strings = on;
COMMENT ON TABLE a IS E'it\'s; \\'; ;
COMMENT ON TABLE a IS U&'\0041''\'; SELECT $a$ $b$ ' $a$, a$b$, "a"";\";
/* a /* b */ ; */ CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN 1 THEN 2 END; END;
BEGIN;
SELECT pg_catalog.lo_create('7');
COMMIT;
COPY a (b) FROM stdin; -- c
\\.
\.x

\.
COPY "A" FROM stdin;
\.
INSERT INTO a VALUES (1), (2);
--
-- PostgreSQL database dump complete
--

\unrestrict K
