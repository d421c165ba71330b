// However an export ends, there is a whole one or nothing; and what would surprise is refused.

#include "support/catch.hpp"
#include "support/dumps/sample_export.hpp"
#include "support/scene/export_scene.hpp"
#include "support/scene/small_disk.hpp"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <random>
#include <sys/stat.h>
#include <thread>

using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* k_table = "create table t (id int primary key, v text, at timestamptz);"
                                "insert into t select g, 'v' || g, now() "
                                "from generate_series(1, 100) g;";

constexpr const char* k_large = "create table big as select g as id, md5(g::text) || "
                                "md5((-g)::text) as noise from generate_series(1, 60000) g;";

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};

    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

} // namespace

TEST_CASE("an export is private, has its name once, and replaces nothing") {
    const ExportScene scene{k_table};
    const auto result = scene.run();
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto names = scene.files();
    REQUIRE(names.size() == 1);
    CHECK(names[0].starts_with(scene.database().name() + "_20"));
    CHECK(names[0].ends_with("Z.export.json.gz"));
    CHECK(result.out.find("exported 100 rows in 1 table to ") != std::string::npos);
    CHECK(mode_of(scene.temp() / names[0]) == 0600);
    CHECK(read_export(scene.temp() / names[0]).at(0).rows.size() == 100);
    scene.write("x.csv");
    CHECK(mode_of(scene.temp() / "x.csv") == 0700);
    CHECK(mode_of(scene.temp() / "x.csv" / "public.t.csv") == 0600);
    write_file(scene.temp() / "mine.json", "mine");
    std::filesystem::create_directory(scene.temp() / "mine.csv");
    for (const char* name : {"mine.json", "mine.csv", "x.csv"}) {
        const auto refused = scene.run({"-o", name});
        CHECK(refused.exit_code == 1);
        CHECK(refused.err.find("exists") != std::string::npos);
    }
    CHECK(read_file(scene.temp() / "mine.json") == "mine");
    CHECK(names_in(scene.temp() / "mine.csv").empty());
}

TEST_CASE("an export never goes into the dump directory") {
    const ExportScene scene{k_table};
    std::filesystem::create_directory(scene.dumps());
    for (const std::string name : {"dumps/x.json", "./dumps/../dumps/x.csv"}) {
        scene.check_failed(scene.run({"-o", name}), 2, "is the dump directory");
    }
    CHECK(names_in(scene.dumps()).empty());
    auto options = scene.options();
    options.directory = scene.dumps();
    CHECK(run_program(scene.words(), options).exit_code == 2);
    CHECK(names_in(scene.dumps()).empty());
}

TEST_CASE("what makes no sense is refused before anything is written") {
    const ExportScene scene{k_table};
    const auto refused = [&scene](const std::vector<std::string>& arguments,
                                  const std::string& message) {
        CAPTURE(arguments);
        scene.check_failed(scene.run(arguments), 2, message);
    };
    refused({"-o", "x"}, "does not say which format");
    refused({"-o", "x.csv.gz", "--format", "csv"}, "not compressed");
    refused({"-o", "x.json", "--format", "csv"}, "does not fit the name");
    refused({"-o", "x.jsonl.gz", "--format", "json"}, "does not fit the name");
    refused({"-o", "x/"}, "names no file");
    refused({"-o", "-", "--format", "csv"}, "cannot go to stdout");
    refused({"--format", "xml"}, "xml");
    refused({"-t", "nosuch"}, "no table fits 'nosuch'");
    refused({"-T", "nosuch"}, "no table fits 'nosuch'");
    refused({"-T", "*"}, "no table to export");
    refused({"--exclude-column", "t.nosuch"}, "table public.t has no column 'nosuch'");
    refused({"--exclude-column", "v"}, "no column of an exported table");
    refused({"--exclude-column", "t.v", "--ref", "t.v=t.id"}, "is not exported");
    refused({"--since", "2026-01-01"}, "need a --date-column");
    refused({"--date-column", "t.at"}, "needs --since");
    refused({"--since", "2026-01-01", "--date-column", "t.v"}, "not a date or a time");
    refused({"--since", "soon", "--date-column", "t.at"}, "soon");
    refused({"--since", "2026-01-02", "--until", "2026-01-02", "--date-column", "t.at"},
            "is not before");
    refused({"--since", "2026-01-02", "--root", "t:id=1"}, "--root");
    refused({"--", "x"}, "takes nothing after --");
    scene.change("create schema other; create table other.t (id int)");
    refused({"--exclude-column", "t.id"}, "can mean several columns");
    refused({"--root", "t:id=1"}, "several tables are called 't'");
    const auto nowhere = scene.run({"-o", "nowhere/x.json"});
    scene.check_failed(nowhere, 1, "'nowhere' does not exist");
    CHECK(nowhere.err.find("--output") != std::string::npos);
    // With --json, the report would be among the rows; the error is on stdout then.
    CHECK(scene.run({"-o", "-", "--json"}).exit_code == 2);
}

TEST_CASE("rows that row-level security hides are not silently missing") {
    const ExportScene scene{k_table};
    const std::string role = scene.database().name() + "_reader";
    scene.change("create role " + role + " login; grant select on t to " + role +
                 "; alter table t enable row level security; create policy p on t using (id < 50);"
                 "create table other (id int); grant select on other to " +
                 role + "; create table locked (id int)");
    const std::string url = Cluster::shared().url(scene.database().name(), role, "");
    scene.check_failed(scene.run({"--url", url, "-t", "t"}), 5, "row-level security");
    scene.check_failed(scene.run({"--url", url, "-T", "t"}), 1, "permission denied");
    const auto result = scene.run({"--url", url, "-t", "other"});
    CHECK(result.exit_code == 0);
    scene.change("drop owned by " + role + "; drop role " + role);
}

TEST_CASE("a locked table is waited for, but not for ever") {
    const ExportScene scene{k_table};
    Program holder{{(Cluster::shared().bin_dir() / "psql").string(), "-Xq", "-d",
                    scene.database().url(), "-c", "begin; lock table t; select pg_sleep(60)"},
                   {}};
    while (scene.database().psql("select count(*) from pg_locks where mode = 'AccessExclusiveLock' "
                                 "and granted and relation = 't'::regclass") != "1" &&
           holder.running()) {
        std::this_thread::sleep_for(20ms);
    }
    const auto result = scene.run({"--lock-timeout", "200ms"});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("kept a table locked for 0.2 s") != std::string::npos);
    CHECK(scene.files().empty());
    holder.send(SIGTERM);
    (void)holder.wait();
}

TEST_CASE("a full disk leaves nothing of an export") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const ExportScene scene{k_large};
    for (const char* name : {"x.json", "x.json.gz", "x.jsonl", "x.csv"}) {
        scene.check_failed(scene.run({"-o", (disk / name).string()}), 1, "No space left on device");
        CHECK(names_in(disk.path()).empty());
    }
}

TEST_CASE("an export that a signal ends leaves nothing", "[matrix]") {
    const ExportScene scene{k_large};
    std::mt19937 random{std::random_device{}()};
    int ended = 0;
    for (int round = 0; round < 24; ++round) {
        const char* name = round % 2 == 0 ? "x.json.gz" : "x.csv";
        const int signal = round % 3 == 0 ? SIGKILL : round % 3 == 1 ? SIGTERM : SIGINT;
        Program run{scene.words({"-o", name}), scene.options()};
        std::this_thread::sleep_for(std::chrono::milliseconds{random() % 400});
        run.send(signal);
        const auto result = run.wait();
        CAPTURE(round, signal, result.exit_code, result.err);
        if (std::filesystem::exists(scene.temp() / name)) {
            CHECK(read_export(scene.temp() / name).at(0).rows.size() == 60000);
            std::filesystem::remove_all(scene.temp() / name);
            continue;
        }
        ++ended;
        CHECK(result.exit_code == 128 + signal);
        if (signal != SIGKILL) {
            CHECK(scene.files().empty());
        }
        // What a killed one left is in nobody's way.
        if (round % 6 == 0) {
            scene.write(name);
            CHECK(scene.files() == std::vector<std::string>{name});
            std::filesystem::remove_all(scene.temp() / name);
        }
        for (const std::string& left : scene.files()) {
            std::filesystem::remove_all(scene.temp() / left);
        }
    }
    CHECK(ended > 0);
}

TEST_CASE("what a killed export left is removed, unless another still writes it") {
    const ExportScene scene{k_table};
    const auto left = scene.temp() / ".x.json.partial";
    write_file(left, "left by a killed one");
    Program writer{{"/usr/bin/flock", left.string(), "sleep", "60"}, {}};
    while (run_program({"/usr/bin/flock", "-n", left.string(), "true"}).exit_code == 0) {
        std::this_thread::sleep_for(20ms);
    }
    const auto refused = scene.run({"-o", "x.json"});
    CHECK(refused.exit_code == 4);
    CHECK(refused.err.find("another export is writing") != std::string::npos);
    CHECK(read_file(left) == "left by a killed one");
    writer.send(SIGKILL);
    (void)writer.wait();
    std::filesystem::remove(left);
    write_file(left, "left by a killed one");
    scene.write("x.json");
    CHECK(scene.files() == std::vector<std::string>{"x.json"});
}

TEST_CASE("no secret gets into an export or its report") {
    const ExportScene scene{k_table};
    const std::string url = Cluster::shared().url(scene.database().name()) + "&password=S3cr3t-Pw";
    for (const char* name : {"x.json", "x.jsonl", "x.csv"}) {
        const auto result = scene.run({"--url", url, "-o", name, "-v"});
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        CHECK((result.out + result.err).find("S3cr3t") == std::string::npos);
        const auto path = scene.temp() / name;
        const std::string text =
            std::filesystem::is_directory(path) ? read_file(path / "export.json") : read_file(path);
        CHECK(text.find("S3cr3t") == std::string::npos);
        CHECK(text.find("postgres:") == std::string::npos);
    }
}

TEST_CASE("verify tells a sound export from a damaged one") {
    const ExportScene scene{k_large};
    for (const char* name : {"x.json", "x.json.gz", "x.jsonl.gz", "x.csv"}) {
        INFO(name);
        scene.write(name);
        const auto path = scene.temp() / name;
        const auto verify = [&](std::vector<std::string> arguments = {}) {
            arguments.insert(arguments.begin(), {"verify", path.string(), "--dir", scene.dumps()});
            return run_dbbackup(arguments);
        };
        const auto good = verify();
        CHECK(good.exit_code == 0);
        CHECK(good.out.find("60,000 rows in 1 table, all as its end says") != std::string::npos);
        CHECK(verify({"--restore"}).exit_code == 2);
        const auto file = std::filesystem::is_directory(path) ? path / "public.big.csv" : path;
        std::string text = read_file(file);
        text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
        write_file(file, text);
        const auto damaged = verify({"--json"});
        CHECK(damaged.exit_code == 3);
        const auto report = nlohmann::json::parse(damaged.out);
        CHECK(report.at("result") == "damaged");
        CHECK(report.at("error").at("message").get<std::string>().find("is damaged") !=
              std::string::npos);
        CHECK(verify().err.find("md5") == std::string::npos);
    }
}
