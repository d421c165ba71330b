#include "pg/replay/not_null_items.hpp"
#include "support/catch.hpp"

#include <string>

using namespace dbbackup::pg;

namespace {

std::optional<OlderCreateTable> older(const std::string& sql) {
    const Statement head = read_statement(sql);
    return without_not_null_items({.sql = sql, .head = head}, Backslashes::plain);
}

} // namespace

TEST_CASE("a NOT NULL of its own becomes a statement for a server before 18") {
    const auto child = older("CREATE TABLE zoo.child (\n    NOT NULL d\n)\nINHERITS (zoo.parent);");
    REQUIRE(child);
    CHECK(child->create == "CREATE TABLE zoo.child ()\nINHERITS (zoo.parent);");
    CHECK(child->then ==
          std::vector<std::string>{"ALTER TABLE ONLY zoo.child ALTER COLUMN d SET NOT NULL"});

    const auto several = older(
        "CREATE UNLOGGED TABLE s.\"T (\" (\n    a numeric(5,2) DEFAULT f(1, ',') NOT NULL,\n"
        "    CONSTRAINT \"x y\" NOT NULL \"B ,\",\n    CONSTRAINT c CHECK ((a > (0)::numeric)),"
        "\n    NOT NULL c\n)\nINHERITS (s.p)\nWITH (fillfactor='70');");
    REQUIRE(several);
    CHECK(several->create ==
          "CREATE UNLOGGED TABLE s.\"T (\" (a numeric(5,2) DEFAULT f(1, ',') NOT "
          "NULL, CONSTRAINT c CHECK ((a > (0)::numeric)))\nINHERITS (s.p)\n"
          "WITH (fillfactor='70');");
    CHECK(several->then ==
          std::vector<std::string>{"ALTER TABLE ONLY s.\"T (\" ALTER COLUMN \"B ,\" SET NOT NULL",
                                   "ALTER TABLE ONLY s.\"T (\" ALTER COLUMN c SET NOT NULL"});
}

TEST_CASE("other statements stay as they are") {
    for (const char* sql :
         {"CREATE TABLE t (\n    a integer NOT NULL,\n    \"not\" integer NOT NULL\n);",
          "CREATE TABLE t (\n)\nINHERITS (p);", "CREATE TABLE t (a text DEFAULT 'NOT NULL a');",
          "CREATE TABLE t (CONSTRAINT c CHECK ((NOT NULL) IS NULL));", "CREATE TABLE t ();",
          "CREATE VIEW v AS SELECT (NOT NULL) AS x;", "ALTER TABLE t ADD NOT NULL a;"}) {
        INFO(sql);
        CHECK_FALSE(older(sql));
    }
}
