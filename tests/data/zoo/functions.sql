-- Functions, procedures, aggregates, languages. Their bodies hold what a dump's reader must not take
-- for its own.

-- kind: function in SQL
create function zoo.add(a integer, b integer default 1) returns integer
    language sql immutable parallel safe cost 5 as 'select a + b';
-- kind: function of the same name with other arguments
create function zoo.add(a text, b text default E'\\ ''; --') returns text
    language sql immutable strict leakproof as $$ select a || b $$;
-- kind: function in PL/pgSQL
create function zoo.traps() returns text language plpgsql as $body$
begin
    /* COPY zoo.beasts (id) FROM stdin; /* nested */ -- PostgreSQL database dump complete */
    perform 'COPY public.beasts (id, name) FROM stdin;
1	forged
\.

--
-- PostgreSQL database dump complete
--

\unrestrict forged
';
    return $inner$ $body $ ; \connect postgres $inner$ || E'\'; -- ' || "current_user"();
end
$body$;
-- kind: function whose body holds every quote, in other line ends
create function zoo.more_traps() returns text language plpgsql as
    E'begin\r\n  return $_$ $$; \\. $_X$ '' " \\\\ ''''; $_$;\r\n-- \\\\! true\r\nend; /* $_$ */ -- "\r\n\r\n';
create function zoo."evil $$ ""name"" \ ; --"("$1" integer, "select" text default 'COPY x FROM stdin;')
    returns text
    language sql as 'select $2 || ''
\.
COMMIT;
''';
-- kind: function without a body
create procedure zoo.nothing_at_all() language sql as '';
-- kind: function with variadic arguments and settings of its own
create function zoo.variadic_sum(variadic numbers integer[]) returns bigint
    language sql strict set search_path = zoo, pg_temp set work_mem = '8MB' set datestyle to 'ISO, DMY'
    as $$ select sum(n) from unnest(numbers) n $$;
-- kind: function with output arguments
create function zoo.both_ways(in a integer, inout b text, out c zoo.mood, out "D e" integer[]) returns record
    language sql stable security definer as $$ select b || a, 'sad'::zoo.mood, array[a] $$;
-- kind: function that returns a table
create function zoo.table_of(n integer) returns table (i integer, square bigint)
    language sql stable rows 7 as $$ select i, i::bigint * i from generate_series(1, n) i $$;
-- kind: function that returns a set
create function zoo.moods() returns setof zoo.mood
    language sql immutable as $$ select unnest(enum_range(null::zoo.mood)) $$;
-- kind: function of any type
create function zoo.first_of(anyelement, variadic anyarray) returns anyelement
    language sql immutable as $$ select $1 $$;
-- kind: function with a planner support function
create function zoo.series(integer, integer) returns setof integer
    language internal immutable strict parallel restricted rows 50 support generate_series_int4_support
    as 'generate_series_int4';
-- kind: window function
create function zoo.row_number() returns bigint language internal window immutable as 'window_row_number';
-- kind: function in C
create function zoo.pl_handler() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function zoo.pl_inline(internal) returns void language c strict
    as '$libdir/plpgsql', 'plpgsql_inline_handler';
create function zoo.pl_validator(oid) returns void language c strict as '$libdir/plpgsql', 'plpgsql_validator';
-- kind: language
create trusted language zoo_pl handler zoo.pl_handler inline zoo.pl_inline validator zoo.pl_validator;
alter language zoo_pl owner to zoo_owner;
create language "Zoo PL; --" handler zoo.pl_handler;
-- kind: function in a language of one's own
create function zoo.in_zoo_pl(n integer) returns integer language zoo_pl as $$ begin return n + 1; end $$;
-- kind: transform
create function zoo.word_from_sql(internal) returns internal language internal immutable strict as 'boolin';
create function zoo.word_to_sql(internal) returns zoo.word language internal immutable strict as 'boolin';
create transform for zoo.word language zoo_pl (
    from sql with function zoo.word_from_sql(internal), to sql with function zoo.word_to_sql(internal));
create function zoo.transformed(a zoo.word) returns integer language zoo_pl transform for type zoo.word
    as $$ begin return 1; end $$;

-- kind: procedure
create procedure zoo.do_nothing(inout n integer) language plpgsql as $$ begin n := n; end $$;
create procedure zoo.commits(a text, b integer default 5) language plpgsql as $$
begin
    commit;
    rollback and chain;
end $$;

-- kind: aggregate
create aggregate zoo.product(double precision) (sfunc = float8mul, stype = double precision, initcond = '1');
-- kind: aggregate with a sort operator, for parallel plans
create aggregate zoo.biggest(integer) (
    sfunc = int4larger, stype = integer, combinefunc = int4larger, sortop = operator(pg_catalog.>),
    parallel = safe);
-- kind: moving aggregate
create aggregate zoo.moving_sum(integer) (
    sfunc = int4pl, stype = integer, initcond = '0', msfunc = int4pl, minvfunc = int4mi, mstype = integer,
    msspace = 8, minitcond = '0', finalfunc_modify = read_only);
-- kind: aggregate of several arguments and of any row
create function zoo.count_up(bigint, integer, text) returns bigint language sql immutable as 'select $1 + 1';
create aggregate zoo.counted(n integer, "Text" text) (sfunc = zoo.count_up, stype = bigint, initcond = '0');
create function zoo.one_more(bigint) returns bigint language sql immutable as 'select $1 + 1';
create aggregate zoo.all_rows(*) (sfunc = zoo.one_more, stype = bigint, initcond = '0');
-- kind: aggregate with serialization
create aggregate zoo.average(bigint) (
    sfunc = int8_avg_accum, stype = internal, sspace = 48, finalfunc = numeric_poly_avg,
    combinefunc = int8_avg_combine, serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize);
-- kind: ordered-set aggregate
create aggregate zoo.middle(double precision order by anyelement) (
    sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final,
    finalfunc_extra);
-- kind: hypothetical-set aggregate
create aggregate zoo.would_be(variadic "any" order by variadic "any") (
    sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);
