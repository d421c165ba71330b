-- What PostgreSQL does not write back as it read it: restored, and dumped again, this says the same
-- in other words (seen with 15). The second dump is like the third.

-- Arrays that are cast, IN lists of varchar first of all, wherever an expression can stand.
create domain code as varchar(10) check (value in ('a', 'b'));
create table codes (
    id integer,
    status varchar(20) check (status in ('a', 'b')),
    code char(3) check (code = any (array['x', 'y']::varchar[])),
    amount numeric(5, 1) check (amount not in (1, 2) and amount > -1),
    word text check (word = any (array['a', 'b']::char(2)[])),
    label text default case when 'a'::varchar in ('a', 'b') then 'x' end,
    is_a boolean generated always as (status in ('a', 'b')) stored,
    tags text[] default array['a', 'b']::varchar[]
);
alter table codes add constraint codes_both check (status in ('a', 'b') and code in ('x', 'y') or not (status in ('c', 'd')));
create index codes_partial on codes (lower(status), (id + 1)) where status not in ('a', 'b') and amount <> all (array[1, 2]);
create view codes_seen (key, state) as
select id, case when status in ('a', 'b') then status else 'z' end
from codes where status = any (array['a', 'b']) or exists (select 1 from codes where status in ('c', 'd'));
create materialized view codes_counted as select status, count(*) from codes where status in ('a', 'b') group by 1;
create view arrays as
select 'a'::varchar = any (array['x']::text[] || array['a'::varchar]) as a, array[array['a'::varchar, 'b'], array['c', 'd']]::text[] as b,
       array[1, 2]::numeric[] as c, (array[1, 2]::bigint[])[1:2] as d, array[null]::text[] as e, array[x, y]::text[] as f
from (select 'a'::varchar, 'b'::varchar) s(x, y);
create view chains as
select e.x from (values ('a'::varchar)) e(x)
where e.x in ('a', e.x, lower(e.x), e.x || 'b', case when e.x = 'z' then 'y' end, (select 'b'::varchar), null)
  and e.x not in ('c', e.x, upper(e.x));
create view pairs as select id from codes where (id, label) in (select 1, 'x');
create policy codes_policy on codes using (status in ('a', 'b')) with check (code in ('x', 'y'));
create function codes_changed() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger codes_trigger before update of status on codes for each row
    when (new.status in ('a', 'b') and old.status is distinct from new.status) execute function codes_changed('a', 'b');
create rule codes_rule as on update to codes_seen where new.state in ('a', 'b')
    do instead (update codes set status = new.state where id = old.key and status in ('c', 'd'); delete from codes where code in ('x', 'y'));
create function codes_like(a varchar default 'abc') returns setof codes language sql
begin atomic
    select * from codes where codes.status in (a, 'b');
    insert into codes (id, status) values (1, case when a in ('a', 'b') then a end) returning *;
end;
create function is_code(a varchar(3)) returns boolean return a in ('a', 'b');
create table ranges (v varchar(5), r int4range, exclude using gist (r with &&) where (v in ('a', 'b') or v is null));

-- Inherited columns come first, in the order in which the parent has them.
create table parents (a integer, b varchar(3) check (b in ('x', 'y')), c text default 'p');
create table children (q integer, c text default 'q', b varchar(3), a integer, constraint parents_b_check check (b in ('x', 'y')));
alter table children inherit parents;
create statistics children_q_a on q, a from children;
create index children_index on children (q, a);
create publication children_published for table children (q, a, b) where (a in (1, 2));
grant select (q, a), update (b) on children to public;
comment on column children.a is 'inherited';
create table grandchildren (e date) inherits (children);
alter table parents add column late timestamp(2) default now();
insert into children values (1, 'one', 'x', 10, null), (2, 'tab	and \ backslash', 'y', 20, '2020-01-02 03:04:05.67');
insert into children values (3, null, null, null, null);
