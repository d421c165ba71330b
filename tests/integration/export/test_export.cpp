// What an export holds: every value, of one moment, and what is said of it.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_export.hpp"
#include "support/scene/export_scene.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <sstream>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

/// All that text depends on, as the manual says.
constexpr const char* k_settings =
    "set search_path = ''; set datestyle = 'ISO'; set intervalstyle = 'postgres'; "
    "set extra_float_digits = 3; set timezone = 'UTC'; set bytea_output = 'hex'; "
    "set client_encoding = 'UTF8'; ";

std::string quoted(const std::string& name) {
    std::string quoted = "\"";
    for (const char c : name) {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + '"';
}

std::multiset<std::string> lines_of(const std::string& text) {
    std::multiset<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        lines.insert(line);
    }
    return lines;
}

/// The rows that the server copies of these columns.
std::multiset<std::string> copied(const TestDatabase& database, const pg::SourceTable& table) {
    std::string columns;
    for (const pg::SourceColumn& column : table.columns) {
        columns += (columns.empty() ? "" : ", ") + quoted(column.name);
    }
    const auto result = Cluster::shared().client(
        "psql", database.name(),
        {"-XAtq", "-c",
         fmt::format("{}copy (select {} from only {}.{}) to stdout", k_settings, columns,
                     quoted(table.table.schema), quoted(table.table.name))});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    return lines_of(result.out);
}

/// Checks that each format has all rows, byte for byte; returns how many tables it has.
std::size_t check_all_formats(const ExportScene& scene) {
    std::size_t tables = 0;
    std::map<pg::RelationName, std::multiset<std::string>> expected;
    for (const char* name : {"x.json.gz", "x.jsonl", "x.csv"}) {
        INFO(name);
        scene.write(name);
        const auto verified = run_dbbackup(
            {"verify", (scene.temp() / name).string(), "--json", "--dir", scene.dumps().string()});
        CHECK(verified.exit_code == 0);
        CHECK(nlohmann::json::parse(verified.out).at("dumps")[0].at("kind") == "export");
        tables = 0;
        for (const SampleTable& table : read_export(scene.temp() / name)) {
            INFO(table.table.table.schema << "." << table.table.table.name);
            const pg::RelationName& relation = table.table.table;
            if (!expected.contains(relation)) {
                expected[relation] = copied(scene.database(), table.table);
            }
            CHECK(std::multiset<std::string>{table.rows.begin(), table.rows.end()} ==
                  expected[relation]);
            ++tables;
        }
    }
    return tables;
}

} // namespace

TEST_CASE("special values of every kind come back byte for byte", "[matrix]") {
    std::string sql = R"(
        create type mood as enum ('sad', 'it''s ok', E'back\\slash');
        create domain positive as numeric check (value > 0 or value = 'NaN');
        create type point3 as (x float8, label text);
        create table all_types (
            a int8, b numeric, c float4, d float8, e bytea, f text, g varchar(7), h char(5),
            i json, j jsonb, k text[], l float8[], m int4range, n int8multirange, o tsvector,
            p timestamptz, q timestamp, r date, s interval, t uuid, u inet, v mood, w positive,
            x point3, y bit(4), z bool, aa int2, ab money, ac xml, ad oid, ae point, af "char",
            ag int4, ah time, ai timetz, aj positive[], ak name, al pg_lsn,
            am int generated always as (ag / 2) stored);
        insert into all_types values
            (9223372036854775807, 'NaN', 'NaN', 'NaN', '\x00ff0a5c', E'a\tb\nc\\d\re\b\f\v',
             'x', 'pad', 'null', 'null', array['a,b', null, 'NULL', '"', E'\\'],
             array[1e-300::float8, 'Infinity'], 'empty', '{[1,2),[5,)}', 'a:1 b:2A', '-infinity',
             'infinity', 'infinity', '-1 year 2 days -3:00', gen_random_uuid(), '::1/64',
             E'back\\slash', 'NaN', row(1.5, 'a "q"'), '0101', true, -32768, '-12.34', '<a>&amp;</a>',
             4294967295, '(1,-0)', '\377', 2147483647, '24:00', '12:00+14', '{1,NaN}', 'n', '16/B374D848'),
            (-9223372036854775808, 1e130, '-0', '-0', '', '', '', '', '{"a" : 1,  "a": 2.50}',
             '{"n": 12345678901234567890.123450}', '{}', '{}', '[1,)', '{}', '',
             '4714-11-24 00:00:00+00 BC', '294276-12-31 23:59:59.999999', '0001-01-01 BC',
             '178000000 years', null, '10.0.0.1', 'sad', 1e-20, row(null, ''), '1111', false, 32767,
             '0', '', 0, '(NaN,Infinity)', '', -2147483648, '00:00:00.000001', '00:00-14', null, '',
             '0/0'),
            (1, -0.000, 3.4e38, 5e-324, null, U&'\2028\2029\0085\007f\202e\+01f600', '\N', '\.',
             '"\u0000"', '"a"', '[2:3]={1,2}', null, null, null, null, null, null, null, null, null,
             null, null, null, null, null, null, null, null, null, null, null, null, null, null,
             null, null, null, null);
        create table no_columns ();
        insert into no_columns default values;
        insert into no_columns default values;
        create table "we.ird ""name""" (" , " int, "Ünï\" text);
        insert into "we.ird ""name""" values (1, ' '), (2, ','), (3, null), (4, 'NULL'), (5, '\N');
        create table parts (id int, v text) partition by range (id);
        create table parts_1 partition of parts for values from (1) to (10);
        create table parts_2 (v text, id int);
        alter table parts attach partition parts_2 for values from (10) to (20);
        insert into parts select g, 'p' from generate_series(1, 19) g;)";
    if (Cluster::shared().major() < 14) { // before multiranges
        sql.replace(sql.find("int8multirange"), std::string{"int8multirange"}.size(), "text");
    }
    const ExportScene scene{sql};
    CHECK(check_all_formats(scene) == 5);
    const auto json = scene.document();
    const auto& rows = json.at("data").at("public.all_types");
    CHECK(rows[0].at("a") == "9223372036854775807");
    CHECK(rows[0].at("ag") == 2147483647);
    CHECK(rows[0].at("z") == true);
    CHECK(rows[0].at("j") == "null");
    CHECK(rows[2].at("e").is_null());
    CHECK_FALSE(rows[0].contains("am")); // generated
    for (const auto& table : json.at("tables")) {
        if (table.at("name") == "parts_2") {
            CHECK(table.at("partitioned").at("name") == "parts");
        }
    }
}

TEST_CASE("the zoo comes back byte for byte", "[matrix]") {
    const ExportScene scene{"select"};
    Cluster::shared().load(scene.database().name(), data_file("zoo.sql"));
    CHECK(check_all_formats(scene) > 20);
}

TEST_CASE("the header says what the export is of") {
    const ExportScene scene{
        std::string{k_northwind} +
        "create table _prisma_migrations (id text, checksum text, finished_at timestamptz, "
        "migration_name text, rolled_back_at timestamptz, applied_steps_count int);"
        "insert into _prisma_migrations values ('1', '', now(), '20260101_init', null, 1), "
        "('2', '', now(), '20261121_phone', null, 1), ('3', '', null, '20261122_failed', null, "
        "0);"};
    scene.change(
        fmt::format("alter database \"{}\" set timezone = 'Asia/Tokyo'", scene.database().name()));
    const auto json = scene.document({"--app-version", "2.4", "-t", "orders", "-t", "lines"});
    CHECK(json.at("format") == "dbbackup-export");
    CHECK(json.at("format_version") == "1.0");
    CHECK(json.at("app_version") == "2.4");
    CHECK(json.at("db_schema_version") == "20261121_phone");
    CHECK(json.at("timezone") == "Asia/Tokyo");
    CHECK(json.at("database").at("name") == scene.database().name());
    CHECK(json.at("database").at("system_identifier") ==
          scene.database().psql("select system_identifier from pg_control_system()"));
    CHECK(json.at("database").at("oid").dump() ==
          scene.database().psql("select oid from pg_database where datname = current_database()"));
    CHECK(json.at("date_range").is_null());
    REQUIRE(json.at("tables").size() == 2);
    CHECK(json.at("tables")[0].at("name") == "lines");
    CHECK(json.at("tables")[0].at("key") == nlohmann::json::array({"order_id", "no"}));
    CHECK(json.at("tables")[1].at("columns")[2] ==
          nlohmann::json{{"name", "placed_at"}, {"type", "timestamp with time zone"}});
    CHECK(json.at("end").at("rows").at("public.lines") == 40);
    // Times are in UTC, whatever the database prefers.
    CHECK(json.at("data").at("public.orders")[0].at("placed_at") == "2026-11-01 00:00:00+00");
    CHECK(json.dump().find("postgres://") == std::string::npos);
}

TEST_CASE("tables and columns are chosen, and what is left out is said") {
    const ExportScene scene{k_northwind};
    const auto json =
        scene.document({"-T", "n*", "-T", "unrelated", "--exclude-column", "customers.email",
                        "--exclude-column", "public.customers.name"});
    CHECK(json.at("data").size() == 4);
    CHECK_FALSE(json.at("data").at("public.customers")[0].contains("email"));
    CHECK(json.at("excluded").at("tables").size() == 2);
    CHECK(json.at("excluded").at("columns").size() == 2);
    const auto keyless = scene.run({"--exclude-column", "orders.id", "-o", "-"});
    CHECK(keyless.err.find("without its primary key") != std::string::npos);
    scene.change("create table parted (id int) partition by range (id);"
                 "create table parted_1 partition of parted for values from (1) to (10);"
                 "insert into parted values (1)");
    CHECK(scene.document({"-t", "parted"}).at("data").at("public.parted_1").size() == 1);
    CHECK_FALSE(scene.document({"-T", "parted"}).at("data").contains("public.parted_1"));
}

TEST_CASE("rows are limited by date, and what is not is said") {
    const ExportScene scene{k_northwind};
    auto options = scene.options();
    options.environment["TZ"] = "America/New_York";
    const auto count = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--json", "-t", "orders", "--dry-run"});
        const auto result = run_program(scene.words(arguments), options);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        return nlohmann::json::parse(result.out).at("rows").get<int>();
    };
    // A date is its first moment, here: midnight in New York is 05:00 in UTC.
    CHECK(count({"--since", "2026-11-05", "--date-column", "orders.placed_at"}) == 15);
    CHECK(count({"--until", "2026-11-05", "--date-column", "orders.placed_at"}) == 5);
    CHECK(count({"--since", "2026-11-05T00:00Z", "--date-column", "orders.placed_at"}) == 16);
    // A column without a zone has the date as it was written.
    CHECK(count({"--since", "2026-11-05", "--date-column", "orders.day"}) == 16);
    CHECK(count({"--since", "2026-11-05", "--until", "2026-11-07", "--date-column",
                 "orders.day"}) == 2);
    scene.change("update orders set day = null where id = 20");
    const auto result = scene.run({"--since", "2026-11-05", "--date-column", "orders.day", "-o",
                                   "x.json", "-t", "orders", "-t", "lines"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("not limited by date, for they have no --date-column: public.lines") !=
          std::string::npos);
    CHECK(result.err.find("left out because 'day' is NULL: 1") != std::string::npos);
    const auto json = nlohmann::json::parse(read_file(scene.temp() / "x.json"));
    CHECK(json.at("date_range").at("columns")[0].at("column") == "day");
    CHECK(json.at("date_range").at("until").is_null());
    CHECK(json.at("end").at("rows").at("public.orders") == 15);
}

TEST_CASE("an export is of one moment, whatever is written meanwhile") {
    const ExportScene scene{"create table a (id int); create table b (id int);"
                            "insert into a select g from generate_series(1, 20000) g;"};
    // Each transaction moves rows from one table to the other.
    Program writer{{(Cluster::shared().bin_dir() / "psql").string(), "-Xq", "-d",
                    scene.database().url(), "-c",
                    "do $$ begin for i in 1..100000 loop "
                    "insert into b select id from a where id % 1000 = i % 1000; "
                    "delete from a where id % 1000 = i % 1000; "
                    "insert into a select id from b; delete from b where true; "
                    "insert into b select id from a where id % 1000 = i % 1000; "
                    "delete from a where id % 1000 = i % 1000; commit; end loop; end $$"},
                   {}};
    for (int i = 0; i < 8; ++i) {
        const auto json = scene.document();
        CHECK(json.at("data").at("public.a").size() + json.at("data").at("public.b").size() ==
              20000);
    }
    CHECK(writer.running());
}
