-- What PostgreSQL 15 brought.

-- kind: unique constraint, nulls not distinct
create table zoo.one_null (a integer, b text, c text, unique nulls not distinct (a));
create unique index one_null_b on zoo.one_null (b) nulls not distinct;
-- kind: foreign key that sets one column null
create table zoo.partly (a integer, b integer, c integer,
    constraint to_keys foreign key (b, c) references zoo.keys (c, d) on delete set null (c));
alter table zoo.partly add foreign key (b, c) references zoo.keys (c, d) on delete set default (c);
-- kind: view with the invoker's rights
create view zoo.as_invoker with (security_invoker = true, security_barrier = false) as select id from zoo.beasts;
-- kind: publication with row filter and columns
create publication zoo_some_rows for table zoo.egg (id, hen_id) where (id > 0 and hen_id is distinct from 7),
    table zoo.tree with (publish = 'insert');
-- kind: publication of a schema
create publication zoo_schema_news for tables in schema zoo, "Zoo ""2""" with (publish = 'insert');
-- kind: publication of a schema and of tables
create publication zoo_mixed for tables in schema "Ünïcödé 名前", table public.beasts with (publish = 'insert');
-- kind: unlogged sequence
create unlogged sequence zoo.unlogged_sequence start 3;
-- kind: subscription with two phases
create subscription zoo_two_phases connection 'host=/nowhere' publication p
    with (connect = false, slot_name = none, two_phase = true, disable_on_error = true, streaming = true);
