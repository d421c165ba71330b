#include "pg/inventory/outside_object.hpp"
#include "support/catch.hpp"
#include "unit/pg/parsed.hpp"

#include <string>
#include <vector>

using namespace dbbackup::pg;

namespace {

std::string found(const std::string& sql) {
    const Parsed parsed{sql};
    const auto object = find_outside_object(parsed.statement());
    return object ? object->kind + " " + object->name : "";
}

} // namespace

TEST_CASE("the object outside schemas that a statement of pg_dump is about") {
    for (const auto& [sql, object] : std::vector<std::pair<std::string, std::string>>{
             {"CREATE PUBLICATION \"the News\" FOR ALL TABLES", "publication the News"},
             {"ALTER PUBLICATION news OWNER TO postgres", "publication news"},
             {"ALTER PUBLICATION news ADD TABLE ONLY public.t", "publication news"},
             {"COMMENT ON PUBLICATION news IS 'x'", "publication news"},
             {"SECURITY LABEL FOR x ON PUBLICATION news IS 'x'", "publication news"},
             {"ALTER EVENT TRIGGER e DISABLE", "event trigger e"},
             {"CREATE SERVER s FOREIGN DATA WRAPPER w", "server s"},
             {"ALTER SERVER s OWNER TO postgres", "server s"},
             {"GRANT USAGE ON FOREIGN SERVER s TO app", "server s"},
             {"REVOKE ALL ON FOREIGN SERVER \"My S\" FROM postgres", "server My S"},
             {"CREATE USER MAPPING FOR app SERVER s OPTIONS (a 'b')", "server s"},
             {"CREATE USER MAPPING FOR \"a server\" SERVER s", "server s"},
             {"GRANT ALL ON FOREIGN DATA WRAPPER w TO app", "foreign data wrapper w"},
             {"CREATE TRUSTED PROCEDURAL LANGUAGE l HANDLER h", "language l"},
             {"ALTER PROCEDURAL LANGUAGE l OWNER TO postgres", "language l"},
             {"COMMENT ON LANGUAGE l IS 'x'", "language l"},
             {"CREATE ACCESS METHOD a TYPE TABLE HANDLER h", "access method a"},
             {"CREATE CAST (box AS pg_catalog.text) WITH INOUT", "cast box AS text"},
             {"COMMENT ON CAST (box AS pg_catalog.text) IS 'x'", "cast box AS text"},
             {"CREATE TRANSFORM FOR int LANGUAGE l (FROM SQL WITH FUNCTION f(internal))",
              "transform FOR int LANGUAGE l"},
             {"COMMENT ON TRANSFORM FOR int LANGUAGE l IS 'x'", "transform FOR int LANGUAGE l"},
             {"CREATE TABLE server (i int)", ""},
             {"CREATE SCHEMA s", ""},
             {"GRANT SELECT ON TABLE t TO app", ""},
             {"CREATE FUNCTION f() RETURNS int LANGUAGE l AS 'x'", ""},
             {"CREATE FOREIGN TABLE f (i int) SERVER s", ""},
             {"SET role = 'x'", ""}}) {
        INFO(sql);
        CHECK(found(sql) == object);
    }
}
