#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/scene/server_scene.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace dbbackup {

namespace {

using test::Cluster;
using test::OwnCluster;
using test::ProgramResult;
using test::ServerScene;
using Names = std::vector<std::string>;
using Json = nlohmann::ordered_json;

constexpr int k_damaged = 3;
constexpr int k_refused = 5;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Json read_json(const std::filesystem::path& path) {
    return Json::parse(test::read_file(path));
}

std::string sha256_of(const std::filesystem::path& path) {
    return test::run_program({"/usr/bin/sha256sum", path.string()}).out.substr(0, 64);
}

/// What somebody who may write in the directory can do: the globals' SQL is `sql`, and both records
/// say so.
void plant_globals(const ServerScene& scene, const std::string& set, const std::string& sql) {
    Json record = read_json(scene.dumps() / set);
    const std::string name = record["globals"]["file"];
    test::write_file(scene.dumps() / name, sql);
    Json manifest = read_json(scene.dumps() / (name + ".json"));
    manifest["file"]["size"] = sql.size();
    manifest["file"]["sha256"] = sha256_of(scene.dumps() / name);
    test::write_file(scene.dumps() / (name + ".json"), manifest.dump(2));
    record["globals"]["sha256"] = manifest["file"]["sha256"];
    test::write_file(scene.dumps() / set, record.dump(2));
}

/// Restores on `target`, which must refuse and stay as it is.
void check_refused(const ServerScene& scene, const Cluster& target, int exit_code,
                   const std::string& message) {
    const std::string before = test::whole_server(target);
    for (const Names& more : {Names{}, Names{"--dry-run"}, Names{"--role-attributes"}}) {
        Names words{"restore", "--set", scene.names("@set_", ".set").back()};
        words.insert(words.end(), more.begin(), more.end());
        const ProgramResult result = scene.run(words, target);
        INFO(result.err);
        CHECK(result.exit_code == exit_code);
        CHECK(has(result.err, message));
    }
    CHECK(test::first_difference(test::whole_server(target), before) == "");
}

} // namespace

TEST_CASE("restore --set brings a whole server back onto an empty one", "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    (void)scene.take_set({"--role-passwords"});
    const ProgramResult plan =
        scene.run({"restore", "--set", "latest", "--dry-run"}, target.cluster());
    CHECK(plan.exit_code == 0);
    CHECK(has(plan.out, "superuser of role boss"));
    CHECK(target.cluster().psql("postgres", "select count(*) from pg_database") == "3");

    const ProgramResult result =
        scene.run({"restore", "--set", "latest", "--role-attributes"}, target.cluster());
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(test::first_difference(test::whole_server(target.cluster()),
                                 test::whole_server(scene.source())) == "");

    // Now they are there.
    check_refused(scene, target.cluster(), k_refused, "hold objects already");
    CHECK(
        scene.run({"restore", "--set", "latest", "--skip-existing"}, target.cluster()).exit_code ==
        0);
}

TEST_CASE("restore --set gives no role power over the server unless asked, and never changes a "
          "role that exists",
          "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    (void)scene.take_set({"--role-passwords"});
    const Cluster& cluster = target.cluster();
    cluster.psql("postgres", "create role \"app owner\" nologin password 'theirs'");
    const std::string theirs = "select * from pg_authid where rolname = 'app owner'";
    const std::string before = cluster.psql("postgres", theirs);

    const ProgramResult result = scene.run({"restore", "--set", "latest"}, cluster);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(cluster.psql("postgres", theirs) == before);
    CHECK(cluster.psql("postgres",
                       "select count(*) from pg_auth_members m join pg_roles r on r.oid "
                       "= m.member where r.rolname = 'app owner'") == "0");
    CHECK(cluster.psql("postgres",
                       "select count(*) from pg_roles where rolname in ('boss', 'repl') "
                       "and (rolsuper or rolreplication or rolbypassrls)") == "0");
    CHECK(cluster.psql("postgres", "select pg_has_role('readers', 'pg_read_all_data', 'member')") ==
          "f");
    for (const char* named :
         {"superuser of role boss", "bypassrls of role boss", "replication of role repl",
          "membership of readers in "
          "pg_read_all_data",
          "membership of app owner in readers"}) {
        INFO(named);
        CHECK(has(result.err, named));
    }
    CHECK(cluster.psql("shop", "select count(*) from t") == "100");
}

TEST_CASE("restore --set works for an administrator who is no superuser", "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    (void)scene.take_set();
    target.cluster().psql("postgres", "create role admin login createrole createdb");
    const ProgramResult refused = scene.run_as({"restore", "--set", "latest"},
                                               target.cluster().url("postgres", "admin", "x"));
    CHECK(refused.exit_code == k_refused);
    CHECK(has(refused.err, "no member of: postgres"));
    CHECK(target.cluster().psql("postgres", "select count(*) from pg_roles where rolname = "
                                            "'readers'") == "0");
    const ProgramResult result =
        scene.run_as({"restore", "--set", "latest", "--role-attributes", "--no-owner"},
                     target.cluster().url("postgres", "admin", "x"));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(has(result.err, "superuser of role boss"));
    CHECK(target.cluster().psql("shop", "select count(*) from t") == "100");
    CHECK(target.cluster().psql("postgres", "select rolcreatedb, rolconnlimit from pg_roles where "
                                            "rolname = 'app owner'") == "t|5");
    CHECK(target.cluster().psql("postgres", "select count(*) from pg_db_role_setting s join "
                                            "pg_database d on d.oid = s.setdatabase where "
                                            "d.datname = 'shop'") == "2");
}

TEST_CASE("What pg_dumpall does not write never runs from the roles of a set", "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    const std::string set = scene.take_set({"-Z", "none"});
    const std::string file = read_json(scene.dumps() / set)["globals"]["file"];
    const std::string sql = test::read_file(scene.dumps() / file);
    const std::size_t at = sql.find("CREATE ROLE boss;");
    REQUIRE(at != std::string::npos);
    for (const std::string attack :
         {"ALTER ROLE postgres WITH NOLOGIN;", "ALTER ROLE postgres PASSWORD 'x';",
          "DROP ROLE postgres;", "CREATE ROLE x SUPERUSER;", "CREATE USER x SUPERUSER;",
          "COPY t FROM PROGRAM 'touch /tmp/x';", "\\! touch /tmp/x\n",
          "select 1 \\! touch /tmp/x\n;", "SELECT pg_read_file('/etc/passwd');",
          "DO $$ begin end $$;", "ALTER ROLE \"app owner\" SET search_path TO (select 1);",
          "CREATE ROLE \"x\"\"; DROP ROLE postgres; --\" SUPERUSER;",
          "CREATE ROLE x; ALTER ROLE x WITH LOGIN PASSWORD 'plain';",
          "ALTER SYSTEM SET archive_command = 'x';", "SET standard_conforming_strings = off;",
          "SET client_encoding = 'SJIS';", "\\connect shop\n"}) {
        INFO(attack);
        plant_globals(scene, set, std::string{sql}.insert(at, attack + "\n"));
        check_refused(scene, target.cluster(), k_damaged, "what pg_dumpall does not write");
    }
    plant_globals(scene, set, sql.substr(0, sql.size() / 2));
    check_refused(scene, target.cluster(), k_damaged, "is not complete");

    // A quoted name stays a name.
    plant_globals(scene, set,
                  std::string{sql}.insert(at, "CREATE ROLE \"x\"\"; DROP ROLE readers; --\";\n"));
    const ProgramResult result = scene.run({"restore", "--set", "latest"}, target.cluster());
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(target.cluster().psql("postgres", "select count(*) from pg_roles where rolname in "
                                            "('readers', 'x\"; DROP ROLE readers; --')") == "2");
}

TEST_CASE("A set that lists other files than its dumps is refused", "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    const std::string set = scene.take_set({"-Z", "none"});
    const std::filesystem::path path = scene.dumps() / set;
    const Json good = read_json(path);
    const auto with = [&](const char* field, const std::string& value) {
        Json bad = good;
        bad["databases"][2]["dump"][field] = value;
        test::write_file(path, bad.dump(2));
    };
    for (const char* file : {"../shop.sql", "/etc/passwd", ".hidden.sql", "shop.sql"}) {
        with("file", file);
        check_refused(scene, target.cluster(), k_damaged, "is not the name of a dump");
    }
    with("dump_id", std::string(32, '0'));
    check_refused(scene, target.cluster(), k_damaged, "is not whole");
    with("sha256", std::string(64, '0'));
    check_refused(scene, target.cluster(), k_damaged, "is not whole");

    // The dump itself is another, and its manifest is as it was.
    test::write_file(path, good.dump(2));
    const std::filesystem::path dump =
        scene.dumps() / good["databases"][2]["dump"]["file"].get<std::string>();
    std::string sql = test::read_file(dump);
    sql.replace(sql.find("x100"), 4, "y100");
    test::write_file(dump, sql);
    check_refused(scene, target.cluster(), k_damaged, "is another file than the set lists");
    std::filesystem::remove(dump);
    check_refused(scene, target.cluster(), k_damaged, "is not whole");
}

TEST_CASE("restore --set that fails says which databases are done, and how to go on", "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    (void)scene.take_set();
    const std::string set = scene.names("@set_", ".set").back();
    Json record = read_json(scene.dumps() / set);
    record["databases"][2]["collate"] = "no_such_locale";
    record["databases"][2]["ctype"] = "no_such_locale";
    test::write_file(scene.dumps() / set, record.dump(2));
    const ProgramResult failed = scene.run({"restore", "--set", "latest"}, target.cluster());
    INFO(failed.err);
    CHECK(failed.exit_code == 1);
    CHECK(has(failed.err, "databases done: @odd name, postgres; not restored: shop"));
    CHECK(has(failed.err, "--skip-existing"));
    CHECK(target.cluster().psql("postgres", "select count(*) from pg_database where datname = "
                                            "'shop'") == "0");
    record["databases"][2]["collate"] = "C";
    record["databases"][2]["ctype"] = "C";
    test::write_file(scene.dumps() / set, record.dump(2));
    const ProgramResult on =
        scene.run({"restore", "--set", "latest", "--skip-existing"}, target.cluster());
    INFO(on.err);
    CHECK(on.exit_code == 0);
    CHECK(target.cluster().psql("shop", "select count(*) from t") == "100");
}

TEST_CASE("A tablespace that the server lacks is named before anything changes", "[server]") {
    const ServerScene scene;
    const OwnCluster target;
    const std::string set = scene.take_set({"-Z", "none"});
    const std::string file = read_json(scene.dumps() / set)["globals"]["file"];
    std::string sql = test::read_file(scene.dumps() / file);
    sql.insert(sql.find("CREATE ROLE boss;"),
               "CREATE TABLESPACE fast OWNER postgres LOCATION '/mnt/fast';\n");
    plant_globals(scene, set, sql);
    check_refused(scene, target.cluster(), k_refused, "lacks these tablespaces: fast");
}

} // namespace dbbackup
