#include "pg/sql/read_sql.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

#include <string>
#include <utility>

using namespace dbbackup::pg;

namespace {

struct Case {
    const char* sql;
    Verb verb;
    const char* kind;
    const char* next; ///< the word after verb and kind
};

std::string next_of(const Statement& statement) {
    const auto word = statement.object().take_word();
    return word ? std::string{word->text} : "";
}

} // namespace

TEST_CASE("a statement knows its verb, the kind of object, and the position of the name") {
    for (const Case& one : {
             Case{"CREATE UNLOGGED TABLE IF NOT EXISTS t (a int)", Verb::create, "table", "t"},
             Case{"create or replace view v as select 1", Verb::create, "view", "v"},
             Case{"create unique index i on t (a)", Verb::create, "index", "i"},
             Case{"create foreign table t (a int)", Verb::create, "foreign table", "t"},
             Case{"create foreign data wrapper w", Verb::create, "foreign data wrapper", "w"},
             Case{"create operator class c for type t", Verb::create, "operator class", "c"},
             Case{"create operator s.=== (leftarg = t)", Verb::create, "operator", "s"},
             Case{"create constraint trigger g after insert on t", Verb::create, "trigger", "g"},
             Case{"create event trigger e on ddl_command_end", Verb::create, "event trigger", "e"},
             Case{"create trusted procedural language l", Verb::create, "language", "l"},
             Case{"create user mapping for joe server s", Verb::create, "user mapping", "for"},
             Case{"create role joe", Verb::create, "", "role"},
             Case{"ALTER TABLE ONLY s.t OWNER TO joe", Verb::alter, "table", "s"},
             Case{"alter table if exists only t drop a", Verb::alter, "table", "t"},
             Case{"alter procedural language l owner to joe", Verb::alter, "", "procedural"},
             Case{"alter default privileges in schema s grant select on tables to a",
                  Verb::alter_default_privileges, "", "in"},
             Case{"comment on column t.a is 'x'", Verb::comment, "column", "t"},
             Case{"comment on constraint c on t is 'x'", Verb::comment, "constraint", "c"},
             Case{"comment", Verb::other, "", "comment"},
             Case{"grant select (a) on table t to joe", Verb::grant, "table", "t"},
             Case{"revoke all on schema s from public", Verb::revoke, "schema", "s"},
             Case{"grant a to b", Verb::grant, "", ""},
             Case{"security label for p on table t is 'x'", Verb::security_label, "table", "t"},
             Case{"refresh materialized view v", Verb::refresh, "materialized view", "v"},
             Case{"insert into t values (1)", Verb::insert, "", "t"},
             Case{"insert t", Verb::other, "", "insert"},
             Case{"copy t from stdin", Verb::copy, "", "t"},
             Case{"select f()", Verb::select, "", "f"},
             Case{"set a = 1", Verb::set, "", "a"},
             Case{"reset a", Verb::reset, "", "a"},
             Case{"drop table t", Verb::drop, "", "table"},
             Case{"\"create\" table t", Verb::other, "", "create"},
             Case{"create \"table\" t", Verb::create, "", "table"},
             Case{"create table \"If\" ()", Verb::create, "table", "If"},
             Case{"create table if (a int)", Verb::create, "table", "if"},
             Case{"", Verb::other, "", ""},
         }) {
        INFO(one.sql);
        const Statement statement = read_statement(one.sql);
        CHECK(statement.verb() == one.verb);
        CHECK(statement.kind() == one.kind);
        CHECK(next_of(statement) == one.next);
    }
}

TEST_CASE("a statement keeps its first words, truncated, and counts groups") {
    std::string sql = "insert into t values";
    const std::string name(k_token_text + 10, 'X');
    for (std::size_t i = 0; i < Statement::k_words_kept; ++i) {
        sql += " (1, (2)), " + name;
    }
    Statement read = read_statement(sql);
    const Statement statement = std::move(read);
    REQUIRE(statement.words().size() == Statement::k_words_kept);
    CHECK(statement.words()[7].text == std::string(k_token_text, 'x'));
    CHECK(statement.groups() == Statement::k_words_kept);
    CHECK(next_of(statement) == "t");
}

TEST_CASE("a cleared statement keeps nothing of the previous one") {
    Statement statement = read_statement("create table t");
    statement.clear();
    CHECK(statement.words().empty());
    CHECK(statement.verb() == Verb::other);
    CHECK(statement.kind().empty());
    CHECK(next_of(statement).empty());
}
