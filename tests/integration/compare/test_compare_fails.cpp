// When it cannot be told what has changed: an error, never "the same".

#include "support/catch.hpp"
#include "support/scene/compare_scene.hpp"

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
