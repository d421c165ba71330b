-- The demo's database: a small shop, the same on every run.
\set ON_ERROR_STOP on
begin;
select setseed(0.2026);

create type order_status as enum ('open', 'paid', 'sent', 'returned');

create table customers (
    id bigint generated always as identity primary key,
    name text not null,
    email text not null unique,
    city text not null,
    joined_at timestamptz not null
);
create table products (
    id bigint generated always as identity primary key,
    sku text not null unique,
    name text not null,
    price numeric(10, 2) not null check (price > 0),
    details jsonb not null
);
create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers,
    status order_status not null,
    ordered_at timestamptz not null
);
create table order_lines (
    order_id bigint not null references orders,
    line int not null,
    product_id bigint not null references products,
    quantity int not null check (quantity > 0),
    unit_price numeric(10, 2) not null,
    primary key (order_id, line)
);

insert into customers (name, email, city, joined_at)
select first || ' ' || last,
       lower(first || '.' || last || n || '@example.com'),
       (array['Lisbon', 'Leipzig', 'Lyon', 'Kraków', 'Gävle', 'Galway', 'Graz', 'Ghent'])[1 + floor(random() * 8)],
       timestamptz '2024-01-01 00:00:00+00' + n * interval '7 hours'
from generate_series(1, 2500) n,
     lateral (select (array['Ada', 'Amir', 'Bea', 'Chen', 'Dora', 'Emil', 'Fatou', 'Goran', 'Ines', 'Jonas',
                            'Kaia', 'Luca', 'Mina', 'Noor', 'Otto', 'Priya'])[1 + floor(random() * 16 + n * 0)] as first,
                     (array['Almeida', 'Berg', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'Garcia', 'Horvat',
                            'Ivanova', 'Jansen', 'Kowalski', 'Lindqvist'])[1 + floor(random() * 12 + n * 0)] as last) names;

insert into products (sku, name, price, details)
select 'SKU-' || lpad(n::text, 5, '0'),
       initcap((array['walnut', 'oak', 'brass', 'linen', 'wool', 'glass', 'cork'])[1 + n % 7] || ' ' ||
               (array['lamp', 'chair', 'bowl', 'clock', 'shelf', 'rug', 'mirror', 'vase', 'tray'])[1 + n % 9]),
       round((5 + random() * 295)::numeric, 2),
       jsonb_build_object('weight_g', 100 + n * 37 % 4900, 'in_stock', n % 11 <> 0,
                          'tags', jsonb_build_array('home', case when n % 2 = 0 then 'new' else 'classic' end))
from generate_series(1, 400) n;

insert into orders (customer_id, status, ordered_at)
select 1 + floor(random() * 2500),
       (array['open', 'paid', 'sent', 'sent', 'sent', 'returned'])[1 + floor(random() * 6)]::order_status,
       timestamptz '2026-01-01 00:00:00+00' + n * interval '15 minutes'
from generate_series(1, 20000) n;

insert into order_lines
select o.id, l, p.id, 1 + (o.id * l) % 4, p.price
from orders o
cross join generate_series(1, 1 + o.id::int % 4) l
join products p on p.id = 1 + (o.id * 31 + l * 17) % 400;

create index on orders (customer_id, ordered_at);
create index on order_lines (product_id);

create view revenue_by_month as
select date_trunc('month', ordered_at) as month, sum(quantity * unit_price) as revenue
from orders
join order_lines on order_id = id
where status <> 'returned'
group by 1;

select current_setting('server_version_num')::integer >= 140000 as has_sql_bodies \gset
\if :has_sql_bodies
create function order_total(wanted bigint) returns numeric
language sql stable
begin atomic
    select sum(quantity * unit_price) from order_lines where order_id = wanted;
end;
\else
create function order_total(wanted bigint) returns numeric
language sql stable
as 'select sum(quantity * unit_price) from order_lines where order_id = wanted';
\endif
commit;
