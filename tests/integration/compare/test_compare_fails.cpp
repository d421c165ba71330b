// When it cannot be told what has changed: an error, never "the same".

#include "support/catch.hpp"
#include "support/scene/compare_scene.hpp"
#include "support/scene/small_disk.hpp"

#include <chrono>
#include <thread>

using namespace dbbackup::test;

namespace {

constexpr const char* k_table = "create table t (id int primary key, v text);"
                                "insert into t select g, 'v' || g from generate_series(1, 100) g";

} // namespace

TEST_CASE("without a database to compare with, compare fails") {
    const CompareScene scene{k_table};
    const std::string dump = scene.dump();
    const auto no_url = run_dbbackup({"compare", "--dir", scene.dumps()});
    scene.check_failed(no_url, 2, "URL");
    const auto no_server = run_dbbackup({"compare", "--dir", scene.dumps(), "--url",
                                         "postgres://x@%2Fnonexistent/" + scene.database().name()});
    CHECK(no_server.exit_code == 1);
    CHECK(no_server.out.empty());
}

TEST_CASE("a table that this role may not read is an error") {
    const CompareScene scene{k_table};
    scene.dump();
    const std::string role = scene.database().name() + "_reader";
    scene.change("create role " + role + " login");
    const std::string url = Cluster::shared().url(scene.database().name(), role, "");
    auto result = scene.compare({"--url", url});
    scene.check_failed(result, 1, "permission denied");
    CHECK(result.err.find("Name the tables that it can read with -t") != std::string::npos);
    SECTION("those that it may read can be compared alone") {
        scene.change("create table readable (id int); grant select on readable to " + role);
        CHECK(scene.compare({"--url", url, "-t", "readable"}).exit_code == 7);
        scene.dump();
        CHECK(scene.compare({"--url", url, "-t", "readable"}).exit_code == 0);
    }
    SECTION("row security that would hide rows") {
        scene.change("grant select on t to " + role +
                     "; alter table t enable row level security;"
                     "create policy p on t using (id < 50)");
        result = scene.compare({"--url", url});
        scene.check_failed(result, 1, "row-level security");
    }
    scene.change("drop owned by " + role + "; drop role " + role);
}

TEST_CASE("a locked table is waited for, but not for ever") {
    const CompareScene scene{k_table};
    scene.dump();
    const auto& cluster = Cluster::shared();
    Program holder{{(cluster.bin_dir() / "psql").string(), "-Xq", "-d", scene.database().url(),
                    "-c", "begin; lock table t; select pg_sleep(60)"},
                   {}};
    const auto is_held = [&scene] {
        return scene.database().psql("select count(*) from pg_locks where mode = "
                                     "'AccessExclusiveLock' and granted and relation = "
                                     "'t'::regclass") == "1";
    };
    while (!is_held() && holder.running()) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    REQUIRE(is_held());
    scene.check_failed(scene.compare({"--lock-timeout", "200ms"}), 1,
                       "another session kept a table locked for 0.2 s");
    holder.send(15);
    (void)holder.wait();
}

TEST_CASE("a damaged dump is not taken for a difference") {
    const CompareScene scene{k_table};
    const auto path = scene.dumps() / scene.dump();
    std::string content = read_file(path);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    write_file(path, content);
    // Only what has to be read is: the manifest tells the rest.
    CHECK(scene.compare().exit_code == 0);
    scene.check_failed(scene.compare({"--rows", "t"}), 3, "damaged");
    scene.change("alter table t drop v");
    scene.check_failed(scene.compare(), 3, "damaged");
}

TEST_CASE("another database than the dump's is compared with a warning") {
    const CompareScene scene{k_table};
    const auto path = scene.dumps() / scene.dump();
    const TestDatabase other;
    const auto result = scene.compare({path.string(), "--url", other.url()});
    CHECK(result.exit_code == 7);
    CHECK(result.err.find("the dump is of the database '" + scene.database().name()) !=
          std::string::npos);
}

TEST_CASE("options that make no sense together are refused") {
    const CompareScene scene{k_table};
    scene.dump();
    scene.check_failed(scene.compare({"--rows", "t", "--counts-only"}), 2);
    scene.check_failed(scene.compare({"--limit", "3"}), 2);
    scene.check_failed(scene.compare({"--with", "nosuch"}), 1, "nosuch");
    scene.check_failed(scene.compare({"--", "x"}), 2, "takes nothing after --");
}

TEST_CASE("a wrong guess leads to the command that was meant") {
    const CompareScene scene{"create table wares (id int)"};
    const std::string dump = scene.dump();
    const auto check = [&scene](const std::vector<std::string>& arguments, int exit_code,
                                const std::string& hint) {
        const auto result = scene.compare(arguments);
        CAPTURE(arguments, result.err);
        CHECK(result.exit_code == exit_code);
        CHECK(result.err.find(hint) != std::string::npos);
    };
    check({dump, dump}, 2, "To compare two dumps: dbbackup compare " + dump + " --with " + dump);
    check({"-t", "wares,u"}, 2,
          "Repeat -t for each: -t wares -t u. Tables of the dump: public.wares.");
    check({"wares"}, 1, "If 'wares' is a table: dbbackup compare -t wares --dir ");
    check({"--with", "no-table"}, 1, "hint: List the dumps: ");
    check({"--schema", "public"}, 2, "To choose the tables of a schema: -t 'SCHEMA.*'");
    check({"--database", "x"}, 2, "To name a database itself, do so with DATABASE_URL or --url.");
    CHECK(scene.compare({"-t", "public.*"}).exit_code == 0);
}

TEST_CASE("a partitioned table leads to its partitions") {
    const bool is_alike = GENERATE(true, false);
    const std::string first = is_alike ? "m_1" : "first";
    const CompareScene scene{"create table m (id int) partition by range (id);"
                             "create table " +
                             first +
                             " partition of m for values from (0) to (10);"
                             "create table m_2 partition of m for values from (10) to (20);"
                             "insert into m values (1), (11)"};
    const std::string dump = scene.dump();
    const auto result = scene.compare({"-t", "m"});
    scene.check_failed(result, 2, "public.m is partitioned");
    const std::string meant = is_alike ? " -t 'public.m*' " : " -t public.first -t public.m_2 ";
    CHECK(result.err.find("dbbackup compare latest" + meant) != std::string::npos);
    CHECK(scene.compare({"-t", is_alike ? "public.m*" : "public.first"}).exit_code == 0);
    scene.change("insert into m values (2)");
    CHECK(scene.compare({"-t", is_alike ? "public.m*" : "public.first"}).exit_code == 7);
}

TEST_CASE("without room for temporary files, TMPDIR is named") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const CompareScene scene{"create table big as select g as id from generate_series(1, 400000) "
                             "g; alter table big add primary key (id)"};
    scene.dump();
    scene.change("update big set id = -id");
    const auto result = scene.compare({"--rows", "big"}, {{"TMPDIR", disk.path()}});
    scene.check_failed(result, 1, "No space left on device");
    CHECK(result.err.find("set TMPDIR to another directory") != std::string::npos);
    CHECK(result.err.find("--dir") == std::string::npos);
}
