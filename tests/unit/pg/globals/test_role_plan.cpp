#include "support/catch.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/pg/role_plan.hpp>

#include <algorithm>
#include <string>

namespace dbbackup {

namespace {

constexpr const char* k_end = "--\n-- PostgreSQL database cluster dump complete\n--\n\n";

pg::GlobalsReader read(const std::string& sql) {
    pg::GlobalsReader reader;
    for (const char c : sql) { // cut anywhere
        reader.observe(base::as_bytes(std::string_view{&c, 1}));
    }
    reader.finish();
    return reader;
}

pg::RoleTarget target_of(int major) {
    pg::RoleTarget target;
    target.major = major;
    target.roles = {"postgres", "pg_read_all_data", "old"};
    target.name = "postgres";
    target.superuser = true;
    return target;
}

bool has(const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

} // namespace

TEST_CASE("the roles of pg_dumpall are read into values") {
    const auto reader = read(std::string{R"(\restrict abc
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
CREATE ROLE "we""ird; x";
ALTER ROLE "we""ird; x" WITH SUPERUSER NOINHERIT CREATEROLE CREATEDB LOGIN NOREPLICATION BYPASSRLS CONNECTION LIMIT 5 PASSWORD 'SCRAM-SHA-256$4096:a' VALID UNTIL '2030-01-01 00:00:00+00';
COMMENT ON ROLE "we""ird; x" IS E'it''s a \\ comment; DROP ROLE x';
ALTER ROLE "we""ird; x" SET search_path TO 'a', 'B c';
GRANT a TO b WITH ADMIN OPTION, INHERIT FALSE, SET TRUE GRANTED BY postgres;
CREATE TABLESPACE fast OWNER postgres LOCATION '/mnt/fast';
GRANT SET ON PARAMETER work_mem TO b;
\unrestrict abc
)"} + k_end);
    CHECK(reader.incompleteness() == "");
    CHECK(reader.refused() == "");
    const pg::Globals& globals = reader.globals();
    REQUIRE(globals.roles.size() == 1);
    const pg::GlobalRole& role = globals.roles[0];
    CHECK(role.name == "we\"ird; x");
    CHECK(role.superuser);
    CHECK(!role.inherit);
    CHECK(!role.replication);
    CHECK(role.connection_limit == 5);
    CHECK(role.comment == "it's a \\ comment; DROP ROLE x");
    CHECK(role.settings == std::vector<pg::RoleSetting>{{"search_path", {"a", "B c"}}});
    REQUIRE(globals.memberships.size() == 1);
    CHECK(globals.memberships[0] == pg::GlobalMembership{"a", "b", true, false, true});
    CHECK(globals.tablespaces == std::vector<pg::GlobalTablespace>{{"fast", "postgres"}});
    CHECK(globals.left_out == std::vector<std::string>{"privileges on parameter work_mem"});
}

TEST_CASE("roles that are cut, or followed by anything, are not complete") {
    CHECK(read("CREATE ROLE a;\n").incompleteness() != "");
    CHECK(read(std::string{"CREATE ROLE a;\nCOMMENT ON ROLE a IS '\n"} + k_end).incompleteness() !=
          "");
    CHECK(read(std::string{k_end} + "CREATE ROLE a;\n").incompleteness() != "");
    CHECK(read(std::string{k_end} + "\\! x\n").incompleteness() != "");
    CHECK(read(k_end).incompleteness() == "");
}

TEST_CASE("roles that exist are never changed, and power is given only if asked") {
    pg::Globals globals;
    globals.roles = {{.name = "old", .superuser = true, .comment = "new comment"},
                     {.name = "app", .superuser = true, .login = true},
                     {.name = "readers"}};
    globals.roles[1].settings = {{"session_preload_libraries", {"/tmp/x"}}, {"work_mem", {"8MB"}}};
    globals.memberships = {{"readers", "app"}, {"postgres", "app"}, {"readers", "old"}};
    const pg::RolePlan careful =
        pg::plan_roles(globals, target_of(15), pg::RoleAttributes::leave_out);
    CHECK(careful.existing == std::vector<std::string>{"old"});
    CHECK(careful.created == std::vector<std::string>{"app", "readers"});
    for (const pg::RoleStatement& statement : careful.statements) {
        INFO(statement.sql);
        CHECK(statement.sql.find("\"old\"") == std::string::npos);
        CHECK(statement.sql.find("superuser") == std::string::npos);
        CHECK(statement.sql.find("postgres") == std::string::npos);
        CHECK(statement.sql.find("preload") == std::string::npos);
    }
    CHECK(has(careful.left_out, "superuser of role app"));
    CHECK(has(careful.left_out, "membership of app in postgres"));
    CHECK(has(careful.left_out, "membership of old in readers"));
    CHECK(has(careful.left_out, "setting session_preload_libraries of app"));

    const pg::RolePlan trusting =
        pg::plan_roles(globals, target_of(16), pg::RoleAttributes::restore);
    CHECK(trusting.statements[0].sql == "create role \"app\" with inherit login superuser");
    CHECK(trusting.statements.back().sql == "grant \"postgres\" to \"app\" with admin false");
    CHECK(trusting.left_out == std::vector<std::string>{"membership of old in readers"});
}

TEST_CASE("names and values are quoted") {
    pg::Globals globals;
    globals.roles = {{.name = "a\"; drop role x; --", .comment = "it's \\' or; --"}};
    const pg::RolePlan plan = pg::plan_roles(globals, target_of(15), pg::RoleAttributes::leave_out);
    REQUIRE(plan.statements.size() == 2);
    CHECK(plan.statements[0].sql == "create role \"a\"\"; drop role x; --\" with inherit nologin");
    CHECK(plan.statements[1].sql ==
          "comment on role \"a\"\"; drop role x; --\" is E'it''s \\\\'' or; --'");
}

} // namespace dbbackup
