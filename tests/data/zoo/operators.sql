-- Operators, their classes and families, casts, access methods, text search, conversions.

-- kind: operator
create function zoo.same(zoo.point3, zoo.point3) returns boolean
    language sql immutable as $$ select $1.x = $2.x and $1.y = $2.y $$;
create operator zoo.=== (leftarg = zoo.point3, rightarg = zoo.point3, function = zoo.same,
    commutator = operator(zoo.===));
-- kind: operator with a negator and estimators
create function zoo.differ(zoo.point3, zoo.point3) returns boolean
    language sql immutable as $$ select not zoo.same($1, $2) $$;
create operator zoo.!== (leftarg = zoo.point3, rightarg = zoo.point3, function = zoo.differ,
    commutator = operator(zoo.!==), negator = operator(zoo.===), restrict = neqsel, join = neqjoinsel);
-- kind: prefix operator
create function zoo.absolute(integer) returns integer language sql immutable as 'select abs($1)';
create operator zoo.@#@ (rightarg = integer, function = zoo.absolute);
-- kind: operator that hashes and merges
create function zoo.equal(zoo.word, zoo.word) returns boolean language internal immutable strict as 'texteq';
create function zoo.less(zoo.word, zoo.word) returns boolean language internal immutable strict as 'text_lt';
create function zoo.at_most(zoo.word, zoo.word) returns boolean language internal immutable strict as 'text_le';
create function zoo.more(zoo.word, zoo.word) returns boolean language internal immutable strict as 'text_gt';
create function zoo.at_least(zoo.word, zoo.word) returns boolean language internal immutable strict as 'text_ge';
create function zoo.compare(zoo.word, zoo.word) returns integer language internal immutable strict as 'bttextcmp';
create function zoo.hash(zoo.word) returns integer language internal immutable strict as 'hashtext';
create operator zoo.= (leftarg = zoo.word, rightarg = zoo.word, function = zoo.equal, commutator = operator(zoo.=),
    restrict = eqsel, join = eqjoinsel, hashes, merges);
create operator zoo.< (leftarg = zoo.word, rightarg = zoo.word, function = zoo.less, commutator = operator(zoo.>),
    negator = operator(zoo.>=), restrict = scalarltsel, join = scalarltjoinsel);
create operator zoo.<= (leftarg = zoo.word, rightarg = zoo.word, function = zoo.at_most,
    commutator = operator(zoo.>=), negator = operator(zoo.>));
create operator zoo.> (leftarg = zoo.word, rightarg = zoo.word, function = zoo.more, commutator = operator(zoo.<),
    negator = operator(zoo.<=));
create operator zoo.>= (leftarg = zoo.word, rightarg = zoo.word, function = zoo.at_least,
    commutator = operator(zoo.<=), negator = operator(zoo.<));
-- kind: default operator class for btree
create operator class zoo.word_order default for type zoo.word using btree as
    operator 1 zoo.<, operator 2 zoo.<=, operator 3 zoo.=, operator 4 zoo.>=, operator 5 zoo.>,
    function 1 zoo.compare(zoo.word, zoo.word);
-- kind: default operator class for hash
create operator class zoo.word_hash default for type zoo.word using hash as
    operator 1 zoo.=, function 1 zoo.hash(zoo.word);
-- kind: operator family
create operator family zoo.numbers using btree;
-- kind: operator class of a family
create function zoo.compare_backwards(integer, integer) returns integer
    language sql immutable as $$ select btint4cmp($2, $1) $$;
create operator class zoo.backwards for type integer using btree family zoo.numbers as
    operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <,
    function 1 zoo.compare_backwards(integer, integer);
-- kind: operator family with members of its own
create function zoo.compare_backwards(integer, bigint) returns integer
    language sql immutable as $$ select -btint48cmp($1, $2) $$;
alter operator family zoo.numbers using btree add
    operator 1 > (integer, bigint), operator 2 >= (integer, bigint), operator 3 = (integer, bigint),
    operator 4 <= (integer, bigint), operator 5 < (integer, bigint),
    function 1 (integer, bigint) zoo.compare_backwards(integer, bigint);
-- kind: empty operator family
create operator family zoo.nothing_yet using gin;
-- kind: operator class with storage and an ordering operator
create operator class zoo.points for type point using gist as
    operator 1 << (point, point), operator 15 <-> (point, point) for order by pg_catalog.float_ops,
    function 1 gist_point_consistent(internal, point, smallint, oid, internal),
    function 2 gist_box_union(internal, internal), function 3 gist_point_compress(internal),
    function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal),
    function 7 gist_box_same(box, box, internal),
    function 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal),
    function 9 gist_point_fetch(internal), storage box;

-- kind: cast by a function
create function zoo.to_point(text) returns zoo.point3
    language sql immutable as $$ select row(0, 0, $1)::zoo.point3 $$;
create cast (text as zoo.point3) with function zoo.to_point(text) as assignment;
-- kind: cast by input and output
create cast (zoo.mood as integer) with inout;
-- kind: implicit cast without a function
create cast (zoo.word as text) without function as implicit;
create cast (text as zoo.word) without function as assignment;
-- kind: cast for a type's own length
create function zoo.cut(zoo.word, integer, boolean) returns zoo.word language internal immutable strict as 'varchar';
create cast (zoo.word as zoo.word) with function zoo.cut(zoo.word, integer, boolean) as implicit;
-- kind: cast between built-in types
create function zoo.to_boolean(numeric) returns boolean language sql immutable as 'select $1 <> 0';
create cast (numeric as boolean) with function zoo.to_boolean(numeric);

-- kind: access method for tables
create access method zoo_heap type table handler heap_tableam_handler;
-- kind: access method for indexes
create access method "Zoo Hash" type index handler hashhandler;
create operator class zoo.in_zoo_hash default for type integer using "Zoo Hash" as
    operator 1 =, function 1 hashint4(integer);

-- kind: text search parser
create text search parser zoo.cutter (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
    lextypes = prsd_lextype, headline = prsd_headline);
-- kind: text search template
create text search template zoo.plain (init = dsimple_init, lexize = dsimple_lexize);
-- kind: text search dictionary
create text search dictionary zoo.stems (template = simple, accept = false);
create text search dictionary zoo."of Zoo's" (template = zoo.plain, stopwords = 'english');
-- kind: text search configuration
create text search configuration zoo.words (copy = simple);
alter text search configuration zoo.words alter mapping for asciiword with zoo.stems, simple;
create text search configuration zoo."Words 2" (parser = zoo.cutter);
alter text search configuration zoo."Words 2" add mapping for asciiword, word, numword
    with zoo."of Zoo's", zoo.stems;
-- kind: conversion
create conversion zoo.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
-- kind: default conversion
create default conversion zoo.cyrillic for 'UTF8' to 'KOI8R' from utf8_to_koi8r;
