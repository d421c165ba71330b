#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/restore_scene.hpp"

// Statistics in a dump, which pg_dump 18 writes with --statistics.

using namespace dbbackup::test;

namespace {

constexpr int k_damaged = 3;
constexpr const char* k_left_out = "statistics, which servers before 18 cannot take";

bool server_knows_statistics() {
    return Cluster::shared().psql("postgres", "select to_regproc("
                                              "'pg_catalog.pg_restore_relation_stats') "
                                              "is not null") == "t";
}

std::string of_table(const std::string& schema, const std::string& table) {
    return "SELECT * FROM pg_catalog.pg_restore_relation_stats(\n\t'version', "
           "'180004'::integer,\n\t'schemaname', '" +
           schema + "',\n\t'relname', '" + table +
           "',\n\t'relpages', '1'::integer,\n\t'reltuples', '2'::real,\n\t'relallvisible', "
           "'0'::integer,\n\t'relallfrozen', '0'::integer\n);\n" +
           "SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n\t'version', "
           "'180004'::integer,\n\t'schemaname', '" +
           schema + "',\n\t'relname', '" + table +
           "',\n\t'attname', 'id',\n\t'inherited', 'f'::boolean,\n\t'null_frac', "
           "'0'::real,\n\t'avg_width', '4'::integer,\n\t'n_distinct', '-1'::real,\n\t"
           "'histogram_bounds', '{1,2}'::text,\n\t'correlation', '1'::real\n);\n\n\n";
}

/// A database of two tables, and pg_dump's output for it with statistics after their rows, as
/// pg_dump 18 writes them.
class StatisticsScene : public RestoreScene {
public:
    StatisticsScene() {
        source().psql("create table t (id integer); insert into t values (1), (2);"
                      "create table u (id integer); insert into u values (3)");
        remember();
    }

    [[nodiscard]] std::filesystem::path dump_with(const std::string& statistics) const {
        std::string sql = read_file(foreign_dump({}));
        const std::string mark = "--\n-- PostgreSQL database dump complete";
        sql.insert(sql.rfind(mark), statistics);
        const auto path = temp() / "statistics.sql";
        write_file(path, sql);
        return path;
    }
};

} // namespace

TEST_CASE("a server takes the statistics of a dump, or goes without them and says so") {
    StatisticsScene scene;
    const auto dump = scene.dump_with(of_table("public", "t") + of_table("public", "u"));
    const ProgramResult result = scene.restore(dump);
    scene.check_restored(result);
    INFO(result.out << result.err);
    const bool is_left_out = (result.out + result.err).find(k_left_out) != std::string::npos;
    CHECK(is_left_out == !server_knows_statistics());
    scene.check_restored(scene.restore(dump, {"--clean"}));
}

TEST_CASE("a part is restored without the statistics of the rest") {
    StatisticsScene scene;
    const auto dump = scene.dump_with(of_table("public", "u") + of_table("public", "t"));
    const ProgramResult result = scene.restore(dump, {"--table", "t"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.target().psql("select count(*) from t") == "2");
}

TEST_CASE("statistics of PostgreSQL's own tables are refused") {
    StatisticsScene scene;
    scene.check_failed(scene.restore(scene.dump_with(of_table("pg_catalog", "pg_class"))),
                       k_damaged, "not safe to run");
}

TEST_CASE("dump -- --statistics is a whole dump, which --clean and --exact accept") {
    if (Cluster::shared().client_major() < 18) {
        WARN("not tested: the installed pg_dump is older than 18");
        return;
    }
    StatisticsScene scene;
    scene.source().psql("analyze");
    for (const char* format : {"plain", "custom"}) {
        INFO(format);
        scene.renew_target();
        const auto dump = scene.dump({"-F", format, "--", "--statistics"});
        scene.check_restored(scene.restore(dump));
        scene.target().psql("create table only_here (id integer)");
        const ProgramResult result = scene.restore(dump, {"--clean", "--exact"});
        scene.check_restored(result);
        CHECK(result.err.find("part") == std::string::npos);
    }
}

TEST_CASE("dumps of 18 without data or schema say what they lack, and --clean keeps the rest") {
    if (Cluster::shared().client_major() < 18) {
        WARN("not tested: the installed pg_dump is older than 18");
        return;
    }
    StatisticsScene scene;
    const auto rows = scene.dump({"--", "--no-schema"});
    scene.source().psql("create table v (id integer)");
    scene.remember();
    const std::string schema = pg_dump_of(scene.source().name(), {"--schema-only"});
    scene.check_restored(scene.restore(scene.dump({})));
    CHECK(scene.restore(rows, {"--clean"}).exit_code == 0);
    CHECK(first_difference(pg_dump_of(scene.target().name(), {"--schema-only"}), schema) == "");
    const auto without_rows = scene.dump({"--", "--no-data"});
    scene.renew_target();
    scene.check_restored(scene.restore(without_rows), {"--schema-only"});
    scene.remember();
    scene.check_failed(scene.restore(without_rows, {"--clean", "--exact"}), 5,
                       "not whole: only the schema");
}
