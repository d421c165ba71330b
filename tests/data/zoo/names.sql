-- Names that fight back.

-- kind: name with quotes, backslashes and semicolons
create table "Zoo ""2"""."it's ""quoted"" \ and; -- spaced" ("a ""b"" \c" integer, "COPY" text);
insert into "Zoo ""2"""."it's ""quoted"" \ and; -- spaced" values (1, 'x'), (2, 'y');
-- kind: name with control characters
create table U&"new\000Aline\001B[31m".U&"tab\0009le\000A\\.\000A-- PostgreSQL database dump complete\000A" (
    a integer);
insert into U&"new\000Aline\001B[31m".U&"tab\0009le\000A\\.\000A-- PostgreSQL database dump complete\000A"
    values (1);
create view U&"new\000Aline\001B[31m".U&"view\000A\\connect postgres\000D\000A" as select 1 as U&"a\000Ab";
-- kind: name in Unicode
create table "Ünïcödé 名前"."テーブル" ("列" text);
insert into "Ünïcödé 名前"."テーブル" values ('行'), ('🦒');
-- kind: name that looks like SQL
create table "Zoo ""2"""."COPY x FROM stdin;" (a integer);
insert into "Zoo ""2"""."COPY x FROM stdin;" select generate_series(1, 3);
-- kind: name that looks like a dollar quote
create table zoo."$body$" ("$1" integer);
insert into zoo."$body$" values (1);
-- kind: name that is a reserved word
create table zoo."table" ("select" integer, "user" text default 'x', "from" text, "order" integer[],
    constraint "primary" primary key ("select"), constraint "check" check ("from" <> 'where'));
create index "where" on zoo."table" ("order");
insert into zoo."table" values (1, 'user', 'from', '{1}');
-- kind: name of 63 bytes
create table zoo.n23456789_123456789_123456789_123456789_123456789_123456789_123 (
    c23456789_123456789_123456789_123456789_123456789_123456789_123 serial primary key);
create index i23456789_123456789_123456789_123456789_123456789_123456789_123
    on zoo.n23456789_123456789_123456789_123456789_123456789_123456789_123
    (c23456789_123456789_123456789_123456789_123456789_123456789_123);
create table zoo."ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜx" (a integer);
-- kind: name that looks temporary or internal
create table zoo.pg_temp_3 (tableoid_ integer);
create table zoo.pg_toast_1234 (a integer);
create table public."TEMPORARY" (a integer);
insert into public."TEMPORARY" values (1);
-- kind: names of one character
do $names$
declare n text;
begin
    foreach n in array array['"', '''', '\', ' ', '.', '$', ';', '%', '*', '?', '-', '/', '(', ',', '=', '#', '0', '_',
                             'ß', '🦓', E'\n', E'\t', E'\x7f', '\.', '--', '/*', '*/', '$$', '%s', '${HOME}', '`id`',
                             'a.b', '"a"."b"', ' a', 'a ', 'NULL', '-t', '\q', 'E''', ':name', ':''name''', '@@'] loop
        execute format('create table "Zoo ""2""".%I (%I text default %L, constraint %I unique (%I))',
                       n, n, n, n || '!', n);
        execute format('insert into "Zoo ""2""".%I values (%L)', n, n);
        execute format('comment on column "Zoo ""2""".%I.%I is %L', n, n, n);
    end loop;
end
$names$;
