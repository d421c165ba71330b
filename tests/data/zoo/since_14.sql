-- What PostgreSQL 14 brought.

-- kind: function with an SQL body
create function zoo.atomic_sum(a integer, b integer) returns integer
    language sql immutable
    begin atomic
        select case when a > b then a + b else b + a end;
        select a + b;
    end;
create function zoo.returned(a integer default 5) returns text language sql return E'\\; ''' || a || ' end';
-- kind: procedure with an SQL body
create procedure zoo.atomic_changes("n;" integer) begin atomic
    insert into zoo.lonely_text values (case when "n;" = 1 then 'end;' end);
    delete from zoo.lonely_text where line = E'COMMIT;\n\\.\n$$';
end;
create procedure zoo.atomic_nothing() begin atomic end;
-- kind: function with an SQL body that needs a primary key
create function zoo.atomic_by_key() returns setof text begin atomic
    select "Name" || count(*) from zoo.beasts group by id;
end;
-- kind: procedure with output arguments
create procedure zoo.gives(in a integer, out b integer, inout c text default 'x') language plpgsql
    as $$ begin b := a; end $$;
-- kind: multirange
create type zoo.day_range as range (subtype = date, multirange_type_name = zoo."Days; --");
create table zoo.multiranges (a int4multirange, b zoo."Days; --", c zoo.day_range);
insert into zoo.multiranges values
    ('{[1,3),[7,9)}', '{[2026-01-01,2026-01-02],(2026-03-01,)}', 'empty'), ('{}', null, '[2026-01-01,infinity)');
-- kind: column compression
alter table zoo.huge alter column body set compression pglz;
-- kind: statistics on expressions
create statistics zoo.of_length on (length(body)) from zoo.documents;
create statistics zoo.of_several (ndistinct, dependencies, mcv)
    on id, (lower(body)), (facts -> 'n') from zoo.documents;
-- kind: view with SEARCH and CYCLE
create view zoo.searched as
    with recursive down (id, parent_id) as (
        select id, parent_id from zoo.tree where parent_id is null
        union all select t.id, t.parent_id from down d join zoo.tree t on t.parent_id = d.id
    ) search depth first by id set path cycle id set is_cycle using way
    select id, is_cycle from down;
-- kind: type with subscripts
create type zoo.indexed;
create function zoo.indexed_in(cstring, oid, integer) returns zoo.indexed
    language internal immutable strict as 'array_in';
create function zoo.indexed_out(zoo.indexed) returns cstring language internal immutable strict as 'array_out';
create function zoo.by_subscript(internal) returns internal
    language internal immutable strict as 'raw_array_subscript_handler';
create type zoo.indexed (
    input = zoo.indexed_in, output = zoo.indexed_out, internallength = variable, alignment = double,
    element = integer, subscript = zoo.by_subscript);
-- kind: subscription in the binary format
alter subscription zoo_hears set (binary = true);
-- kind: column compression with lz4
select 'lz4' = any (enumvals) as has_lz4 from pg_settings where name = 'default_toast_compression' \gset
\if :has_lz4
create table zoo.packed (body text compression lz4, other text compression pglz, plain text);
insert into zoo.packed select repeat('lz4 ', 4000), repeat('pglz ', 4000), 'x';
\endif
-- kind: view with a range aggregate
create view zoo.all_days as
    select range_agg(b) as days, unnest(range_agg(b)) as day from (select unnest(a) as b from zoo.multiranges) r;
-- kind: aggregate and operator of multiranges
create function zoo.touches(int4multirange, int4range) returns boolean
    language sql immutable return $1 -|- $2 or $2 <@ $1;
create operator zoo.~|~ (leftarg = int4multirange, rightarg = int4range, function = zoo.touches);
