// Drills on another version than the dump's: what only that version does says nothing about the
// dump, and the report says what was not proven.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/drill_scene.hpp"

#include <fmt/format.h>

using namespace dbbackup::test;

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_shop = R"(
create table goods (id serial primary key, name text);
insert into goods (name) select 'thing ' || g from generate_series(1, 20) g;
create index goods_by_name on goods (name);
create view names as select name from goods;
create table sales (goods integer constraint sold references goods);
create rule keep as on delete to goods do instead nothing;
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger watch before update on goods for each row execute function f();
create policy sellers on sales using (true);
grant select on goods to public;
select lo_from_bytea(70001, 'first');
)";

/// A dump that its own functions keep from being restored: the CHECK holds for no role that
/// restores.
const std::string k_refused =
    "create function f(integer) returns boolean language plpgsql as 'begin return "
    "current_setting(''application_name'') <> ''dbbackup''; end';"
    "create table t (a integer check (f(a))); insert into t values (1);";

/// A unique index on what a function says, which is the same for all rows as soon as they are
/// restored.
const std::string k_duplicates =
    "create function f(integer) returns integer language plpgsql immutable as 'begin return case "
    "when current_setting(''application_name'') = ''dbbackup'' then 0 else $1 end; end';"
    "create table t (a integer); insert into t values (1), (2); create unique index on t (f(a));";

nlohmann::ordered_json manifest_of(const std::filesystem::path& dump) {
    return nlohmann::ordered_json::parse(read_file(dump.string() + ".json"));
}

/// Changes a field in a manifest, as if the dump were of that version.
void edit_manifest(const std::filesystem::path& dump, const char* object, const char* field,
                   const std::string& value) {
    auto manifest = manifest_of(dump);
    manifest.at(object)[field] = value;
    write_file(dump.string() + ".json", manifest.dump(2));
}

/// Of the server's major version, and not the server's own.
std::string another_minor() {
    return fmt::format("{}.999 (Debian)", Cluster::shared().major());
}

/// A dump, a drill on the tests' own server, and what its copy looks like.
struct VersionScene {
    explicit VersionScene(const std::string& sql) : scene(sql), dump(scene.dump()) {
        tools.use_real("pg_restore");
    }

    /// The copy is dumped through `filter`.
    [[nodiscard]] Drilled drill(const std::string& filter = "cat") {
        tools.make("pg_dump", fmt::format("{} \"$@\" | {}\n", FakeTools::real("pg_dump"), filter));
        Drilled drilled = scene.drill(dump, role.with({"--bin-dir", tools.directory()}));
        role.check_nothing_left();
        return drilled;
    }

    DrillScene scene;
    std::filesystem::path dump;
    ScratchRole role{"login superuser"};
    FakeTools tools{scene.temp()};
};

} // namespace

TEST_CASE("a later version's refusal of a dump's statement does not make the dump damaged") {
    VersionScene versions{k_refused};
    edit_manifest(versions.dump, "database", "server_version", "11.22 (Debian)");
    const Drilled drilled = versions.drill();
    versions.scene.check_failed(
        drilled, 1, "the dump is from PostgreSQL 11.22, and was drilled on PostgreSQL ");
    CHECK(text_of(drilled.dump.at("message")).find("violates check constraint") !=
          std::string::npos);
    const std::string hint = text_of(drilled.dump.at("hint"));
    CHECK(hint.find("does not show damage") != std::string::npos);
    CHECK(hint.find("Drill it on PostgreSQL 11. ") != std::string::npos);
    CHECK(hint.find("postgresql-11") != std::string::npos);
    CHECK(hint.find("--scratch-url") != std::string::npos);
    // Only that it was read is recorded.
    const auto manifest = manifest_of(versions.dump);
    REQUIRE(manifest.at("verifications").size() == 1);
    CHECK(manifest.at("verifications").at(0).at("level") == "read");
    CHECK(manifest.at("verifications").at(0).at("result") == "ok");
    INFO("the control: its own version's refusal does");
    edit_manifest(versions.dump, "database", "server_version", another_minor());
    versions.scene.check_failed(versions.drill(), 3, "violates check constraint");
}

TEST_CASE("tables that a later version cannot make do not make a plain pg_dump's dump damaged") {
    const DrillScene scene;
    const ScratchRole role{"login superuser"};
    const auto dump_of = [](const std::string& version) {
        return fmt::format(
            "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version "
            "{0}\n-- Dumped by pg_dump version {0}\n\nCREATE TABLE public.t (a "
            "integer) WITH (oids='true');\n\n--\n-- PostgreSQL database dump complete\n--\n\n",
            version);
    };
    const Drilled drilled = scene.drill(scene.write_dump(dump_of("9.6.24")), role.with());
    scene.check_failed(drilled, 1, "the dump is from PostgreSQL 9.6.24, and was drilled on");
    CHECK(text_of(drilled.dump.at("hint")).find("Drill it on PostgreSQL 9.") != std::string::npos);
    scene.check_failed(
        scene.drill(scene.write_dump(dump_of(fmt::format("{}.1", Cluster::shared().major()))),
                    role.with()),
        3, "WITH OIDS");
}

TEST_CASE("rows that break a unique index are damage on any version") {
    VersionScene versions{k_duplicates};
    edit_manifest(versions.dump, "database", "server_version", "11.22");
    versions.scene.check_failed(versions.drill(), 3, "could not create unique index");
}

TEST_CASE("if a library does not load on a later version, the error names both versions") {
    const DrillScene scene;
    const ScratchRole role{"login superuser"};
    const auto dump_of = [&scene](const std::string& version) {
        return scene.write_dump(fmt::format(
            "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version {0}\n-- Dumped "
            "by pg_dump version {0}\n\nCREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE "
            "c\n    AS '$libdir/no_such_library', 'f';\n\n--\n-- PostgreSQL database dump "
            "complete\n--\n\n",
            version));
    };
    const Drilled drilled = scene.drill(dump_of("11.22"), role.with());
    scene.check_failed(drilled, 1,
                       "the dump is from PostgreSQL 11.22, and was drilled on PostgreSQL ");
    CHECK(text_of(drilled.dump.at("message")).find("no_such_library") != std::string::npos);
    const std::string hint = text_of(drilled.dump.at("hint"));
    CHECK(
        hint.find(fmt::format("Install it for PostgreSQL {}, or drill the dump on PostgreSQL 11. ",
                              Cluster::shared().major())) != std::string::npos);
    const Drilled of_own =
        scene.drill(dump_of(fmt::format("{}.1", Cluster::shared().major())), role.with());
    scene.check_failed(of_own, 1, "no_such_library");
    CHECK(text_of(of_own.dump.at("message")).find("was drilled on") == std::string::npos);
}

TEST_CASE("syntax of a later pg_dump that the server does not know does not make a dump damaged") {
    const DrillScene scene;
    const ScratchRole role{"login superuser"};
    const auto dump = scene.write_dump(fmt::format(
        "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version {}.1\n-- Dumped by "
        "pg_dump version 99.1\n\nCREATE TABLE public.t (a integer) WITH (oids='true');\n\n--\n-- "
        "PostgreSQL database dump complete\n--\n\n",
        Cluster::shared().major()));
    const Drilled drilled = scene.drill(dump, role.with());
    scene.check_failed(drilled, 1, "the dump is by pg_dump 99.1, and was drilled on PostgreSQL ");
    CHECK(text_of(drilled.dump.at("hint")).find("pg_dump 99 writes for PostgreSQL 99 and later") !=
          std::string::npos);
    INFO("the control: no pg_dump is to blame for what breaks a CHECK");
    VersionScene versions{k_refused};
    edit_manifest(versions.dump, "dump", "pg_dump_version", "99.1 (Debian)");
    versions.scene.check_failed(versions.drill(), 3, "violates check constraint");
}

TEST_CASE("a statement that another minor version writes differently is a note") {
    VersionScene versions{k_shop};
    const std::string otherwise =
        "sed 's/DO INSTEAD NOTHING/DO INSTEAD  DELETE FROM public.sales/'";
    versions.scene.check_failed(versions.drill(otherwise), 3, "RULE keep");
    for (const auto& [object, field] : std::vector<std::pair<std::string, std::string>>{
             {"database", "server_version"}, {"dump", "pg_dump_version"}}) {
        INFO(object);
        versions.dump = versions.scene.dump();
        const std::string was = manifest_of(versions.dump).at(object).at(field);
        edit_manifest(versions.dump, object.c_str(), field.c_str(),
                      was.substr(0, was.find('.')) + ".999 (Debian)");
        const Drilled drilled = versions.drill(otherwise);
        versions.scene.check_proven(drilled);
        CHECK(drilled.compared("public", "goods") == "contents");
        const std::string why = text_of(drilled.drill().at("text_not_compared"));
        CHECK(why.find("2 statements differ, but the dump ") == 0);
        CHECK(why.find(".999, ") != std::string::npos);
        REQUIRE(drilled.drill().at("notes").size() == 2);
        CHECK(text_of(drilled.drill().at("notes").at(0)).find("only in the dump: CREATE RULE") ==
              0);
        CHECK(text_of(drilled.drill().at("notes").at(1)).find("only in the copy: CREATE RULE") ==
              0);
        CHECK(manifest_of(versions.dump).at("verifications").at(0).at("text_not_compared") == why);

        const ProgramResult told = run_program(
            versions.scene.words(versions.dump,
                                 versions.role.with({"--bin-dir", versions.tools.directory()})),
            versions.scene.options());
        CHECK(told.exit_code == 0);
        CHECK(told.out.find(": proven\n") != std::string::npos);
        CHECK(told.out.find("and the text of the schema\n") == std::string::npos);
        CHECK(told.out.find("the text of the schema was not proven: 2 statements differ, but ") !=
              std::string::npos);
        CHECK(told.out.find("note: only in the copy: CREATE RULE") != std::string::npos);
    }
}

/// A database with what later versions may write differently, and what they may not.
constexpr const char* k_settings = R"(
create table goods (id integer primary key, name text default 'none', price integer,
                    constraint priced check (price > 0) no inherit);
create unlogged table cache (line text);
create domain positive as integer check (value > 0);
create function twice(integer) returns integer language sql as 'select 2 * $1';
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger watch before update on goods for each row execute function f();
alter table goods disable trigger watch;
create policy sellers on goods using (true);
alter table goods enable row level security, force row level security;
create publication news for table goods;
create view names as select name from goods where name <> 'none';
comment on table goods is 'all of them';
grant select on goods to public;
)";

TEST_CASE("statements that are lost, or differ in more than an expression, are no notes") {
    VersionScene versions{k_settings};
    for (const std::string& version : {another_minor(), std::string{"11.22"}}) {
        edit_manifest(versions.dump, "database", "server_version", version);
        INFO(version);
        versions.scene.check_proven(versions.drill());
        const auto check_found = [&](const std::string& filter, const std::string& difference) {
            INFO(filter);
            const Drilled drilled = versions.drill(filter);
            versions.scene.check_failed(drilled, 3, difference);
            CHECK(drilled.drill().at("notes").empty());
        };
        check_found("sed '/^COMMENT ON TABLE/d'", "COMMENT ON TABLE public.goods");
        check_found("sed '/^COMMENT ON TABLE/s/all/some/'", "COMMENT ON TABLE public.goods");
        check_found("sed '/^ALTER TABLE public.goods OWNER/s/postgres/pg_monitor/'",
                    "only in the copy: ALTER TABLE public.goods OWNER TO pg_monitor");
        check_found("sed '/^GRANT/d'", "GRANT SELECT ON TABLE public.goods");
        check_found("sed 's/2 \\* \\$1/3 * $1/'", "FUNCTION public.twice");
        check_found("sed 's/ CONSTRAINT positive_check.*/;/;/^.CONSTRAINT positive_check/d; "
                    "s/^CREATE DOMAIN.*/&;/;s/;;/;/'",
                    "DOMAIN public.positive");
        check_found("sed \"s/ DEFAULT 'none'::text//\"", "TABLE public.goods");
        check_found("sed \"s/ DEFAULT 'none'::text/ DEFAULT 'mallory'::text/\"",
                    "TABLE public.goods");
        check_found("sed \"s/^    price integer/& DEFAULT 5/\"", "TABLE public.goods");
        check_found("sed '/CONSTRAINT priced/s/ NO INHERIT//'", "TABLE public.goods");
        check_found("sed 's/^CREATE UNLOGGED/CREATE/'", "UNLOGGED TABLE public.cache");
        check_found("sed '/ENABLE ROW LEVEL SECURITY/d'", "ENABLE ROW LEVEL SECURITY");
        check_found("sed '/FORCE ROW LEVEL SECURITY/d'", "FORCE ROW LEVEL SECURITY");
        check_found("sed '/DISABLE TRIGGER/d'", "DISABLE TRIGGER watch");
        check_found("sed '/^ALTER PUBLICATION.*ADD TABLE/d'", "ALTER PUBLICATION news ADD TABLE");
        check_found("sed \"s/<> 'none'/<> 'some'/\"", "VIEW public.names");
    }
}

TEST_CASE("if another minor version writes all statements alike, the text is proven") {
    VersionScene versions{k_shop};
    edit_manifest(versions.dump, "database", "server_version", another_minor());
    const Drilled drilled = versions.drill();
    versions.scene.check_proven(drilled);
    CHECK(drilled.drill().at("text_not_compared").is_null());
    CHECK(drilled.drill().at("notes").empty());
    CHECK_FALSE(manifest_of(versions.dump).at("verifications").at(0).contains("text_not_compared"));
}

TEST_CASE("rows, objects and values that differ are damage on any version") {
    VersionScene versions{k_shop};
    for (const std::string& version : {another_minor(), std::string{"11.22"}}) {
        edit_manifest(versions.dump, "database", "server_version", version);
        const auto check_found = [&](const std::string& filter, const std::string& difference) {
            INFO(version << ": " << filter);
            versions.scene.check_failed(versions.drill(filter), 3, difference);
        };
        check_found("sed '/^7\tthing 7$/d'",
                    "table public.goods has 20 rows in the dump, 19 came back");
        check_found("sed '/^CREATE INDEX/d'", "goods_by_name is missing in the copy");
        check_found("sed '/^CREATE INDEX/{p;s/goods_by_name/another/}'", "another");
        check_found("sed '/^CREATE VIEW/,/;$/d'", "view public.names is missing in the copy");
        check_found("sed '/^CREATE RULE/,/;$/d'", "rule keep is missing in the copy");
        check_found("sed '/^CREATE TRIGGER/d'", "trigger watch is missing in the copy");
        check_found("sed '/^CREATE POLICY/{p;s/sellers/others/}'",
                    "policy others is only in the copy");
        check_found("sed 's/ADD CONSTRAINT sold FOREIGN/ADD CONSTRAINT bought FOREIGN/'",
                    "foreign key of table sales: public.sold is missing in the copy");
        check_found("sed \"s/setval('public.goods_id_seq', 20/setval('public.goods_id_seq', 2/\"",
                    "sequence public.goods_id_seq");
        check_found("sed 's/6669727374/6669727375/'", "large object 70001");
    }
}

TEST_CASE("rows that the dump's own code changes are damage on any version") {
    VersionScene versions{
        "create table a (x integer); insert into a values (7);"
        "create function f(integer) returns boolean language plpgsql as 'begin if "
        "current_setting(''application_name'') = ''dbbackup'' then update public.a set x = 8; end "
        "if; return true; end'; create table b (x integer check (f(x))); insert into b values (1)"};
    for (const std::string& version : {another_minor(), std::string{"11.22"}}) {
        INFO(version);
        edit_manifest(versions.dump, "database", "server_version", version);
        versions.scene.check_failed(versions.drill(), 3,
                                    "table public.a came back with other rows");
    }
}
