-- Rules, triggers, event triggers, row security.

-- kind: rule instead
create rule no_change as on update to zoo.empty_table do instead nothing;
-- kind: rule also, with a condition
create rule also_log as on insert to zoo.empty_table where new.a > 100
    do also insert into zoo.lonely_text values ('by a rule');
-- kind: rule of several commands
create rule "many; --" as on delete to zoo.heavier do instead (
    delete from zoo.empty_table where a = old.id; notify zoo_news, E'it''s \\ gone';
    insert into zoo.lonely_text select old."Name" returning 1::bigint, line);
-- kind: disabled rule
create rule disabled as on delete to zoo.empty_table do also notify zoo_news;
alter table zoo.empty_table disable rule disabled;
create rule on_replicas as on insert to zoo.wide do also nothing;
alter table zoo.wide enable replica rule on_replicas;

-- kind: row trigger with a condition and arguments
create function zoo.on_change() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before insert or update of "Name", code on zoo.beasts
    for each row when (new.id > 0) execute function zoo.on_change('COPY t FROM stdin;', E'a\\b', '', '\.', E'x\ny');
-- kind: statement trigger with transition tables
create trigger whole_statement after insert on zoo.hen
    referencing new table as added for each statement execute function zoo.on_change();
create trigger "Before ""and"" after" after update on zoo.beasts
    referencing old table as "old rows" new table as new for each statement execute function zoo.on_change();
-- kind: deferred constraint trigger
create constraint trigger late after insert on zoo.egg deferrable initially deferred
    for each row execute function zoo.on_change();
create constraint trigger from_elsewhere after update or delete on zoo.tree from zoo.hen
    not deferrable for each row when (old.id is distinct from 1) execute function zoo.on_change();
-- kind: trigger instead of, on a view
create trigger of_a_view instead of insert or update or delete on zoo.by_key
    for each row execute function zoo.on_change();
-- kind: trigger of a partitioned table
create trigger on_parts before insert on zoo.log for each row execute function zoo.on_change();
-- kind: truncate trigger
create trigger emptied before truncate on zoo.beasts execute function zoo.on_change();
-- kind: disabled trigger
alter table zoo.hen disable trigger whole_statement;
-- kind: trigger enabled always or for replicas
alter table zoo.egg enable always trigger late;
create trigger for_replicas after insert on zoo.tree for each row execute function zoo.on_change();
alter table zoo.tree enable replica trigger for_replicas;
-- kind: trigger disabled for one partition
alter table zoo.log_2025 disable trigger on_parts;

-- kind: event trigger
create function zoo.on_ddl() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger zoo_watch on ddl_command_end when tag in ('CREATE TABLE', 'DROP FUNCTION')
    execute function zoo.on_ddl();
create event trigger "Zoo; drops" on sql_drop execute function zoo.on_ddl();
create event trigger zoo_rewrites on table_rewrite execute function zoo.on_ddl();
-- kind: disabled event trigger
create event trigger zoo_asleep on ddl_command_start execute function zoo.on_ddl();
alter event trigger zoo_asleep disable;
-- kind: event trigger enabled always
create event trigger zoo_always on ddl_command_start execute function zoo.on_ddl();
alter event trigger zoo_always enable always;

-- kind: row security
alter table zoo.beasts enable row level security;
-- kind: forced row security
alter table zoo.beasts force row level security;
-- kind: row security without policies
alter table zoo.keys enable row level security;
-- kind: policy
create policy everyone on zoo.beasts for all to public using (true) with check (weight > 0);
-- kind: restrictive policy
create policy own_rows on zoo.beasts as restrictive for select to zoo_reader using ("Name" = current_user);
-- kind: policies of each command
create policy "Insert; ""only""" on zoo.beasts for insert to zoo_owner, "zoo ""Rôle""; --"
    with check ("Name" <> E'\\.''');
create policy changes on zoo.beasts for update using (exists (select from zoo.tree t where t.id = beasts.id));
create policy removals on zoo.beasts for delete to current_user using (false);
