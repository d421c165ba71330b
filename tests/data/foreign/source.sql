-- The small database that every file here is a dump of. For psql.
-- Nothing in it is younger than PostgreSQL 9.0; bigserial, because sequences had no types before 10.
\set ON_ERROR_STOP on
\encoding UTF8
set client_min_messages = error;
begin;
create type order_state as enum ('open', 'it''s paid', 'back\slash');
create table customers (
    id bigserial primary key,
    name character varying(60) not null unique,
    note text default 'none\; --',
    joined date
);
create table products (
    id integer primary key,
    name text not null,
    price numeric(10, 2) constraint "not ""free""" check (price > 0)
);
create table orders (
    id bigserial primary key,
    customer_id bigint not null references customers on delete cascade,
    state order_state not null default 'open',
    ordered_at timestamp without time zone
);
create table order_lines (
    order_id bigint not null references orders,
    line integer not null,
    product_id integer references products,
    quantity integer default 1 not null,
    primary key (order_id, line)
);
create index orders_by_customer on orders using btree (customer_id, ordered_at desc);

create function order_total(wanted bigint) returns numeric
    language plpgsql stable
    as $_$
begin
    -- COPY orders (id) FROM stdin; it's "quoted" \ and; $$
    return (select sum(l.quantity * p.price) from public.order_lines l
            join public.products p on p.id = l.product_id where l.order_id = $1);
end;
$_$;
create schema reports;
create view reports.totals as
    select c.name, count(*) as orders, sum(public.order_total(o.id)) as total
    from public.customers c join public.orders o on o.customer_id = c.id
    group by c.name;

insert into customers (name, note, joined) values
    ('Ada', null, '1815-12-10'), ('Größe', E'tab\tnewline\nback\\slash', '2026-02-28'),
    (E'\\.', E'\\N', null), ('it''s ; --', '', 'infinity'), ('-- PostgreSQL database dump complete', default, null),
    ('gone', '', null);
delete from customers where name = 'gone';
insert into products values (1, 'lamp', 12.50), (2, E'chair\r\n', 99.99), (3, 'vase "x"', null);
insert into orders (customer_id, state, ordered_at) values
    (1, 'open', '2026-01-02 03:04:05'), (1, 'it''s paid', null), (2, 'back\slash', '-infinity');
insert into order_lines values (1, 1, 1, 2), (1, 2, 2, default), (2, 1, null, 7), (3, 1, 2, -1);

select lo_from_bytea(60001, '\x00ff5c2e0a27'), lo_from_bytea(60002, '');
comment on large object 60001 is E'it''s a\\large; "object"';
comment on table customers is E'it''s a\\comment;\n-- PostgreSQL database dump complete';
comment on view reports.totals is '/* open';
grant select on table products to public;
grant usage on schema reports to public;
commit;
