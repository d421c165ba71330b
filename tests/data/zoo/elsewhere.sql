-- What lives outside schemas: foreign data, publications, subscriptions, large objects.

-- kind: foreign data wrapper
create foreign data wrapper zoo_wrapper options (debug 'true', "It's" E'a\\b''c');
alter foreign data wrapper zoo_wrapper owner to postgres;
-- kind: foreign data wrapper with a handler and a validator
create foreign data wrapper "Zoo; wrapper" validator postgresql_fdw_validator;
-- kind: foreign server
create server zoo_server type 'x' version '1' foreign data wrapper zoo_wrapper options (host 'a b''c');
alter server zoo_server owner to zoo_owner;
create server "Zoo; server" foreign data wrapper "Zoo; wrapper" options (dbname E'a\\b');
-- kind: user mapping
create user mapping for zoo_reader server zoo_server options ("user" 'u');
create user mapping for "zoo ""Rôle""; --" server zoo_server options (password E'it''s \\secret');
-- kind: user mapping for all
create user mapping for public server "Zoo; server";
-- kind: foreign table
create foreign table zoo.far_away (
    a integer options (column_name 'A') not null, b text default 'b' collate "C", constraint positive check (a > 0)
) server zoo_server options (table_name 'x', "Option; --" E'\\');
-- kind: foreign table as partition and as child
create foreign table zoo.no_partitions_7 partition of zoo.no_partitions for values in (7) server "Zoo; server";
create foreign table zoo.far_child (z integer) inherits (zoo.second_parent) server zoo_server;

-- kind: publication
create publication zoo_news for table zoo.hen, only zoo.tree, zoo.hashed
    with (publish = 'insert, update', publish_via_partition_root = true);
alter publication zoo_news owner to zoo_owner;
-- kind: publication of nothing
create publication "Zoo; empty" with (publish = '');
-- kind: publication of all tables
create publication zoo_everything for all tables with (publish = 'insert, truncate');
-- kind: subscription without a slot
create subscription zoo_hears connection 'host=/nowhere dbname=''it\''s'' application_name=''a;b'''
    publication a, "B; c"
    with (connect = false, slot_name = none, synchronous_commit = 'off');
-- kind: subscription
create subscription "Zoo; hears" connection 'host=/nowhere' publication zoo_news
    with (connect = false, slot_name = 'zoo_slot');
alter subscription zoo_hears owner to postgres;

-- kind: large object
select lo_from_bytea(70001, '\x00010203'), lo_from_bytea(70002, ''), lo_create(70003);
select lo_put(70003, 0, decode(repeat('00ff5c2e0a', 20000), 'hex'));
alter large object 70001 owner to zoo_owner;
