-- Every kind of object that pg_dump knows, with names and rows that are hard to carry. For `psql -f`.
-- Each kind has a line "-- kind: NAME" in zoo/; tests count them.
--
-- What is not here because plain pg_dump and psql do not bring it back to an identical dump:
--   - a child table whose columns stand in another order than its parents' (pg_dump puts inherited
--     columns first); a partition's columns keep their order
--   - objects that ALTER EXTENSION … ADD made members of an extension (pg_dump leaves them out)
--   - a language whose handlers belong to an extension (pg_dump leaves its handlers out)
--   - CYCLE … TO 'Y' DEFAULT 'N' (pg_dump writes 'Y'::text, which is a syntax error up to 15 at least)
--   - a subscription whose name cannot be a slot's too, and no slot_name (pg_dump makes it the slot's)
--   - a NOT NULL column whose constraint PostgreSQL names, if a table LIKE its own comes before it in the dump:
--     the name is taken then, and gets a number (18)
--   - an exclusion constraint on a partitioned table that has partitions (17.10 and 18.4 refuse to attach
--     its indexes again: "The index definitions do not match")
--   - security labels: no provider comes with PostgreSQL
\set ON_ERROR_STOP on
\encoding UTF8
set client_min_messages = error;

select current_setting('server_version_num')::integer >= 140000 as has_14,
       current_setting('server_version_num')::integer >= 150000 as has_15,
       current_setting('server_version_num')::integer >= 160000 as has_16,
       current_setting('server_version_num')::integer >= 170000 as has_17,
       current_setting('server_version_num')::integer >= 180000 as has_18,
       exists (select from pg_collation where collprovider = 'i') as has_icu,
       (select count(*) = 9 from pg_available_extensions
        where name in ('btree_gist', 'citext', 'file_fdw', 'hstore', 'ltree', 'pg_trgm', 'postgres_fdw',
                       'tablefunc', 'unaccent')) as has_contrib \gset

-- Roles belong to the server, which tests share and load this into at the same time.
do $$
declare role_name text;
begin
    foreach role_name in array array['zoo_owner', 'zoo_reader', 'zoo "Rôle"; --'] loop
        begin
            execute format('create role %I', role_name);
        exception when duplicate_object or unique_violation then null;
        end;
    end loop;
end
$$;

\ir zoo/types.sql
begin; -- apart: a new value of an enum can only be used in another transaction
\ir zoo/functions.sql
\ir zoo/operators.sql
\ir zoo/tables.sql
\ir zoo/rows.sql
\ir zoo/names.sql
\ir zoo/partitions.sql
\ir zoo/constraints.sql
\ir zoo/indexes.sql
\ir zoo/views.sql
\ir zoo/triggers.sql
\ir zoo/elsewhere.sql
\if :has_contrib
\ir zoo/extensions.sql
\endif
\if :has_14
\ir zoo/since_14.sql
\endif
\if :has_15
\ir zoo/since_15.sql
\endif
\if :has_16
\ir zoo/since_16.sql
\endif
\if :has_17
\ir zoo/since_17.sql
\endif
\if :has_18
\ir zoo/since_18.sql
\endif
\ir zoo/privileges.sql
\ir zoo/comments.sql
commit;
