-- What PostgreSQL 16 brought. Memberships in roles WITH INHERIT belong to pg_dumpall.

-- kind: view with constructors of SQL/JSON
create view zoo.made_json as
    select json_object('id' value id, 'name' : "Name" absent on null with unique keys returning jsonb) as object,
           json_array(id, "Name" null on null) as list,
           json_array(select id from zoo.beasts order by id) as ids,
           '{}' is json object with unique keys as is_object,
           "Name" is not json scalar as is_no_scalar
    from zoo.beasts;
create view zoo.gathered_json as
    select json_objectagg(id : "Name" absent on null returning json) as objects,
           json_arrayagg("Name" order by id desc null on null returning text) filter (where id > 0) as list,
           any_value("Name") as one
    from zoo.beasts;
-- kind: number with another base
create function zoo.in_hex() returns integer language sql immutable begin atomic select 0xFF + 1_000 + 0b11; end;
-- kind: storage in CREATE TABLE
create table zoo.stored (a text storage external, b text storage main, c text storage default);
-- kind: subscription that runs as its owner
create subscription zoo_as_owner connection 'host=/nowhere' publication p
    with (connect = false, slot_name = none, origin = none, run_as_owner = true, password_required = false,
          streaming = parallel);
-- kind: collation with rules
\if :has_icu
create collation zoo.by_rules (provider = icu, locale = 'und', rules = '&V << w <<< W & ''a'' < ''ä''');
create table zoo.ruled (line text collate zoo.by_rules);
insert into zoo.ruled values ('w'), ('V'), ('W');
\endif
