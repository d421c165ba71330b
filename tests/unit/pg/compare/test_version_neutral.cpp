#include "pg/compare/normal_form.hpp"
#include "pg/compare/version_neutral.hpp"
#include "pg/sql/read_sql.hpp"
#include "support/catch.hpp"

#include <string>

using namespace dbbackup::pg;

namespace {

std::string neutral(const std::string& sql) {
    std::string text;
    for (const Word& word :
         version_neutral(read_statement(sql), significant_words(sql, Backslashes::plain))) {
        text += (text.empty() ? "" : " ") + std::string{word.text};
    }
    return text;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

} // namespace

TEST_CASE("what only some major versions write is not in the version-neutral form") {
    const Pairs cases = {
        {"ALTER TABLE s.v OWNER TO joe;", "ALTER VIEW s.v OWNER TO joe;"},
        {"ALTER TABLE s.q OWNER TO joe;", "ALTER SEQUENCE s.q OWNER TO joe;"},
        {"ALTER FOREIGN TABLE s.f ALTER COLUMN a OPTIONS (b 'c');",
         "ALTER FOREIGN TABLE ONLY s.f ALTER COLUMN a OPTIONS (b 'c');"},
        {"CREATE PROCEDURE s.p(a integer, INOUT b text) LANGUAGE sql AS $$x$$;",
         "CREATE PROCEDURE s.p(IN a integer, INOUT b text) LANGUAGE sql AS $$x$$;"},
        {"CREATE TABLE s.t (json text);", "CREATE TABLE s.t (\"json\" text);"},
        {"CREATE TABLE s.t (a integer NOT NULL, b text DEFAULT 'x') INHERITS (s.u);",
         "CREATE TABLE s.t (a integer CONSTRAINT c NOT NULL, b text DEFAULT 'x', NOT NULL d, "
         "CONSTRAINT e NOT NULL f NO INHERIT) INHERITS (s.u);"},
        {"CREATE TABLE s.t () INHERITS (s.u);", "CREATE TABLE s.t (NOT NULL d) INHERITS (s.u);"},
        {"CREATE TABLE s.t (a text DEFAULT NULL::text);", "CREATE TABLE s.t (a text);"},
        {"GRANT ALL ON TABLE s.t TO joe;",
         "GRANT SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLE s.t TO joe;"},
        {"GRANT ALL ON TABLE s.t TO joe;",
         "GRANT SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,MAINTAIN,UPDATE ON TABLE s.t TO "
         "joe;"},
        {"GRANT DELETE ON TABLE s.t TO joe;", "GRANT DELETE,MAINTAIN ON TABLE s.t TO joe;"},
        {"ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT ALL ON TABLES TO joe;",
         "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT "
         "SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLES TO joe;"},
    };
    for (const auto& [one, other] : cases) {
        INFO(one);
        CHECK_FALSE(neutral(one).empty());
        CHECK(neutral(one) == neutral(other));
    }
}

TEST_CASE("statements that versions write in too many ways have no version-neutral form") {
    for (const std::string sql :
         {"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false);",
          "CREATE TYPE s.r AS RANGE (subtype = text);", "GRANT CREATE ON SCHEMA public TO PUBLIC;",
          "CREATE COLLATION s.c (provider = icu, locale = 'de');",
          "CREATE OPERATOR CLASS s.c FOR TYPE point USING gist AS STORAGE box;",
          "ALTER TABLE ONLY s.t ALTER COLUMN a SET NOT NULL;",
          "ALTER TABLE s.t ADD CONSTRAINT c NOT NULL a;", "GRANT MAINTAIN ON TABLE s.t TO joe;",
          "DROP TABLE s.t;"}) {
        INFO(sql);
        CHECK(neutral(sql).empty());
    }
}

TEST_CASE("what every major version writes alike is in the version-neutral form") {
    const Pairs cases = {
        {"CREATE UNLOGGED TABLE s.t (a integer);", "CREATE TABLE s.t (a integer);"},
        {"CREATE TABLE s.t (a integer, CHECK ((a > 0)) NO INHERIT);",
         "CREATE TABLE s.t (a integer, CHECK ((a > 0)));"},
        {"CREATE TABLE s.t (a integer DEFAULT 5);", "CREATE TABLE s.t (a integer);"},
        {"ALTER TABLE s.t OWNER TO joe;", "ALTER TABLE s.t OWNER TO jim;"},
        {"ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;", "ALTER TABLE s.t FORCE ROW LEVEL SECURITY;"},
        {"ALTER TABLE ONLY s.t ADD CONSTRAINT c CHECK ((a IS NOT NULL)) NOT VALID;",
         "ALTER TABLE ONLY s.t ADD CONSTRAINT c CHECK ((a IS NOT NULL));"},
        {"GRANT SELECT ON TABLE s.t TO joe;", "GRANT DELETE ON TABLE s.t TO joe;"},
        {"GRANT ALL ON SCHEMA s TO joe;", "GRANT USAGE ON SCHEMA s TO joe;"},
    };
    for (const auto& [one, other] : cases) {
        INFO(one);
        CHECK_FALSE(neutral(one).empty());
        CHECK(neutral(one) != neutral(other));
    }
}
