-- Indexes, statistics, replica identity, cluster.

-- kind: partial index on an expression with included columns
create index beasts_lower on zoo.beasts (lower("Name") text_pattern_ops desc nulls last) include (code)
    where mood is not null;
-- kind: unique index with an operator class
create unique index beasts_code on zoo.beasts (code zoo.backwards, id);
-- kind: index with other orders of nulls
create index on zoo.beasts (code desc, id asc nulls first);
-- kind: index with a collation
create index on zoo.beasts ("select" collate "POSIX", ("Name" || E'\\;''"') collate "C");
-- kind: hash index
create index on zoo.beasts using hash ("Name") with (fillfactor = 90);
-- kind: GIN index
create table zoo.documents (
    id integer primary key, body text, words tsvector, facts jsonb, place point, tags text[], net inet);
insert into zoo.documents select n, 'text ' || n, to_tsvector('simple', 'text ' || n), jsonb_build_object('n', n),
    point(n, -n), array['t' || n], ('10.0.0.' || n)::inet from generate_series(1, 20) n;
create index on zoo.documents using gin (tags, to_tsvector('zoo.words', body)) with (fastupdate = off);
create index on zoo.documents using gin (facts jsonb_path_ops);
-- kind: GiST index with operator class parameters
create index on zoo.documents using gist (words tsvector_ops (siglen = 100)) with (buffering = off);
create index on zoo.documents using gist (place zoo.points);
-- kind: SP-GiST index
create index on zoo.documents using spgist (net inet_ops);
-- kind: BRIN index
create index on zoo.documents using brin (id) with (pages_per_range = 16, autosummarize = on);
-- kind: index of another access method
create index in_zoo_hash on zoo.documents using "Zoo Hash" (id);
-- kind: index column statistics
create index documents_length on zoo.documents ((length(body)), id);
alter index zoo.documents_length alter column 1 set statistics 321;
-- kind: statistics
create statistics zoo.log_facts (ndistinct, mcv) on region, message from zoo.log;
create statistics zoo."all of them; --" on id, body from zoo.documents;
alter statistics zoo."all of them; --" owner to zoo_owner;
-- kind: statistics with a target
create statistics zoo.dependent (dependencies) on id, net from zoo.documents;
alter statistics zoo.dependent set statistics 77;
-- kind: replica identity full
alter table zoo.hen replica identity full;
-- kind: replica identity of an index
create unique index tree_identity on zoo.keys (a, b);
alter table zoo.keys replica identity using index tree_identity;
-- kind: replica identity nothing
alter table zoo.wide replica identity nothing;
-- kind: table clustered on an index
alter table zoo.tree cluster on tree_pkey;
