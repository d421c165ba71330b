#include "pg/inventory/created_object.hpp"
#include "pg/inventory/named_roles.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

/// "kind: schema.name", with `here` as the search_path.
std::string created(const std::string& sql) {
    const Parsed parsed{sql, "here"};
    const auto object = find_created_object(parsed.statement());
    return object ? object->kind + ": " + object->schema + "." + object->name : "";
}

Names roles(const std::string& sql) {
    return find_roles(Parsed{sql}.head());
}

std::string schema(const std::string& sql) {
    return find_schema_created_in(Parsed{sql}.head(), "here");
}

} // namespace

TEST_CASE("objects that CREATE statements make") {
    const std::pair<const char*, const char*> cases[] = {
        {"CREATE TABLE public.t (a int)", "table: public.t"},
        {"create unlogged table if not exists \"S 1\".\"T.2\" ()", "table: S 1.T.2"},
        {"create table t partition of s.p for values in (1)", "table: here.t"},
        {"create foreign table f.t (a int) server s", "foreign table: f.t"},
        {"create temp table t (a int)", ""},
        {"create or replace view s.v as select 1", "view: s.v"},
        {"create recursive view v as select a.b", "view: here.v"},
        {"create materialized view s.m as select 1 with no data", "materialized view: s.m"},
        {"create unique index i on only s.t using btree (a)", "index: s.i"},
        {"create index \"I\" on t (a)", "index: here.I"},
        {"create sequence s.q start with 1", "sequence: s.q"},
        {"create type s.e as enum ('a')", "type: s.e"},
        {"create domain d as int check (value > 0)", "domain: here.d"},
        {"create function s.f(a int, b text) returns s.t language sql as ''", "function: s.f"},
        {"create or replace procedure p() language sql as ''", "procedure: here.p"},
        {"create aggregate s.a(int) (sfunc = x.y, stype = int)", "aggregate: s.a"},
        {"create operator s.<-> (function = x.f)", "operator: s.<->"},
        {"create operator @@ (function = x.f)", "operator: here.@@"},
        {"create operator class s.c for type int using btree as storage int",
         "operator class: s.c"},
        {"create operator family s.f using btree", "operator family: s.f"},
        {"create cast (\"text\" as pg_catalog.int4) with function x.f(text)",
         "cast: .text as int4"},
        {"CREATE TRANSFORM FOR x.y LANGUAGE plperl (from sql with function x.f(internal))",
         "transform: .FOR x.y LANGUAGE plperl"},
        {"create text search configuration s.c (parser = x.p)", "text search configuration: s.c"},
        {"create event trigger e on ddl_command_end execute function x.f()", "event trigger: .e"},
        {"create publication p for table x.t", "publication: .p"},
        {"create subscription s connection '' publication p", "subscription: .s"},
        {"create foreign data wrapper w handler x.h", "foreign data wrapper: .w"},
        {"create server s foreign data wrapper w", "server: .s"},
        {"create trusted procedural language l handler x.h", "language: .l"},
        {"create access method a type table handler x.h", "access method: .a"},
        {"create statistics s.n (ndistinct) on a, b from x.t", "statistics: s.n"},
        {"create collation s.c (locale = 'C')", "collation: s.c"},
        {"create conversion s.c for 'A' to 'B' from x.f", "conversion: s.c"},
        {"create schema s", ""},
        {"create extension x with schema s", ""},
        {"create trigger t after insert on s.t execute function x.f()", ""},
        {"create rule r as on insert to s.t do nothing", ""},
        {"create policy p on s.t", ""},
        {"create user mapping for joe server s", ""},
        {"alter table s.t add a int", ""},
        {"create", ""},
        {"", ""},
    };
    for (const auto& [sql, object] : cases) {
        INFO(sql);
        CHECK(created(sql) == object);
    }
}

TEST_CASE("the schema of a created object is never that of what it calls") {
    const std::pair<const char*, const char*> cases[] = {
        {"create schema s", "s"},
        {"create schema if not exists \"S\"", "S"},
        {"create schema authorization joe", "joe"},
        {"create table s.t (a int)", "s"},
        {"create table t (a x.y)", "here"},
        {"create function f(a x.y) returns x.z as ''", "here"},
        {"create view v as select a.b from a", "here"},
        {"create index i on s.t (a)", "s"},
        {"create trigger t after insert on s.t execute function x.f()", "s"},
        {"create trigger t after insert on t execute function x.f()", "here"},
        {"create rule r as on insert to s.t do nothing", "s"},
        {"create policy p on s.t", "s"},
        {"create event trigger e on ddl_command_end execute function x.f()", ""},
        {"create cast (x.a as x.b) with function x.f(x.a)", ""},
        {"create publication p for table x.t", ""},
        {"create foreign data wrapper w handler x.h", ""},
        {"create extension e with schema x", ""},
        {"create temp table t as select x.y", ""},
        {"alter table s.t add a int", ""},
    };
    for (const auto& [sql, name] : cases) {
        INFO(sql);
        CHECK(schema(sql) == name);
    }
}

TEST_CASE("extensions and large objects that a dump makes") {
    const auto extension = [](const char* sql) {
        const auto found = find_created_extension(Parsed{sql}.head());
        return found ? found->name + "@" + found->schema : "";
    };
    CHECK(extension("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public") ==
          "uuid-ossp@public");
    CHECK(extension("create extension x") == "x@");
    CHECK(extension("create schema s") == "");
    const auto oid = [](const char* sql) {
        const Parsed parsed{sql};
        return find_created_large_object(parsed.statement()).value_or(0);
    };
    CHECK(oid("SELECT pg_catalog.lo_create('16390')") == 16390);
    CHECK(oid("select lo_create(4294967295)") == 4294967295U);
    CHECK(oid("select lo_create('99999999999')") == 0);
    CHECK(oid("select lo_open(7, 1)") == 0);
}

TEST_CASE("roles that statements need") {
    CHECK(roles("alter table s.t owner to joe") == Names{"joe"});
    CHECK(roles("alter table public.owner owner to \"Joe X\"") == Names{"Joe X"});
    CHECK(roles("alter table owner add owner int") == Names{});
    CHECK(roles("grant select, insert on table t to public") == Names{});
    CHECK(roles("grant select on table t to \"public\"") == Names{});
    CHECK(roles("grant select (a), update (b) on table t to a, group b with grant option") ==
          Names{"a", "b"});
    CHECK(roles("revoke all on schema s from joe") == Names{"joe"});
    CHECK(roles("alter default privileges for role a in schema s grant all on tables to b") ==
          Names{"a", "b"});
    CHECK(roles("alter default privileges for role a revoke all on tables from b") ==
          Names{"a", "b"});
    CHECK(roles("create policy p on t to a, public, b using (true)") == Names{"a", "b"});
    CHECK(roles("create user mapping for joe server s") == Names{"joe"});
    CHECK(roles("create user mapping for public server s") == Names{});
    CHECK(roles("set session authorization 'joe'") == Names{"joe"});
    CHECK(roles("set session authorization default") == Names{});
    CHECK(roles("create table t (a int)") == Names{});
}
