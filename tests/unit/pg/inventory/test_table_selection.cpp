#include "pg/inventory/table_selection.hpp"
#include "pg/inventory/table_subject.hpp"
#include "support/catch.hpp"
#include "unit/pg/dump_samples.hpp"
#include "unit/pg/parsed.hpp"

#include <dbbackup/pg/dump_inspector.hpp>
#include <dbbackup/pg/select_tables.hpp>

#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::pg;
using Names = std::vector<std::string>;

namespace {

std::string subject(const std::string& sql) {
    const Parsed parsed{sql, "here"};
    const auto found = find_subject(parsed.statement());
    const bool is_statistics = found && found->kind == TableSubject::Kind::statistics;
    return found ? (is_statistics ? "statistics " : "") + shown(found->name) : "";
}

std::string part(const std::string& sql) {
    const Parsed parsed{sql, "here"};
    const auto found = find_table_part(parsed.statement());
    return found ? fmt::format("{} {}.{} of {}.{}", found->kind, found->schema, found->name,
                               found->table_schema, found->table)
                 : "";
}

const std::vector<TablePart> k_parts{
    {"index", "s", "t_pkey", "s", "t"}, {"sequence", "s", "t_id_seq", "s", "t"},
    {"statistics", "x", "u", "s", "t"}, {"index", "s", "u_pkey", "s", "u"},
    {"partition", "s", "p1", "s", "p"}, {"partition", "s", "p11", "s", "p1"},
    {"index", "s", "p_pkey", "s", "p"}, {"index", "s", "p11_pkey", "s", "p11"}};

/// From names as "schema.table", and schemas.
ChosenPart chosen(const Names& tables, const Names& schemas = {}) {
    ChosenPart part{.whole = tables.empty() && schemas.empty(),
                    .relations = {},
                    .schemas = schemas,
                    .extensions = {}};
    for (const std::string& table : tables) {
        const std::size_t dot = table.find('.');
        part.relations.push_back({table.substr(0, dot), table.substr(dot + 1)});
    }
    return part;
}

bool wants(const Names& tables, const std::string& sql) {
    const Parsed parsed{sql};
    return TableSelection{chosen(tables), k_parts}.wants(parsed.statement());
}

bool comes_last(const Names& tables, const std::string& sql) {
    const Parsed parsed{sql};
    return TableSelection{chosen(tables), k_parts}.comes_last(parsed.statement());
}

DumpSummary inspect(const std::string& sql) {
    DumpInspector inspector;
    const std::string dump = sql + samples::k_end;
    inspector.observe(base::as_bytes(dump));
    inspector.finish();
    return inspector.summary();
}

const std::string k_shop = R"(
CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('a');
CREATE TABLE s.t (id int);
ALTER TABLE s.t OWNER TO joe;
CREATE SEQUENCE s.t_id_seq;
ALTER TABLE s.t_id_seq OWNER TO jim;
ALTER SEQUENCE s.t_id_seq OWNED BY s.t.id;
CREATE TABLE s.u (id int);
ALTER TABLE s.u OWNER TO ann;
CREATE TABLE s.p (id int) PARTITION BY RANGE (id);
CREATE TABLE s.p1 (id int);
ALTER TABLE ONLY s.p ATTACH PARTITION s.p1 FOR VALUES FROM (1) TO (2);
CREATE VIEW s.v AS SELECT 1;
CREATE TABLE public.t (id int);
COPY s.t (id) FROM stdin;
1
\.
COPY s.p (id) FROM stdin;
1
\.
INSERT INTO s.u VALUES (1);
SELECT pg_catalog.lo_create('7');
ALTER TABLE ONLY s.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
CREATE INDEX t_id ON s.t USING btree (id);
CREATE STATISTICS s.both ON id, a FROM s.t;
)";

} // namespace

TEST_CASE("the object that a statement of pg_dump concerns") {
    const std::pair<const char*, const char*> cases[] = {
        {"CREATE TABLE s.t (a int)", "s.t"},
        {"create unlogged table if not exists t ()", "here.t"},
        {"create foreign table s.t () server x", "s.t"},
        {"create table s.c partition of s.p for values in (1)", "s.c"},
        {"create or replace view s.v as select 1", "s.v"},
        {"create materialized view s.m as select 1", "s.m"},
        {"create sequence s.q", "s.q"},
        {"create unique index i on only s.t using btree (a)", "s.t"},
        {"create trigger x after update of a, b on s.t for each row execute function y.f()", "s.t"},
        {"create constraint trigger x after insert on t from s.u execute function y.f()", "here.t"},
        {"create policy x on s.t for select to joe", "s.t"},
        {"create rule x as on update to s.t do instead nothing", "s.t"},
        {"create or replace rule \"_RETURN\" as on select to s.v do instead select 1", "s.v"},
        {"create statistics s.x (ndistinct) on a, b from s.t", "s.t"},
        {"create event trigger x on ddl_command_end execute function y.f()", ""},
        {"create function s.f() returns trigger language sql as ''", ""},
        {"create type s.t as (a int)", ""},
        {"create publication p for table s.t", ""},
        {"create schema s", ""},
        {"COPY s.t (a) FROM stdin", "s.t"},
        {"insert into s.t (a) values (1)", "s.t"},
        {"alter table only s.t alter column a set default nextval('s.q')", "s.t"},
        {"alter table if exists only s.t add constraint c foreign key (a) references s.u(b)",
         "s.t"},
        {"alter table s.t disable trigger x", "s.t"},
        {"alter table only s.p attach partition s.c for values in (1)", "s.c"},
        {"alter foreign table s.t owner to joe", "s.t"},
        {"alter materialized view s.m set (a = 1)", "s.m"},
        {"alter view s.v alter column a set default 1", "s.v"},
        {"alter sequence s.q owned by s.t.a", "s.q"},
        {"alter index s.i attach partition s.j", "s.j"},
        {"alter index s.i alter column 1 set statistics 5", "s.i"},
        {"alter statistics s.x set statistics 5", "statistics s.x"},
        {"alter trigger x on s.t depends on extension y", "s.t"},
        {"alter type s.t owner to joe", ""},
        {"alter publication p add table only s.t", ""},
        {"alter default privileges grant all on tables to joe", ""},
        {"alter event trigger x disable", ""},
        {"comment on table s.t is 'x'", "s.t"},
        {"comment on column s.t.a is 'x'", "s.t"},
        {"comment on column t.a is 'x'", "here.t"},
        {"comment on index s.i is 'x'", "s.i"},
        {"comment on sequence s.q is 'x'", "s.q"},
        {"comment on constraint c on s.t is 'x'", "s.t"},
        {"comment on constraint c on domain s.t is 'x'", ""},
        {"comment on trigger x on s.t is 'x'", "s.t"},
        {"comment on policy x on s.t is 'x'", "s.t"},
        {"comment on rule x on s.t is 'x'", "s.t"},
        {"comment on statistics s.x is 'x'", "statistics s.x"},
        {"comment on materialized view s.m is 'x'", "s.m"},
        {"comment on event trigger t is 'x'", ""},
        {"comment on schema t is 'x'", ""},
        {"security label for p on table s.t is 'x'", "s.t"},
        {"security label on column s.t.a is 'x'", "s.t"},
        {"security label on role t is 'x'", ""},
        {"grant select, insert on table s.t to joe", "s.t"},
        {"grant select (a), update (b) on table s.t to joe", "s.t"},
        {"revoke all on table t from public", "here.t"},
        {"grant usage on sequence s.q to joe", "s.q"},
        {"grant all on schema t to joe", ""},
        {"grant t to joe", ""},
        {"refresh materialized view s.m", "s.m"},
        {"select pg_catalog.setval('s.q', 7, true)", "s.q"},
        {"select pg_catalog.setval('\"S (1)\".\"Q''s\"', 7, true)", "S (1).Q's"},
        {"select pg_catalog.setval('q', 7, false)", "here.q"},
        {"select pg_catalog.set_config('search_path', '', false)", ""},
        {"select pg_catalog.lo_create('7')", ""},
        {"set lock_timeout = 0", ""},
        {"", ""},
    };
    for (const auto& [sql, name] : cases) {
        INFO(sql);
        CHECK(subject(sql) == name);
    }
}

TEST_CASE("the table that a statement of pg_dump says it belongs to") {
    const std::pair<const char*, const char*> cases[] = {
        {"create unique index i on s.t (a)", "index s.i of s.t"},
        {"create index \"I 1\" on only t using gin (a)", "index here.I 1 of here.t"},
        {"alter table only s.t add constraint c primary key (a)", "index s.c of s.t"},
        {"alter table only s.t add constraint c unique (a)", "index s.c of s.t"},
        {"alter table s.t add constraint c exclude using gist (a with =)", "index s.c of s.t"},
        {"alter table s.t add constraint c check (a > 0)", ""},
        {"alter table s.t add constraint c foreign key (a) references s.u(b)", ""},
        {"alter table s.t add constraint c not null a", ""},
        {"alter sequence s.q owned by s.t.a", "sequence s.q of s.t"},
        {"alter sequence q owned by t.a", "sequence here.q of here.t"},
        {"alter sequence s.q owned by none", ""},
        {"alter sequence s.q owner to joe", ""},
        {"alter table s.t alter column \"a(\" add generated always as identity (\n    sequence "
         "name "
         "x.\"Q (1)\"\n    start with 1\n)",
         "sequence x.Q (1) of s.t"},
        {"create statistics x.n (mcv) on a, b from s.t", "statistics x.n of s.t"},
        {"alter table only s.p attach partition s.c default", "partition s.c of s.p"},
        {"create table s.c partition of s.p for values in (1)", "partition s.c of s.p"},
        {"create table s.c (a int) inherits (s.p)", ""},
        {"create table s.t (a int)", ""},
        {"create view s.v as select 1", ""},
    };
    for (const auto& [sql, what] : cases) {
        INFO(sql);
        CHECK(part(sql) == what);
    }
}

TEST_CASE("a selection without tables includes everything") {
    for (const char* sql :
         {"create schema s", "create table s.t (a int)", "select 1", "drop owned"}) {
        CHECK(wants({}, sql));
        CHECK_FALSE(comes_last({}, sql));
    }
    CHECK_FALSE(comes_last({}, "alter table s.p attach partition s.p1 default"));
}

TEST_CASE("a selection includes its tables with their own objects") {
    for (const Names& tables : {Names{"s.t"}, Names{"s.elsewhere", "s.t"}}) {
        for (const char* sql :
             {"set a = 1", "set session authorization 'x'", "create table s.t (a int)",
              "copy s.t (a) from stdin", "create index x on s.t (a)",
              "alter index s.t_pkey set (a)", "comment on index s.t_pkey is ''",
              "create sequence s.t_id_seq", "grant all on sequence s.t_id_seq to joe",
              "select setval('s.t_id_seq', 1)",
              "select pg_catalog.set_config('search_path', '', false)",
              "comment on statistics x.u is ''", "alter table s.t cluster on t_pkey"}) {
            INFO(sql);
            CHECK(wants(tables, sql));
        }
        for (const char* sql :
             {"create schema s", "create table s.u (a int)", "copy s.u (a) from stdin",
              "alter index s.u_pkey set (a)", "create sequence s.other", "create type s.t as ()",
              "select setval('s.other', 1)", "comment on statistics s.u is ''",
              "create extension t", "select lo_create(1)",
              "alter table s.u add constraint c foreign key (a) references s.t(a)",
              "create view s.v as select * from s.t", "alter publication p add table s.t"}) {
            INFO(sql);
            CHECK_FALSE(wants(tables, sql));
        }
    }
    CHECK_FALSE(wants({"s.t"}, "create table x.t (a int)"));
    CHECK_FALSE(wants({"s.T"}, "create table s.t (a int)"));
}

TEST_CASE("a selection includes partitions, and attaching one to a table that stays comes last") {
    for (const char* sql : {"create table s.p1 ()", "copy s.p11 (a) from stdin",
                            "alter table only s.p attach partition s.p1 default",
                            "alter index s.p_pkey attach partition s.p11_pkey"}) {
        INFO(sql);
        CHECK(wants({"s.p"}, sql));
        CHECK_FALSE(comes_last({"s.p"}, sql));
    }
    CHECK_FALSE(wants({"s.p1"}, "create table s.p ()"));
    CHECK(wants({"s.p1"}, "copy s.p11 (a) from stdin"));
    CHECK(wants({"s.p1"}, "alter table only s.p attach partition s.p1 default"));
    CHECK(comes_last({"s.p1"}, "alter table only s.p attach partition s.p1 default"));
    CHECK_FALSE(wants({"s.p1"}, "alter index s.p_pkey attach partition s.p11_pkey"));
}

TEST_CASE("partitions whose rows are in a table outside the restore are found") {
    const DumpSummary dump = inspect(k_shop);
    CHECK(find_tables_without_rows(dump, chosen({"s.p1"})) == Names{"s.p1"});
    CHECK(find_tables_without_rows(dump, chosen({"s.p"})) == Names{});
    CHECK(find_tables_without_rows(dump, chosen({"s.t", "s.u"})) == Names{});
}

TEST_CASE("contents and inventory of chosen tables contain only them and their own objects") {
    const DumpSummary dump = inspect(k_shop);
    const auto [tables, what] = select_part(dump, chosen({"s.t"}));
    CHECK(tables.schemas == Names{});
    REQUIRE(tables.tables.size() == 1);
    CHECK(tables.tables[0].schema == "s");
    CHECK(tables.total_rows() == 1);
    CHECK(tables.large_objects == 0);
    CHECK(what.created_schemas == Names{});
    CHECK(what.large_objects == std::vector<std::uint32_t>{});
    CHECK(what.roles == Names{"jim", "joe"});
    CHECK(what.objects == std::vector<DumpObject>{{"table", "s", "t"},
                                                  {"sequence", "s", "t_id_seq"},
                                                  {"index", "s", "t_id"},
                                                  {"statistics", "s", "both"}});
    CHECK(what.inserted == std::vector<InsertedTable>{});
    CHECK(select_part(dump, chosen({"s.u"})).inventory.inserted ==
          std::vector<InsertedTable>{{"s", "u", 1}});
    CHECK(select_part(dump, chosen({"s.t", "public.t"})).contents.tables.size() == 2);
    CHECK(select_part(dump, chosen({"s.p"})).inventory.objects ==
          std::vector<DumpObject>{{"table", "s", "p"}, {"table", "s", "p1"}});
}
