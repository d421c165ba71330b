-- What PostgreSQL 18 brought.

-- kind: virtual generated column
create table zoo.virtual (
    a integer, twice integer generated always as (a * 2) virtual, "of; text" text,
    length integer generated always as (length("of; text")),
    kept integer generated always as (a + 1) stored);
insert into zoo.virtual (a, "of; text") values (1, 'one'), (null, null);
-- kind: NOT NULL constraint with a name
create table zoo.present (
    a integer constraint "a is; there" not null, b integer not null, c integer,
    constraint c_is_there not null c no inherit);
create table zoo.present_child () inherits (zoo.present);
comment on constraint "a is; there" on zoo.present is 'named';
insert into zoo.present values (1, 2, 3);
-- kind: NOT NULL constraint that is not validated
create table zoo.absent (a integer, b integer);
insert into zoo.absent values (null, 1);
alter table zoo.absent add constraint a_from_now_on not null a not valid;
-- kind: constraint that is not enforced
create table zoo.unenforced (
    id integer primary key, parent_id integer, price integer constraint positive check (price > 0) not enforced,
    constraint to_parent foreign key (parent_id) references zoo.unenforced (id) not enforced);
insert into zoo.unenforced values (1, 77, -5);
alter table zoo.unenforced add constraint even check (price % 2 = 0) not valid;
-- kind: foreign key of a partitioned table that is not validated
create table zoo.keyed (id integer, of integer) partition by range (id);
create table zoo.keyed_1 partition of zoo.keyed for values from (0) to (10);
insert into zoo.keyed values (1, 99);
alter table zoo.keyed add constraint keyed_of foreign key (of) references zoo.unenforced (id) not valid;
-- kind: temporal key
create table zoo.priced (
    of int4range, at daterange, price integer, constraint priced_key primary key (of, at without overlaps));
create table zoo.priced_again (
    of int4range, at datemultirange, constraint priced_once unique (of, at without overlaps));
create table zoo.sold (
    id integer, of int4range, at daterange,
    constraint sold_at_a_price foreign key (of, period at) references zoo.priced (of, period at));
insert into zoo.priced values ('[1,2)', '[2026-01-01,2026-06-01)', 5), ('[1,2)', '[2026-06-01,)', 6);
insert into zoo.sold values (1, '[1,2)', '[2026-05-01,2026-07-01)');
-- kind: function that returns old and new rows
create function zoo.changed() returns setof text begin atomic
    update zoo.lonely_text set line = upper(line)
        returning with (old as before, new as after) before.line || ' → ' || after.line;
    delete from zoo.lonely_text where line = 'x' returning old.line || coalesce(new.line, '');
end;
-- kind: view with case folding
create view zoo.folded as select casefold("Name") as name, array_sort(array[id, 1]) as sorted,
    reverse('\x0102'::bytea) as backwards from zoo.beasts;
-- kind: default of a sortable identifier
create table zoo.sortable (id uuid default uuidv7() not null);
-- kind: publication with generated columns
create publication zoo_generated for table zoo.virtual with (publish = 'insert', publish_generated_columns = stored);
create publication zoo_generated_column for table zoo.virtual (a, kept) with (publish = 'insert');
-- kind: index built in parallel on JSON
create index documents_facts_18 on zoo.documents using gin (facts);
-- kind: foreign table like another
create foreign table zoo.far_like (like zoo.maintained) server zoo_server;
