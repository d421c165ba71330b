-- Schemas, types, collations.

-- kind: schema
create schema zoo;
-- kind: schema with an owner
create schema "Zoo ""2""" authorization zoo_owner;
-- kind: schema with a Unicode name
create schema "Ünïcödé 名前";
-- kind: schema with control characters in its name
create schema U&"new\000Aline\001B[31m";

-- kind: enum
create type zoo.mood as enum ('sad', 'it''s ok', 'happy "very"', E'back\\slash');
-- kind: enum with values added in between
create type zoo.size as enum ('small', 'large');
alter type zoo.size add value 'medium' before 'large';
alter type zoo.size add value '' after 'large';
-- kind: enum without values
create type zoo.nothing as enum ();
-- kind: domain
create domain zoo.positive as integer default 1 not null constraint above_zero check (value > 0);
-- kind: domain over a domain
create domain zoo.small_positive as zoo.positive default 2
    constraint below_100 check (value < 100) constraint not_13 check (value <> 13);
-- kind: domain with a collation
create domain zoo.short_text as text collate "C" check (length(value) < 80);
-- kind: domain over an array
create domain zoo.three_words as text[] check (array_length(value, 1) = 3);
-- kind: domain with a NOT VALID constraint
create domain zoo.code as text;
alter domain zoo.code add constraint upper_case check (value = upper(value)) not valid;
-- kind: composite type
create type zoo.point3 as (x double precision, y double precision, label text);
create type zoo.nested as (place zoo.point3, moods zoo.mood[], "a ""b"" \c" zoo.positive);
-- kind: composite type without attributes
create type zoo.empty_row as ();
-- kind: composite type with a collation and a dropped attribute
create type zoo.mixed as (a text collate "POSIX", gone integer, b varchar(7));
alter type zoo.mixed drop attribute gone;
-- kind: domain over a composite type
create domain zoo.point_above as zoo.point3 check ((value).y > 0);
-- kind: range
create type zoo.float_range as range (subtype = float8, subtype_diff = float8mi);
-- kind: range with an operator class and a collation
create type zoo.text_range as range (subtype = text, subtype_opclass = text_pattern_ops, collation = "C");
-- kind: shell type
create type zoo.only_declared;

-- kind: base type
create type zoo.word;
create function zoo.word_in(cstring, oid, integer) returns zoo.word
    language internal immutable strict parallel safe as 'varcharin';
create function zoo.word_out(zoo.word) returns cstring
    language internal immutable strict parallel safe as 'varcharout';
create function zoo.word_recv(internal, oid, integer) returns zoo.word language internal stable strict as 'varcharrecv';
create function zoo.word_send(zoo.word) returns bytea language internal stable strict as 'varcharsend';
create function zoo.word_modifiers_in(cstring[]) returns integer language internal immutable strict as 'varchartypmodin';
create function zoo.word_modifiers_out(integer) returns cstring language internal immutable strict as 'varchartypmodout';
create type zoo.word (
    input = zoo.word_in, output = zoo.word_out, receive = zoo.word_recv, send = zoo.word_send,
    typmod_in = zoo.word_modifiers_in, typmod_out = zoo.word_modifiers_out,
    internallength = variable, alignment = int4, storage = extended, category = 'Z', preferred = true,
    default = 'it''s', delimiter = ';', collatable = true
);
-- kind: base type of a fixed length, passed by value
create type zoo.count;
create function zoo.count_in(cstring) returns zoo.count language internal immutable strict as 'int4in';
create function zoo.count_out(zoo.count) returns cstring language internal immutable strict as 'int4out';
create type zoo.count (input = zoo.count_in, output = zoo.count_out, like = integer);

-- kind: collation of libc
create collation zoo.german (provider = libc, locale = 'C');
create collation zoo.in_two_parts (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
\if :has_icu
-- kind: collation of ICU
create collation zoo.by_number (provider = icu, locale = 'en-u-kn-true');
-- kind: nondeterministic collation
create collation zoo.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table zoo.collated (a text collate zoo.by_number, b text collate zoo.any_case unique);
insert into zoo.collated values ('a10', 'x'), ('a9', 'Y');
\endif
