#include "pg/replay/older_words.hpp"
#include "support/catch.hpp"

#include <string>

using namespace dbbackup::pg;

namespace {

std::optional<OlderWords> older(const std::string& sql, int server_major = 17) {
    const Statement head = read_statement(sql);
    return in_older_words({.sql = sql, .head = head}, Backslashes::plain, server_major);
}

} // namespace

TEST_CASE("a NOT NULL of its own becomes a statement for a server before 18") {
    const auto child = older("CREATE TABLE zoo.child (\n    NOT NULL d\n)\nINHERITS (zoo.parent);");
    REQUIRE(child);
    CHECK(child->first == "CREATE TABLE zoo.child ()\nINHERITS (zoo.parent);");
    CHECK(child->then ==
          std::vector<std::string>{"ALTER TABLE ONLY zoo.child ALTER COLUMN d SET NOT NULL"});

    const auto several = older(
        "CREATE UNLOGGED TABLE s.\"T (\" (\n    a numeric(5,2) DEFAULT f(1, ',') NOT NULL,\n"
        "    CONSTRAINT \"x y\" NOT NULL \"B ,\",\n    CONSTRAINT c CHECK ((a > (0)::numeric)),"
        "\n    NOT NULL c\n)\nINHERITS (s.p)\nWITH (fillfactor='70');");
    REQUIRE(several);
    CHECK(several->first == "CREATE UNLOGGED TABLE s.\"T (\" (a numeric(5,2) DEFAULT f(1, ',') NOT "
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

TEST_CASE("a subscription runs as its owner on servers before 16 without being told so") {
    const std::string sql = "CREATE SUBSCRIPTION s CONNECTION 'run_as_owner = true' PUBLICATION p "
                            "WITH (connect = false, slot_name = 's', run_as_owner = true);";
    const auto subscription = older(sql, 15);
    REQUIRE(subscription);
    CHECK(subscription->first == "CREATE SUBSCRIPTION s CONNECTION 'run_as_owner = true' "
                                 "PUBLICATION p WITH (connect = false, slot_name = 's');");
    CHECK(subscription->then.empty());
    CHECK_FALSE(older(sql, 16));
    CHECK_FALSE(older("CREATE SUBSCRIPTION s CONNECTION ', run_as_owner = true' PUBLICATION p WITH "
                      "(connect = false);",
                      15));
    CHECK_FALSE(older("CREATE TABLE t (NOT NULL a);", 18));

    const std::string streaming = "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect "
                                  "= false, streaming = off, binary = true, run_as_owner = true);";
    CHECK(older(streaming, 13)->first == "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH "
                                         "(connect = false, binary = true);");
    CHECK(older(streaming, 14)->first ==
          "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false, streaming = "
          "off, binary = true);");
    CHECK_FALSE(older("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false, "
                      "streaming = on);",
                      13));
}

TEST_CASE("sequences are logged on servers before 15 without being told so") {
    const std::string sql = "ALTER TABLE public.\"T (\" ALTER COLUMN id ADD GENERATED ALWAYS AS "
                            "IDENTITY (\n    SEQUENCE NAME public.\"T . LOGGED\"\n    LOGGED\n    "
                            "START WITH 1\n    CACHE 1\n);";
    const auto identity = older(sql, 14);
    REQUIRE(identity);
    CHECK(identity->first == "ALTER TABLE public.\"T (\" ALTER COLUMN id ADD GENERATED ALWAYS AS "
                             "IDENTITY (\n    SEQUENCE NAME public.\"T . LOGGED\"\n    \n    START "
                             "WITH 1\n    CACHE 1\n);");
    CHECK_FALSE(older(sql, 15));
    CHECK(older("ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s "
                "LOGGED);",
                13)
              ->first == "ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE "
                         "NAME s );");
    for (const char* other :
         {"ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME logged "
          "START WITH 1);",
          "ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s "
          "UNLOGGED);",
          "ALTER TABLE t SET LOGGED;",
          "ALTER TABLE t ADD CHECK (a = '(SEQUENCE NAME s LOGGED)');"}) {
        INFO(other);
        CHECK_FALSE(older(other, 13));
    }
}
