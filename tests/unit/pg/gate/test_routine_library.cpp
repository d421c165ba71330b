#include "pg/gate/routine_library.hpp"
#include "support/catch.hpp"
#include "unit/pg/read_script.hpp"

#include <dbbackup/pg/dump_inspector.hpp>

using namespace dbbackup;

namespace {

/// The file that a CREATE FUNCTION with these clauses makes the server load, if it is outside.
std::string file_of(const std::string& clauses, const std::string& name = "public.f") {
    const std::string sql =
        "CREATE FUNCTION " + name + "(a integer DEFAULT 1) RETURNS integer " + clauses + ";\n";
    pg::DumpInspector inspector;
    inspector.observe(base::as_bytes(sql));
    const auto& functions = inspector.summary().inventory.outside_functions;
    return functions.empty() ? "" : functions.front().file;
}

} // namespace

TEST_CASE("C functions in the server's library directory") {
    for (const char* as :
         {"'$libdir/postgis-3', 'sym'", "'bare_name', 'sym'", "'$libdir/regress'", "'plpgsql'",
          "E'$libdir/hstore', 'a'", "'$libdir/a b''c', 'x/y'", "'x..so', 'f'"}) {
        INFO(as);
        CHECK(file_of("LANGUAGE c IMMUTABLE STRICT AS " + std::string{as}).empty());
        CHECK(file_of("AS " + std::string{as} + " LANGUAGE c").empty());
    }
}

TEST_CASE("C functions anywhere else") {
    const std::string evil = "/home/x/evil.so";
    CHECK(file_of("LANGUAGE c AS '" + evil + "', 'sym'") == evil);
    CHECK(file_of("AS '" + evil + "', 'sym' LANGUAGE c") == evil);
    CHECK(file_of("LANGUAGE C AS '" + evil + "'") == evil);
    CHECK(file_of("LANGUAGE \"c\" AS '" + evil + "'") == evil);
    CHECK(file_of("LANGUAGE 'c' AS '" + evil + "'") == evil);
    CHECK(file_of("LANGUAGE E'\\x63' AS '" + evil + "'") == evil);
    CHECK(file_of("language/**/c\nas\n'" + evil + "'") == evil);
    CHECK(file_of("SET a TO b, c LANGUAGE c AS '" + evil + "'") == evil);
    CHECK(file_of("LANGUAGE c AS $$" + evil + "$$, 'sym'") == "$$…$$");
    for (const char* file : {"$libdir/../../tmp/evil", "$libdir/sub/evil", "../evil", "./evil",
                             "sub/evil", "..", "$libdir/..", "$libdir/", "$evil", "$libdir",
                             "$libdir//evil", "$libdir\\evil", "evil/"}) {
        INFO(file);
        CHECK(file_of("LANGUAGE c AS '" + std::string{file} + "', 'sym'") == file);
    }
    CHECK_FALSE(file_of("LANGUAGE c AS E'$libdir\\x2f..\\x2fevil'").empty());
    CHECK_FALSE(file_of("LANGUAGE c AS '$libdir/" + std::string(400, 'x') + "/../evil'").empty());
    CHECK(file_of("LANGUAGE c AS ''") == "$$…$$");
}

TEST_CASE("the clauses of a C function are found in any position") {
    const std::string evil = "/home/x/evil.so";
    std::string settings;
    for (int i = 0; i < 100; ++i) {
        settings += " SET a.b" + std::to_string(i) + " TO 'x'";
    }
    CHECK(file_of("LANGUAGE c" + settings + " AS '" + evil + "'") == evil);
    CHECK(file_of(settings + " AS '" + evil + "' LANGUAGE c") == evil);
    // psql and the lexer treat this as a routine's body; the server does not.
    CHECK(file_of("LANGUAGE c AS '" + evil + "', 'sym' SUPPORT public.end", "public.begin") ==
          evil);
    CHECK(file_of("AS '" + evil + "' LANGUAGE $$c$$") == evil);
    CHECK(file_of("LANGUAGE $x$c$x$ AS '" + evil + "'") == evil);
    CHECK(file_of("SET a.b TO begin LANGUAGE c AS '" + evil + "' SUPPORT public.end") == evil);
}

TEST_CASE("a C function that looks for its file elsewhere") {
    CHECK(file_of("LANGUAGE c SET dynamic_library_path TO '/tmp' AS 'evil'") ==
          "dynamic_library_path");
    CHECK(file_of("LANGUAGE c SET \"Dynamic_Library_PATH\" TO '/tmp' AS 'evil'") ==
          "dynamic_library_path");
    CHECK(file_of("LANGUAGE sql SET dynamic_library_path TO '/tmp' AS 'select 1'").empty());
}

TEST_CASE("functions in other languages may have any text") {
    for (const char* clauses :
         {"LANGUAGE sql AS '/a/b'", "LANGUAGE plpgsql AS $$ /a $$",
          "LANGUAGE internal AS 'lo_open'", "LANGUAGE \"C\"\"\" AS '/a'", "LANGUAGE sql\n RETURN 1",
          "LANGUAGE sql BEGIN ATOMIC SELECT '/a' AS c; END"}) {
        INFO(clauses);
        CHECK(file_of(clauses).empty());
    }
}

TEST_CASE("a procedure in C counts too, and other statements do not") {
    const auto script_of = [](const std::string& sql) {
        pg::DumpInspector inspector;
        inspector.observe(base::as_bytes(sql));
        return inspector.summary().inventory.outside_functions;
    };
    CHECK(script_of("CREATE PROCEDURE s.p() LANGUAGE c AS '/x', 'p';\n") ==
          std::vector<pg::OutsideFunction>{{"s", "p", "/x"}});
    CHECK(script_of("SET search_path = s, pg_catalog;\nCREATE FUNCTION f() RETURNS int LANGUAGE c "
                    "AS '/x', 'p';\nCREATE FUNCTION g() RETURNS int LANGUAGE c AS 'y', 'p';\n") ==
          std::vector<pg::OutsideFunction>{{"s", "f", "/x"}});
    CHECK(script_of("CREATE VIEW s.v AS SELECT language c, 'a' AS '/x';\n").empty());
}
