#include "pg/gate/script_rules.hpp"
#include "pg/sql/statement_facts.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

using namespace dbbackup::pg;

namespace {

bool offends(const std::string& sql) {
    return !find_offence(Parsed{sql}.head()).empty();
}

} // namespace

TEST_CASE("script rules: statements that no restore may run") {
    for (const char* sql : {"begin work",
                            "BEGIN TRANSACTION",
                            "begin isolation level serializable",
                            "start transaction",
                            "commit work",
                            "commit and chain",
                            "commit prepared 'x'",
                            "end",
                            "end transaction",
                            "rollback",
                            "rollback to a",
                            "rollback prepared 'x'",
                            "abort",
                            "savepoint a",
                            "release savepoint a",
                            "prepare transaction 'x'",
                            "set transaction read only",
                            "set local transaction isolation level serializable",
                            "set session characteristics as transaction read only",
                            "reset all",
                            "discard all",
                            "discard temp",
                            "load 'x'",
                            "copy t to stdout",
                            "copy t from 'f'",
                            "copy t from program 'p'",
                            "copy (select 1) to program 'p'",
                            "copy t from stdout",
                            "copy binary t from stdin",
                            "copy t from stdin with csv",
                            "copy t from stdin (format csv)",
                            "copy t from stdin where true",
                            "copy t from stdin csv force not null stdin",
                            "copy t from stdin delimiter 'stdin'",
                            "copy t (a) from stdin with (freeze)",
                            "copy",
                            "copy t",
                            "copy t (select 1) from stdin x"}) {
        INFO(sql);
        CHECK(offends(sql));
    }
}

TEST_CASE("script rules: pg_dump's own statements may run") {
    for (const char* sql :
         {"begin", "commit", "select 1", "copy t from stdin", "COPY s.\"t\" (a, \"B\") FROM STDIN",
          "copy t with oids from stdin", "set lock_timeout = 0", "reset search_path",
          "set session authorization 'x'", "prepare a as select 1", "create table begin (a int)",
          "alter table load add a int", "do $$ begin commit; end $$", "\"commit\" x", ""}) {
        INFO(sql);
        CHECK_FALSE(offends(sql));
    }
}

TEST_CASE("script rules: a COPY is plain to its end, however long") {
    std::string sql = "copy t from stdin";
    for (int i = 0; i < 50; ++i) {
        sql += " x stdin";
    }
    CHECK(offends(sql));
}

TEST_CASE("script rules: BEGIN and COMMIT around large objects") {
    CHECK(find_transaction_mark(Parsed{"BEGIN"}.head()) == TransactionMark::begin);
    CHECK(find_transaction_mark(Parsed{"commit"}.head()) == TransactionMark::commit);
    for (const char* sql : {"begin work", "commit work", "\"begin\"", "'commit'", "end", ""}) {
        INFO(sql);
        CHECK_FALSE(find_transaction_mark(Parsed{sql}.head()));
    }
}

TEST_CASE("script rules: restrictions only in pg_dump's form") {
    CHECK(is_restriction("restrict a"));
    CHECK(is_restriction("unrestrict bN9Q7"));
    CHECK(is_restriction("restrict bN9Q7\r"));
    CHECK(is_restriction("restrict " + std::string(200, 'a')));
    for (const std::string& text :
         {std::string{"restrict"}, std::string{"restrict "}, std::string{"restrict  a"},
          std::string{"restrict a "}, std::string{"restrict a b"}, std::string{"restrict `a`"},
          std::string{"restrict a\r\r"}, std::string{"restrict a\rb"}, std::string{"restrict\ta"},
          std::string{"Restrict a"}, std::string{"restrict a\\"}, std::string{"restrict ä"},
          std::string{"xrestrict a"}, "restrict " + std::string(dbbackup::pg::k_token_text, 'a')}) {
        INFO(text);
        CHECK_FALSE(is_restriction(text));
    }
}

TEST_CASE("script rules: the first statements of pg_dump --clean") {
    for (const char* sql :
         {"drop table t", "drop schema if exists s", "create or replace view v as select 1",
          "select pg_catalog.lo_unlink('7')", "alter table only t drop constraint c",
          "alter table if exists s.t alter column a drop default",
          "alter publication p drop table t"}) {
        INFO(sql);
        CHECK(clears_the_way(Parsed{sql}.head()));
    }
    for (const char* sql :
         {"create view v as select 1", "select 1", "alter table t add a int",
          "create or replace function f() returns int", "comment on table t is ''",
          "alter table \"drop\" add a int", "set a = 1"}) {
        INFO(sql);
        CHECK_FALSE(clears_the_way(Parsed{sql}.head()));
    }
    CHECK(only_prepares(Parsed{"set a = 1"}.head()));
    CHECK(only_prepares(Parsed{"select pg_catalog.set_config('a', '', false)"}.head()));
    CHECK_FALSE(only_prepares(Parsed{"create table t (a int)"}.head()));
}

TEST_CASE("script rules: owners and privileges") {
    for (const char* sql : {"alter table s.t owner to joe", "alter function f(int) owner to joe",
                            "alter table owner owner to joe", "alter large object 7 owner to joe",
                            "set session authorization 'joe'", "comment on extension x is 'y'"}) {
        INFO(sql);
        CHECK(sets_owner(Parsed{sql}.head()));
    }
    CHECK_FALSE(sets_owner(Parsed{"alter sequence s owned by t.a"}.head()));
    CHECK_FALSE(sets_owner(Parsed{"alter table t rename owner to_ to x"}.head()));
    for (const char* sql : {"grant all on table t to joe", "revoke all on schema s from public",
                            "alter default privileges for role a grant all on tables to b"}) {
        INFO(sql);
        CHECK(sets_privileges(Parsed{sql}.head()));
    }
    CHECK_FALSE(sets_privileges(Parsed{"alter table t owner to joe"}.head()));
}

TEST_CASE("assignments are found however they are written") {
    const auto parameter = [](const char* sql) {
        const auto found = find_assignment(Parsed{sql}.head());
        return found ? found->parameter + "=" + found->value.value_or("(reset)") : "";
    };
    CHECK(parameter("set lock_timeout = 0") == "lock_timeout=0");
    CHECK(parameter("SET SESSION \"Lock_Timeout\" TO '0'") == "lock_timeout=0");
    CHECK(parameter("set local LOCK_TIMEOUT to default") == "lock_timeout=default");
    CHECK(parameter("reset lock_timeout") == "lock_timeout=(reset)");
    CHECK(parameter("set plpgsql.x = 1") == "");
    CHECK(parameter("set role joe") == "");
    CHECK(parameter("set session authorization joe") == "");
    CHECK(parameter("reset session authorization") == "");
    CHECK(parameter("select 1") == "");
}

TEST_CASE("rows of INSERT statements are counted") {
    const auto rows = [](const std::string& sql) {
        const auto found = find_inserted_rows(Parsed{sql}.head());
        return found ? shown(found->table) + " " + std::to_string(found->rows) : "";
    };
    CHECK(rows("INSERT INTO public.t VALUES (1, 'a), (b')") == "public.t 1");
    CHECK(rows("insert into t (a, b) values (1, (2)), (3, f(4))") == ".t 2");
    CHECK(rows("insert into t (a) overriding system value values (1)") == ".t 1");
    CHECK(rows("insert into t values (1), (2) on conflict do nothing") == ".t 2");
    CHECK(rows("insert into t default values") == ".t 1");
    CHECK(rows("insert into t select 1") == ".t 1");
    CHECK(rows("select 1") == "");
    std::string many = "insert into s.\"values\" (a) values (1)";
    for (int i = 0; i < 999; ++i) {
        many += ",\n(1)";
    }
    CHECK(rows(many) == "s.values 1000");
}

TEST_CASE("text in parentheses ends with them") {
    CHECK(text_in_parentheses("f(a, (b), ')', \")\") c (d)") == "a, (b), ')', \")\"");
    CHECK(text_in_parentheses("\"a(b\" (c)") == "c");
    CHECK(text_in_parentheses("a").empty());
    CHECK(text_in_parentheses("a (b").empty());
    CHECK(text_in_parentheses(") a (b)") == "b");
}
