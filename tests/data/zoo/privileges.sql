-- Who may do what.

-- kind: grant on a schema
grant usage on schema zoo to zoo_reader, "zoo ""Rôle""; --";
grant all on schema zoo to zoo_owner;
-- kind: grant on columns
grant select ("Name", id), update (mood) on zoo.beasts to zoo_reader;
-- kind: grant with grant option
grant all on zoo.parent to "zoo ""Rôle""; --" with grant option;
-- kind: grant by somebody else
set role "zoo ""Rôle""; --";
grant select on zoo.parent to zoo_reader with grant option;
grant insert (a) on zoo.parent to zoo_reader;
reset role;
-- kind: grant on a table to all
grant select on public.beasts to public;
-- kind: nothing left to the owner
revoke all on zoo.hen from postgres;
grant delete on zoo.hen to postgres;
-- kind: grant on a sequence
grant usage on sequence zoo.odd_numbers to zoo_reader;
-- kind: grant on a view
grant select, trigger on zoo.heavy to zoo_reader;
grant select (most) on zoo.counts_of_counts to public;
-- kind: grant on a function or a procedure
grant execute on procedure zoo.do_nothing(integer) to zoo_reader;
grant execute on function zoo.add(text, text) to zoo_reader with grant option;
revoke execute on function zoo.traps() from public;
-- kind: grant on an aggregate
revoke all on function zoo.middle(double precision, anyelement) from public;
grant execute on function zoo.middle(double precision, anyelement) to zoo_owner;
-- kind: grant on a type or a domain
revoke usage on type zoo.mood from public;
grant usage on type zoo.mood to zoo_reader;
grant usage on domain zoo.code to zoo_owner with grant option;
-- kind: grant on a language
revoke usage on language zoo_pl from public;
grant usage on language zoo_pl to zoo_reader;
-- kind: grant on foreign data
grant usage on foreign data wrapper zoo_wrapper to zoo_owner;
grant usage on foreign server zoo_server to zoo_reader with grant option;
grant select (a) on zoo.far_away to zoo_reader;
-- kind: grant on a large object
grant select on large object 70002 to zoo_reader;
-- kind: grant on PostgreSQL's own
revoke execute on function pg_catalog.pg_sleep(double precision) from public;
grant execute on function pg_catalog.pg_sleep(double precision) to zoo_owner;
grant select (rolname) on pg_catalog.pg_authid to zoo_reader;

-- kind: owners of everything
alter schema "Ünïcödé 名前" owner to "zoo ""Rôle""; --";
alter type zoo.mood owner to zoo_owner;
alter domain zoo.code owner to zoo_owner;
alter function zoo.add(integer, integer) owner to zoo_owner;
alter procedure zoo.do_nothing(integer) owner to zoo_owner;
alter aggregate zoo.product(double precision) owner to "zoo ""Rôle""; --";
alter operator zoo.=== (zoo.point3, zoo.point3) owner to zoo_owner;
alter operator class zoo.backwards using btree owner to zoo_owner;
alter operator family zoo.numbers using btree owner to zoo_owner;
alter collation zoo.german owner to zoo_owner;
alter conversion zoo.latin owner to zoo_owner;
alter text search dictionary zoo.stems owner to zoo_owner;
alter text search configuration zoo.words owner to zoo_owner;
alter sequence zoo.odd_numbers owner to zoo_owner;
alter foreign table zoo.far_away owner to zoo_owner;
alter materialized view zoo.in_zoo_heap owner to postgres;
alter publication "Zoo; empty" owner to zoo_owner;

-- kind: default privileges in a schema
alter default privileges in schema zoo grant select on tables to zoo_reader;
alter default privileges in schema zoo grant usage on sequences to zoo_reader with grant option;
-- kind: default privileges of a role
alter default privileges for role zoo_owner revoke execute on functions from public;
alter default privileges for role zoo_owner grant usage on schemas to zoo_reader;
alter default privileges for role zoo_owner in schema "Zoo ""2""" grant usage on types to "zoo ""Rôle""; --";
