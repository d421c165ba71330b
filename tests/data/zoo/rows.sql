-- Rows that are hard to carry.

-- kind: rows of every built-in type
create table zoo.values_of_all_types (
    a smallint, b numeric(40, 10), c real, d double precision, e money, f bytea, g timestamp, h timestamptz,
    i date, j time, k timetz, l interval, m boolean, n point, o polygon, p cidr, q inet, r macaddr8, s bit(5),
    t bit varying, u tsvector, v tsquery, w uuid, x xml, y json, z jsonb, aa integer[][], ab varchar(9),
    ac zoo.float_range, ad pg_lsn, ae "char", af char(5), ag jsonpath, ah regclass, ai name, aj oid,
    ak line, al lseg, am box, an path, ao circle, ap macaddr, aq bigint, ar xid8, as_ xid, at tid, au oidvector,
    av int2vector, aw regtype, ax regconfig, ay refcursor, az numeric, ba timestamp(0), bb interval year to month,
    bc txid_snapshot, bd int4range, be numrange[], bf text[], bg regrole, bh aclitem, bi tstzrange
);
insert into zoo.values_of_all_types values
    (-32768, 'NaN', 'Infinity', 1e-307, '$1.00', '\x00ff000a5c2e0a', 'infinity', '-infinity', '4714-11-24 BC',
     '24:00', '12:00+13:30', '-1 year 2 mons -3 days', true, '(1,2)', '((0,0),(1,1),(1,0))', '10.0.0.0/8',
     '::1', '08:00:2b:01:02:03:04:05', B'10101', B'1', 'a:1A b''c:2', 'a & !b',
     '6ecd8c99-4036-403d-bf84-cf8400f67836', '<a>&amp;</a>', E'{"a":\n [1, 2]}', '{"a": "\\u001b\n"}',
     '{{1,2},{3,NULL}}', '', '[1,2)', '16/B374D848', 'x', 'ab', '$.a[*]', 'zoo.beasts', 'a', 4294967295,
     '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '<(0,0),5>', '08:00:2b:01:02:03',
     -9223372036854775808, '18446744073709551615', '4294967295', '(4294967295,65535)', '1 2', '-1 2',
     'zoo.mood[]', 'zoo.words', 'cursor', '-0.000', '2026-02-03 04:05:06.7', '1-2', '10:20:10,14,15', '[1,5)',
     '{"[1.10,2)",empty,"(,)"}', '[-1:0]={a,"b,\"c\\"}', 'zoo_reader', 'zoo_reader=r*w/zoo_owner',
     '(,"2026-01-01 00:00:00+00"]'),
    (null, 1234567890123456789012345.0123456789, '1.1754944e-38', 'NaN', null, ''::bytea, null, null, 'infinity',
     '00:00', null, '0', false, null, null, null, null, null, null, B'', '', null, null, null, 'null', 'null',
     '{}', '''', 'empty', '0/0', '', '', null, null, '', 0, null, null, null, '((0,0),(1,1))', null, null, 0, '0',
     '0', null, '', '', '-', null, '', 1e100, '0001-01-01 BC', '178000000 years', null, 'empty', '{}',
     '{NULL,"NULL",""}', '-', null, null);
insert into zoo.values_of_all_types (f)
    select decode(string_agg(lpad(to_hex(n), 2, '0'), ''), 'hex') from generate_series(0, 255) n;
insert into zoo.values_of_all_types (d, c)
    values ('-0', '-0'), (1.7976931348623157e308, 3.4028235e38), (0.1, 0.1), ('5e-324', 'NaN'), (1e23, 16777216);

-- kind: arrays with bounds of their own
create table zoo.arrays (a integer[], b text[][], c zoo.mood[], d jsonb[], e bytea[]);
insert into zoo.arrays values
    ('[0:1][-1:0]={{1,2},{3,4}}', '{{"a b","\\."},{"{}",NULL}}', '{"happy \"very\"","back\\slash"}',
     array['{"a": [1]}', 'null']::jsonb[], array['\x5c2e'::bytea]),
    ('[-2147483648:-2147483647]={1,NULL}', '{{{{""}}}}', '{}', null, '{}');

-- kind: rows of several megabytes
create table zoo.huge (id integer, body text, raw bytea);
insert into zoo.huge
    select 1, string_agg(md5(n::text), E'\n\\.\n'), decode(string_agg(md5(n::text), ''), 'hex')
    from generate_series(1, 60000) n;

-- kind: rows that look like COPY's own words
create table zoo.lonely_text (line text);
insert into zoo.lonely_text values ('\.'), (''), (null), ('\N'), (E'\n'), (E'\\'), (E'\r\n'), ('\.'), ('\.');
-- kind: rows that look like psql's commands
create table zoo.commands (line text, "end" text);
insert into zoo.commands values
    ('\connect postgres', '\.'), ('\! true', E'\\.\r'), ('\q', '\\.'), ('COMMIT;', '$$'),
    ('DROP TABLE zoo.beasts;', '\N'),    ('\copy x from y', E'\\.\t'), (E'\\restrict x\n', E'\\\n'), ('COPY zoo.commands (line, "end") FROM stdin;', ''),
    (E'--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n', E'\u2028\ufeff');
-- kind: rows of one empty or NULL value
create table zoo.nearly_nothing (a text, b integer);
insert into zoo.nearly_nothing values ('', null), (null, null), (' ', 0), (E'\t', 1);
