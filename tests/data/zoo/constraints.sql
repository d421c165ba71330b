-- Constraints, those that make order matter first.

-- kind: circular foreign keys
create table zoo.egg (id integer primary key, hen_id integer);
create table zoo.hen (id integer primary key, egg_id integer not null references zoo.egg on delete cascade);
insert into zoo.egg values (1, 1), (2, 99);
insert into zoo.hen values (1, 2);
-- kind: foreign key NOT VALID
alter table zoo.egg add constraint from_a_hen foreign key (hen_id) references zoo.hen not valid;
-- kind: check constraint NOT VALID
alter table zoo.egg add constraint small_numbers check (id < 2) not valid;
-- kind: foreign key to its own table, deferred
create table zoo.tree (id integer primary key, parent_id integer
    references zoo.tree deferrable initially deferred);
insert into zoo.tree values (2, 3), (3, 1), (1, null);
set constraints all immediate;

-- kind: unique constraint
-- kind: deferrable primary key
-- kind: primary key with included columns
create table zoo.keys (
    a integer, b text, c integer, d integer unique deferrable initially immediate,
    constraint "the key" primary key (a, b) include (c) with (fillfactor = 60),
    constraint all_unique unique (c, d)
);
create table zoo.late_key (a integer primary key deferrable initially deferred, b integer);
insert into zoo.keys values (1, 'x', 2, 3), (1, 'y', 4, null);
insert into zoo.late_key values (1, 1);
-- kind: constraint made from an index
create table zoo.from_index (a integer not null, b integer);
create unique index from_index_key on zoo.from_index (b, a);
alter table zoo.from_index add constraint from_index_unique unique using index from_index_key;
-- kind: check constraint
-- kind: check constraint NO INHERIT
-- kind: check constraint that calls a function
create table zoo.checked (
    a integer constraint "a > 0; --" check (a > 0), b text,
    constraint not_below check (a < 100) no inherit,
    constraint by_function check (zoo.add(a, 1) > 1 and b is distinct from E'\\.\n''')
);
create table zoo.checked_child () inherits (zoo.checked);
insert into zoo.checked values (1, 'x');
insert into zoo.checked_child values (1000, 'y');
-- kind: foreign keys of every action
create table zoo.actions (
    id integer primary key,
    a integer references zoo.tree on delete cascade on update restrict,
    b integer default 1 references zoo.tree on delete set default on update set null,
    c integer, d integer,
    e integer references zoo.egg on update no action not deferrable,
    constraint "full" foreign key (c, d) references zoo.keys (c, d)
        match full on delete restrict on update set default
);
insert into zoo.actions values (1, 1, 2, null, null, null), (2, 3, 1, 2, 3, null);
alter table zoo.actions alter constraint actions_a_fkey deferrable;
-- kind: exclusion constraint with a condition
create table zoo.rooms (
    room int4range, during tsrange, cancelled boolean default false,
    constraint no_overlap exclude using gist (room with =, during with &&) where (not cancelled) deferrable,
    constraint one_cancelled exclude using hash (cancelled with =) where (cancelled)
);
insert into zoo.rooms values ('[1,2)', '[2026-01-01,2026-01-02)'), ('[1,2)', '[2026-01-02,2026-01-03)');
