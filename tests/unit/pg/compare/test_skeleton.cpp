#include "pg/compare/normal_form.hpp"
#include "pg/compare/skeleton.hpp"
#include "support/catch.hpp"

#include <string>

using namespace dbbackup::pg;

namespace {

std::string skeleton_of(const std::string& sql) {
    std::string text;
    for (const Word& word : skeleton(significant_words(sql, Backslashes::plain))) {
        text += (text.empty() ? "" : " ") + std::string{word.text};
    }
    return text;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

} // namespace

TEST_CASE("statements that differ in what the server writes from a parse tree have one skeleton") {
    const Pairs cases = {
        {"CREATE VIEW s.v AS SELECT t.a FROM s.t WHERE (t.b = 'x'::text);",
         "CREATE VIEW s.v AS SELECT a FROM s.t WHERE b = 'x';"},
        {"CREATE MATERIALIZED VIEW s.v AS SELECT t.a FROM s.t WITH NO DATA;",
         "CREATE MATERIALIZED VIEW s.v AS SELECT a FROM s.t WITH NO DATA;"},
        {"CREATE RULE r AS ON UPDATE TO s.t WHERE (old.a) DO INSTEAD UPDATE l trg SET a = 1;",
         "CREATE RULE r AS ON UPDATE TO s.t WHERE old.a DO INSTEAD UPDATE l AS trg SET a = 1;"},
        {"CREATE TABLE s.t (a integer DEFAULT f(1, 2) NOT NULL, b text DEFAULT ('x'::text || "
         "c) COLLATE \"C\", CONSTRAINT k CHECK ((a > 0)));",
         "CREATE TABLE s.t (a integer DEFAULT g(1, 2) NOT NULL, b text DEFAULT concat('x', d) "
         "COLLATE \"C\", CONSTRAINT k CHECK (0 < a));"},
        {"CREATE TABLE s.t (a integer GENERATED ALWAYS AS ((b + 1)) STORED);",
         "CREATE TABLE s.t (a integer GENERATED ALWAYS AS (1 + b) STORED);"},
        {"CREATE TABLE s.t (a text) PARTITION BY RANGE (lower((a)::text), b);",
         "CREATE TABLE s.t (a text) PARTITION BY RANGE (lower(a), b);"},
        {"CREATE INDEX i ON s.t USING btree (((a + 1)) DESC) INCLUDE (b) WHERE (c > 5);",
         "CREATE INDEX i ON s.t USING btree ((1 + a) DESC) INCLUDE (b) WHERE (5 < c);"},
        {"ALTER TABLE ONLY s.t ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&) WHERE ((a > 5));",
         "ALTER TABLE ONLY s.t ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&) WHERE (5 < a);"},
        {"ALTER TABLE ONLY s.t ALTER COLUMN a SET DEFAULT nextval('s.q'::regclass);",
         "ALTER TABLE ONLY s.t ALTER COLUMN a SET DEFAULT pg_catalog.nextval('s.q');"},
        {"CREATE POLICY p ON s.t FOR ALL TO joe USING ((a > 5)) WITH CHECK (a > 6);",
         "CREATE POLICY p ON s.t FOR ALL TO joe USING (5 < a) WITH CHECK (6 < a);"},
        {"CREATE TRIGGER g AFTER UPDATE ON s.t FOR EACH ROW WHEN ((new.a > 1)) EXECUTE FUNCTION "
         "s.f('x');",
         "CREATE TRIGGER g AFTER UPDATE ON s.t FOR EACH ROW WHEN (1 < new.a) EXECUTE FUNCTION "
         "s.f('x');"},
        {"CREATE FUNCTION s.f(a integer DEFAULT (1 + 2)) RETURNS integer LANGUAGE sql BEGIN "
         "ATOMIC SELECT f.a; END;",
         "CREATE FUNCTION s.f(a integer DEFAULT add(1, 2)) RETURNS integer LANGUAGE sql BEGIN "
         "ATOMIC SELECT a; END;"},
        {"CREATE FUNCTION s.f(a integer) RETURNS integer LANGUAGE sql RETURN (a + 1);",
         "CREATE FUNCTION s.f(a integer) RETURNS integer LANGUAGE sql RETURN 1 + a;"},
        {"CREATE STATISTICS s.x (mcv) ON a, (b + 1) FROM s.t;",
         "CREATE STATISTICS s.x (mcv) ON a, (1 + b) FROM s.t;"},
        {"ALTER PUBLICATION p ADD TABLE ONLY s.t (a, b) WHERE ((a > 5));",
         "ALTER PUBLICATION p ADD TABLE ONLY s.t (b, a) WHERE (5 < a);"},
        {"CREATE DOMAIN s.d AS text NOT NULL DEFAULT 'x'::text CONSTRAINT c CHECK ((VALUE <> ''));",
         "CREATE DOMAIN s.d AS text NOT NULL DEFAULT 'x' CONSTRAINT c CHECK (NOT VALUE = '');"},
    };
    for (const auto& [one, other] : cases) {
        INFO(one);
        CHECK(skeleton_of(one) == skeleton_of(other));
    }
}

TEST_CASE("statements that differ in what the server stores as given differ in their skeletons") {
    const Pairs cases = {
        {"COMMENT ON TABLE s.t IS 'x';", "COMMENT ON TABLE s.t IS 'y';"},
        {"ALTER TABLE s.t OWNER TO joe;", "ALTER TABLE s.t OWNER TO jim;"},
        {"GRANT SELECT ON TABLE s.t TO joe;", "GRANT ALL ON TABLE s.t TO joe;"},
        {"CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS $$select 1$$;",
         "CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS $$select 2$$;"},
        {"CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql SECURITY DEFINER RETURN 1;",
         "CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql RETURN 1;"},
        {"CREATE FUNCTION s.f(a integer DEFAULT 1) RETURNS integer LANGUAGE c;",
         "CREATE FUNCTION s.f(a integer) RETURNS integer LANGUAGE c;"},
        {"CREATE DOMAIN s.d AS integer CONSTRAINT c CHECK ((VALUE > 0));",
         "CREATE DOMAIN s.d AS integer;"},
        {"CREATE TABLE s.t (a text);", "CREATE TABLE s.t (a text DEFAULT 'mallory'::text);"},
        {"CREATE TABLE s.t (a text DEFAULT 'x');", "CREATE TABLE s.t (a text DEFAULT 'y');"},
        {"CREATE TABLE s.t (a text DEFAULT 'x' NOT NULL);", "CREATE TABLE s.t (a text DEFAULT "
                                                            "'x');"},
        {"CREATE TABLE s.t (a integer, CHECK ((a > 0)));",
         "CREATE TABLE s.t (a integer, CHECK ((a > 1)));"},
        {"CREATE TABLE s.t (a integer, CHECK ((a > 0)) NO INHERIT);",
         "CREATE TABLE s.t (a integer, CHECK ((a > 0)));"},
        {"CREATE TABLE s.t (a integer, b text);", "CREATE TABLE s.t (a integer);"},
        {"CREATE UNLOGGED TABLE s.t (a integer);", "CREATE TABLE s.t (a integer);"},
        {"CREATE INDEX i ON s.t USING btree (a);", "CREATE INDEX i ON s.t USING btree (b);"},
        {"CREATE INDEX i ON s.t USING btree (a DESC);", "CREATE INDEX i ON s.t USING btree (a);"},
        {"CREATE INDEX i ON s.t USING btree (a) WHERE (b);", "CREATE INDEX i ON s.t USING btree "
                                                             "(a);"},
        {"CREATE VIEW s.v WITH (security_barrier='true') AS SELECT 1;",
         "CREATE VIEW s.v AS SELECT 1;"},
        {"CREATE VIEW s.v AS SELECT a FROM b WITH LOCAL CHECK OPTION;",
         "CREATE VIEW s.v AS SELECT a FROM b;"},
        {"CREATE VIEW s.v AS SELECT a FROM b WHERE c = 'x';",
         "CREATE VIEW s.v AS SELECT a FROM b WHERE c = 'y';"},
        {"CREATE RULE r AS ON DELETE TO s.t DO INSTEAD DELETE FROM u;",
         "CREATE RULE r AS ON DELETE TO s.t DO DELETE FROM u;"},
        {"CREATE RULE r AS ON DELETE TO s.t WHERE old.a DO INSTEAD NOTHING;",
         "CREATE RULE r AS ON DELETE TO s.t DO INSTEAD NOTHING;"},
        {"CREATE POLICY p ON s.t USING (a) WITH CHECK (a);", "CREATE POLICY p ON s.t USING (a);"},
        {"CREATE POLICY p ON s.t TO joe USING (a);", "CREATE POLICY p ON s.t TO jim USING (a);"},
        {"CREATE TRIGGER g AFTER UPDATE ON s.t EXECUTE FUNCTION s.f('x');",
         "CREATE TRIGGER g AFTER UPDATE ON s.t EXECUTE FUNCTION s.f('y');"},
        {"ALTER DEFAULT PRIVILEGES FOR ROLE joe GRANT ALL ON TABLES TO jim;",
         "ALTER DEFAULT PRIVILEGES FOR ROLE joe GRANT ALL ON TABLES TO jack;"},
        {"CREATE TYPE s.c (INPUT = i, DEFAULT = 'x');", "CREATE TYPE s.c (INPUT = i, DEFAULT = "
                                                        "'y');"},
    };
    for (const auto& [one, other] : cases) {
        INFO(one);
        CHECK(skeleton_of(one) != skeleton_of(other));
    }
}
