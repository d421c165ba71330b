-- Views and materialized views.

-- kind: view with a security barrier and a check option
create view zoo.heavy with (security_barrier) as
    select id, "Name" from zoo.beasts where weight > 0 with local check option;
create view zoo.heavier as select * from zoo.heavy where id > 0 with cascaded check option;
-- kind: view that needs a primary key
create view zoo.by_key as select id, "Name", count(*) from zoo.beasts group by id;
-- kind: recursive view
create recursive view zoo.up (id, depth) as
    select id, 1 from zoo.tree where parent_id is null
    union all select t.id, depth + 1 from zoo.tree t join up u on t.parent_id = u.id;
-- kind: view with defaults and another owner
create view zoo.with_defaults as select id, "Name" as "It's named; --", null::integer as extra from zoo.beasts;
alter view zoo.with_defaults alter column extra set default 7;
alter view zoo.with_defaults owner to zoo_owner;
-- kind: circular views
create view zoo.circle_1 as select 1 as a, 'x'::text collate "C" as "b ""c""";
create view zoo.circle_2 as select * from zoo.circle_1;
create or replace view zoo.circle_1 as select a, "b ""c""" from zoo.circle_2;
-- kind: view and function that need each other
create view zoo.asks as select 1 as a;
create function zoo.answers(zoo.asks) returns integer language sql as 'select $1.a';
create or replace view zoo.asks as select 1 as a, zoo.answers(null::zoo.asks) as b;
-- kind: view without columns
create view zoo.blind as select;
-- kind: view of everything that SQL can say
create view zoo.rich as
    with recursive numbers (n) as (values (1) union all select n + 1 from numbers where n < 5),
         several as materialized (select n, E'\\.\n' || n as "A b" from numbers)
    select s.n, s."A b", sum(s.n) over w as total,
           rank() over (w rows between 1 preceding and current row exclude ties) as place,
           array_agg(s.n) filter (where s.n > 2) over () as "array", (select max(at) from zoo.log) as latest,
           case when s.n = 1 then 'one' when s.n in (2, 3) then null else $$it's; \ "$$ end as word,
           operator(zoo.@#@) s.n as absolute, row(s.n, 'x')::text collate "C" as "row",
           xmlelement(name "a b", n) as x,
           n::zoo.positive as checked, interval '1 day' * n as days, (array[1, 2, 3])[1:2] as slice
    from several s cross join lateral (values ('a'), ('b')) v (letter)
    left join zoo.typed t on t.x = s.n, unnest(array[1]) with ordinality u (one, "no")
    where exists (select from zoo.no_columns) and n between symmetric 5 and 1
    window w as (partition by letter order by n desc nulls last)
    order by 1 limit 10 offset 0;
create view zoo.grouped as select region, at, grouping(region, at), count(distinct message)
    from zoo.log tablesample bernoulli (50) repeatable (1) group by grouping sets ((region), rollup (at), ());
-- kind: view whose base's columns were renamed
create table zoo.renamed (a integer, b integer);
create view zoo.of_renamed as select * from zoo.renamed natural join (select 1 as a) one;
alter table zoo.renamed rename b to "B 2";

-- kind: materialized view
create materialized view zoo.counts as select region, count(*) as n from zoo.log group by region order by region;
create unique index on zoo.counts (region);
-- kind: materialized view of a materialized view
create materialized view zoo.counts_of_counts with (fillfactor = 80) as select max(n) as most from zoo.counts;
create materialized view zoo.a_before_its_source as select most + 1 as more from zoo.counts_of_counts;
-- kind: materialized view not filled
create materialized view zoo.not_filled as select 1 as a with no data;
create materialized view zoo.over_not_filled as
    select 1 as b where not exists (select from zoo.no_partitions) with no data;
-- kind: materialized view of another access method and owner
create materialized view zoo.in_zoo_heap using zoo_heap as select a from zoo.other_method;
-- kind: materialized view that needs a primary key
create materialized view zoo.filled_by_key as select id, "Name", count(*) from zoo.beasts group by id order by id;
alter materialized view zoo.filled_by_key alter column "Name" set statistics 55;
create index filled_by_key_id on zoo.filled_by_key (id);
alter materialized view zoo.filled_by_key cluster on filled_by_key_id;
