-- Partitions.

-- kind: table partitioned by range
create table zoo.log (at date not null, region text not null, message text) partition by range (at);
create table zoo.log_2025 partition of zoo.log for values from ('2025-01-01') to ('2026-01-01');
-- kind: sub-partitions by list
create table zoo.log_2026 partition of zoo.log for values from ('2026-01-01') to ('2027-01-01')
    partition by list (region);
create table zoo.log_2026_north partition of zoo.log_2026 for values in ('north', 'it''s', null);
-- kind: default partition
create table zoo.log_2026_rest partition of zoo.log_2026 default;
-- kind: partition with its own order of columns
create table zoo.log_old (message text, gone integer, region text not null, at date not null);
alter table zoo.log_old drop column gone;
alter table zoo.log attach partition zoo.log_old for values from (minvalue) to ('2025-01-01');
insert into zoo.log select date '2024-06-01' + n, case when n % 3 = 0 then 'north' else 'south' end, 'day ' || n
    from generate_series(0, 900, 3) n;
-- kind: table partitioned by hash
create table zoo.hashed (a integer primary key) partition by hash (a);
create table zoo.hashed_0 partition of zoo.hashed for values with (modulus 2, remainder 0);
create table zoo.hashed_1 partition of zoo.hashed for values with (modulus 2, remainder 1);
insert into zoo.hashed select generate_series(1, 50);
-- kind: table partitioned by several expressions
create table zoo.by_expressions (a text, b integer) 
    partition by range (lower(a) collate "C" text_pattern_ops, (b % 7));
create table zoo.by_expressions_1 partition of zoo.by_expressions
    for values from (minvalue, minvalue) to ('m', 3);
create table zoo.by_expressions_2 partition of zoo.by_expressions for values from ('m', 3) to (maxvalue, maxvalue);
insert into zoo.by_expressions select chr(97 + n), n from generate_series(0, 25) n;
-- kind: partitioned table without partitions
create table zoo.no_partitions (a integer, b text) partition by list (a);
-- kind: partition with defaults, constraints and storage of its own
create table zoo.log_2027 partition of zoo.log (message default 'none', check (region <> ''))
    for values from ('2027-01-01') to (maxvalue) with (fillfactor = 50);
insert into zoo.log_2027 values ('2027-02-02', 'west', default);
-- kind: partition by a key of an own type
create table zoo.by_mood (mood zoo.mood, at timestamptz) partition by list (mood);
create table zoo.by_mood_sad partition of zoo.by_mood for values in ('sad', E'back\\slash');
create unlogged table zoo.by_mood_happy partition of zoo.by_mood for values in ('happy "very"');
insert into zoo.by_mood values ('sad', '-infinity'), ('happy "very"', 'epoch');

-- kind: partitioned index
create index log_region on zoo.log (region);
-- kind: attached index
create index log_message on only zoo.log (message);
create index log_old_message on zoo.log_old (message);
alter index zoo.log_message attach partition zoo.log_old_message;
-- kind: partitioned primary key and foreign keys both ways
create table zoo.accounts (id integer, kind text default 'x', primary key (id, kind)) partition by list (kind);
create table zoo.accounts_x partition of zoo.accounts for values in ('x');
create table zoo.accounts_rest (kind text not null, id integer not null, constraint rest_key primary key (id, kind));
alter table zoo.accounts attach partition zoo.accounts_rest default;
create table zoo.bookings (
    id integer, account integer, kind text, at date,
    foreign key (account, kind) references zoo.accounts on update cascade
) partition by range (at);
create table zoo.bookings_all partition of zoo.bookings for values from (minvalue) to (maxvalue);
insert into zoo.accounts values (1, 'x'), (1, 'y');
insert into zoo.bookings values (1, 1, 'x', '2026-01-01'), (2, 1, 'y', '2026-01-02'), (3, null, null, '2026-01-03');
