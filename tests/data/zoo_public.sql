-- `public` as some leave it: of another owner, closed, with a comment. For psql, after zoo.sql, whose
-- roles it needs.
\set ON_ERROR_STOP on
alter schema public owner to zoo_owner;
revoke all on schema public from public;
grant usage on schema public to zoo_reader with grant option;
grant create on schema public to "zoo ""Rôle""; --";
comment on schema public is E'ours:\nit''s \\ closed';
