-- The benchmark's database: five tables of about equal size, some 90 MB of plain SQL each.
-- Variables: :factor scales the rows (1 makes about 450 MB of plain SQL), :part (prose, events,
-- payments, files or accounts) says which table this session fills, so that several sessions can
-- share the work. Same seed, same data.
\set ON_ERROR_STOP on
set max_parallel_workers_per_gather = 0; -- random() repeats only within one process
set work_mem = '256MB';
select setseed(0.2026) \g /dev/null

select :'part' = 'prose' as is_prose, :'part' = 'events' as is_events, :'part' = 'payments' as is_payments,
       :'part' = 'files' as is_files, :'part' = 'accounts' as is_accounts \gset

\if :is_prose
-- Prose: words of 2 to 9 letters drawn by rank as in natural text (the n-th most frequent one n
-- times rarer than the first), with sentences and paragraphs, so that it compresses like text and
-- no sentence repeats.
create temp table words as
select array_agg(word order by rank) as list
from (select rank, string_agg((array['ba','ke','ti','lo','su','an','er','in','or','ut','sh','th','ra','ne','mi','do',
                                     'cu','al','en','ist','on','ub','st','ch','ma','pe','ri','to','lu','ar','es','ing'])
                              [1 + get_byte(decode(md5(rank::text), 'hex'), part) % 32], '') as word
      from generate_series(1, 2000) rank, generate_series(0, 3) part
      where part <= (rank % 3) + (rank > 60)::int
      group by rank) made;
create table articles (
    id bigint primary key, author uuid not null, title text not null, body text not null,
    published_at timestamptz not null
);
select set_config('bench.articles', ((88000 * :factor)::bigint)::text, false) \g /dev/null
do $$
declare
    list text[] := (select list from words); -- a variable, for a subscript costs nothing only in here
begin
    for id in 1 .. current_setting('bench.articles')::bigint loop
        insert into articles
        select id, md5('author ' || id % 5000)::uuid,
               initcap(list[id % 1999 + 1] || ' ' || list[id * 7 % 1999 + 1] || ' ' || list[id * 13 % 1999 + 1]),
               string_agg(list[exp(random() * 7.6)::int + 1]
                          || case when n % 71 = 0 then E'.\n\n' when n % 11 = 0 then '. '
                                  when n % 6 = 0 then ', ' else ' ' end, ''),
               timestamptz '2020-01-01 00:00:00+00' + id * interval '17 minutes 3.25 seconds'
        from generate_series(1, 60 + id * 37 % 170) n;
    end loop;
end $$;
\endif

\if :is_events
create table events (
    id bigint primary key, happened_at timestamptz not null, session uuid not null, payload jsonb not null
);
insert into events
select id, timestamptz '2025-01-01 00:00:00+00' + id * interval '1.731 seconds', md5('session ' || id / 9)::uuid,
       jsonb_build_object(
           'type', (array['view', 'view', 'view', 'click', 'search', 'cart', 'checkout'])[1 + floor(random() * 7)],
           'user', jsonb_build_object('id', floor(random() * 90000), 'plan', (array['free', 'pro', 'team'])[1 + id % 3]),
           'path', '/products/' || floor(random() * 4000) || '/reviews',
           'ms', round((random() * 900)::numeric, 2),
           'agent', (array['Firefox/128.0', 'Chrome/126.0', 'Safari/17.5', 'curl/8.8.0'])[1 + id % 4],
           'tags', jsonb_build_array(substr(md5(id::text), 1, 6), substr(md5(id::text), 7, 5), id % 2 = 0),
           'trace', md5('trace ' || id))
from generate_series(1, (320000 * :factor)::bigint) id;
\endif

\if :is_payments
create table payments (
    id bigint primary key, account bigint not null, amount numeric(14, 2) not null, fee numeric(10, 4) not null,
    rate numeric, currency char(3) not null, booked_at timestamp not null, settled boolean, reference text
);
insert into payments
select id, floor(random() * 200000), round((random() * 20000)::numeric, 2), round((random() * 12)::numeric, 4),
       case when id % 5 > 0 then round((0.5 + random())::numeric, 6) end,
       (array['EUR', 'EUR', 'USD', 'GBP', 'PLN'])[1 + id % 5],
       timestamp '2023-06-01' + id * interval '41.07 seconds', id % 4 <> 0,
       case when id % 3 = 0 then 'INV-' || lpad((id * 7919 % 10000000)::text, 7, '0') end
from generate_series(1, (1250000 * :factor)::bigint) id;
\endif

\if :is_files
-- Bytes: three of four files hold noise, like images and archives; the fourth compresses well.
create table files (
    id bigint primary key, name text not null, sha256 bytea not null, content bytea not null
);
insert into files
select id, 'upload-' || id || (array['.png', '.zip', '.pdf', '.bmp'])[1 + id % 4], sha256(convert_to(id::text, 'UTF8')), content
from generate_series(1, (28000 * :factor)::bigint) id,
     lateral (select decode(case when id % 4 = 3 then repeat(md5(id::text), 60 + id::int % 80)
                                 else string_agg(md5(id || ' ' || n), '') end, 'hex') as content
              from generate_series(1, 50 + id::int * 13 % 90) n) bytes_of;
\endif

\if :is_accounts
create table accounts (
    id uuid primary key, parent uuid, email text not null, country char(2) not null,
    balance numeric(14, 2) not null, created_at timestamptz not null, closed_at timestamptz
);
insert into accounts
select md5('account ' || id)::uuid, case when id % 3 = 0 then md5('account ' || id / 3)::uuid end,
       'user' || id || '@mail' || id % 40 || '.example.com', (array['DE', 'FR', 'PT', 'PL', 'SE', 'IE'])[1 + id % 6],
       round((random() * 90000)::numeric, 2), timestamptz '2019-01-01 00:00:00+00' + id * interval '11.19 minutes',
       case when id % 17 = 0 then timestamptz '2026-01-01 00:00:00+00' + id * interval '1 second' end
from generate_series(1, (730000 * :factor)::bigint) id;
\endif
