-- Extensions, and what is made with their members.

-- kind: extension in public
create extension citext schema public;
-- kind: extension in a schema of its own
create schema "Zoo ext";
create extension hstore schema "Zoo ext";
create extension pg_trgm schema "Zoo ext";
create extension btree_gist schema "Zoo ext";
create extension tablefunc schema zoo;
create extension ltree;
create extension unaccent schema "Zoo ext";
-- kind: extension in a schema named by a newline
create extension file_fdw schema U&"new\000Aline\001B[31m";
create extension postgres_fdw;

-- kind: columns and defaults of an extension's types
create table zoo.with_extensions (
    name public.citext primary key, facts "Zoo ext".hstore default 'a=>1', path public.ltree, names public.citext[]
);
insert into zoo.with_extensions values
    ('Ada', E'"a b"=>"\\"\\\\;", c=>NULL', 'top.middle', '{a,B}'), ('bea', default, '', null);
-- kind: index of an extension's operator class
create index on zoo.with_extensions using gin ((name::text) "Zoo ext".gin_trgm_ops);
create index on zoo.with_extensions using gist (path public.gist_ltree_ops (siglen = 64));
create index on zoo.with_extensions using gin (facts "Zoo ext".gin_hstore_ops);
-- kind: exclusion constraint of an extension's operators
create table zoo.lessons (
    teacher integer, during tsrange, exclude using gist (teacher with =, during with &&));
insert into zoo.lessons values (1, '[2026-01-01,2026-01-02)'), (2, '[2026-01-01,2026-01-02)');
-- kind: domain, function and view of an extension's type
create domain zoo.mail as public.citext check (value ~ '@');
create function zoo.plain_letters(text) returns text language sql immutable
    as $$ select "Zoo ext".unaccent('"Zoo ext".unaccent', $1) $$;
create view zoo.of_facts as select name, facts operator("Zoo ext".->) 'a' as a,
        path operator(public.@>) 'top' as top
    from zoo.with_extensions where name operator(public.=) 'ADA';
-- kind: aggregate over an extension's type
create aggregate zoo.together("Zoo ext".hstore) (
    sfunc = "Zoo ext".hs_concat, stype = "Zoo ext".hstore, initcond = '');
-- kind: text search configuration with an extension's dictionary
create text search configuration zoo.no_accents (copy = simple);
alter text search configuration zoo.no_accents alter mapping for hword, word with "Zoo ext".unaccent, simple;
-- kind: changed privileges of an extension's members
revoke execute on function "Zoo ext".similarity(text, text) from public;
grant execute on function "Zoo ext".similarity(text, text) to zoo_reader;
-- kind: foreign table of an extension's wrapper
create server files foreign data wrapper file_fdw;
create foreign table zoo.in_a_file (line text) server files options (filename '/etc/hostname', format 'text');
create server others foreign data wrapper postgres_fdw options (host '/nowhere', dbname E'it''s', fetch_size '7');
create user mapping for current_user server others options (user 'u', password 'p''w');
create foreign table zoo.there (id integer options (column_name 'ID'), name text)
    server others options (schema_name 'a b', table_name 'c"d', use_remote_estimate 'false');
comment on extension ltree is E'changed: it''s \\ "ltree"';
