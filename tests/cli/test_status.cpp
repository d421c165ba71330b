#include "support/catch.hpp"
#include "support/metrics_text.hpp"
#include "support/program.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/store/remove_dump.hpp>

#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A home with dumps of `shop`, by their manifests: nobody reads more.
struct Home {
    TempDir temp;

    Home() { std::filesystem::create_directory(temp / "dumps"); }

    [[nodiscard]] static std::string name(std::chrono::milliseconds age) {
        return store::format_dump_name(
            {.database = "shop", .time = time_before(age), .suffix = ".sql"});
    }

    [[nodiscard]] static base::UtcTime time_before(std::chrono::milliseconds age) {
        // What is meant to be so old shall not be older by the time that the test takes.
        static const base::UtcTime k_start = base::system_clock().now();
        return k_start - age;
    }

    void add(std::chrono::milliseconds age,
             const std::function<void(store::Manifest&)>& change = {}) const {
        store::Manifest manifest;
        manifest.database.name = "shop";
        manifest.database.host = "localhost";
        manifest.database.port = 5432;
        manifest.dump.format = "plain";
        manifest.dump.compression = "none";
        manifest.dump.options = {"--format=plain"};
        manifest.dump.started_at = time_before(age);
        manifest.dump.finished_at = manifest.dump.started_at;
        manifest.file.size = 1000;
        manifest.contents.tables = {{.schema = "public",
                                     .name = "orders",
                                     .rows = 2000,
                                     .bytes = 1,
                                     .fingerprint = std::string(32, '0'),
                                     .has_data = true}};
        if (change) {
            change(manifest);
        }
        manifest.file.name = name(age);
        write_file(file(name(age)), std::string(manifest.file.size, 'x'));
        write_file(file(name(age) + ".json"), store::to_json(manifest));
    }

    /// A hidden file that was last written to two days ago.
    void leave(const std::string& hidden_name) const {
        write_file(file(hidden_name), "");
        std::filesystem::last_write_time(file(hidden_name),
                                         std::filesystem::file_time_type::clock::now() - 48h);
    }

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return temp / "dumps" / name;
    }

    [[nodiscard]] ProgramResult run(Words words = {}) const {
        words.insert(words.begin(), "status");
        return run_dbbackup(words, {.directory = temp.path()});
    }

    [[nodiscard]] nlohmann::json json(Words words, int exit_code) const {
        words.emplace_back("--json");
        const ProgramResult result = run(words);
        CHECK(result.exit_code == exit_code);
        CHECK(result.err.empty());
        return nlohmann::json::parse(result.out);
    }
};

std::vector<std::string> kinds(const nlohmann::json& warnings) {
    std::vector<std::string> kinds;
    for (const auto& warning : warnings) {
        kinds.push_back(warning.at("kind"));
    }
    return kinds;
}

void record(store::Manifest& manifest, const std::string& level, std::chrono::milliseconds age) {
    store::Manifest::Verification verification;
    verification.level = level;
    verification.at = Home::time_before(age);
    verification.result = "ok";
    manifest.verifications.push_back(verification);
}

} // namespace

TEST_CASE("status of good dumps is a line per database and exit 0") {
    const Home home;
    home.add(26h);
    home.add(2h, [](store::Manifest& manifest) {
        manifest.file.size = 1500;
        manifest.contents.tables.front().rows = 1500;
        record(manifest, "read", 1h);
    });
    const ProgramResult result = home.run();
    INFO(result.out);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.starts_with("DATABASE  SERVER          NEWEST "));
    CHECK(
        contains(result.out, "shop      localhost:5432  " + Home::name(2h) +
                                 "  2 h  1.5 KiB "
                                 "(+50.0 %)  1,500 (-25.0 %)   1 h ago   never          0  yes\n"));
    CHECK(result.out.ends_with("\n\nhealthy\n"));
    CHECK(home.run({"-q"}).out.ends_with("\nhealthy\n"));
}

TEST_CASE("status of an old dump says so, with a hint, and exits 1") {
    const Home home;
    home.add(48h);
    const ProgramResult result = home.run();
    INFO(result.out);
    CHECK(result.exit_code == 1);
    CHECK(result.err.empty());
    CHECK(contains(result.out, "  2,000     never   never          0  no\n\nunhealthy: shop on "
                               "localhost:5432: its newest dump is 2 d old, more than 1 d 2 h\n"
                               "    hint: Take one with: dbbackup dump."));
    CHECK(result.out.ends_with("\nnot healthy\n"));
    CHECK(home.run({"--max-age", "3d"}).exit_code == 0);
}

TEST_CASE("status without any dump, or without the directory, exits 1") {
    const Home home;
    const ProgramResult none = home.run();
    CHECK(none.exit_code == 1);
    CHECK(none.out == "unhealthy: there is no dump with a readable manifest in 'dumps'\n"
                      "    hint: Take one with: dbbackup dump, or name another directory with "
                      "--dir.\nnot healthy\n");
    const ProgramResult nowhere = home.run({"--dir", "nowhere", "--prometheus"});
    CHECK(nowhere.exit_code == 1);
    CHECK(nowhere.out.empty());
    CHECK(contains(nowhere.err, "cannot open the directory 'nowhere'"));
}

TEST_CASE("status flags set each limit, and the configuration does") {
    const Home home;
    home.add(30h);
    home.add(3h, [](store::Manifest& manifest) {
        manifest.file.size = 900;
        manifest.contents.tables.front().rows = 1800;
        record(manifest, "restore", 2h);
    });
    CHECK(home.run({"--max-shrink", "10", "--max-row-loss", "10", "--max-proof-age", "3h",
                    "--max-verify-age", "3h", "--max-age", "4h"})
              .exit_code == 0);
    for (const auto& [words, kind] : std::vector<std::pair<Words, std::string>>{
             {{"--max-shrink", "9"}, "shrunk"},
             {{"--max-row-loss", "9"}, "rows_lost"},
             {{"--max-proof-age", "60m"}, "proof_too_old"},
             {{"--max-verify-age", "60m"}, "verification_too_old"},
             {{"--max-age", "90m"}, "too_old"}}) {
        const auto report = home.json(words, 1);
        CHECK(kinds(report.at("databases").at(0).at("warnings")) == Words{kind});
    }
    write_file(home.temp / "dbbackup.toml", "[status]\nmax-shrink = 9\nmax-age = \"1h\"\n");
    CHECK(kinds(home.json({}, 1).at("databases").at(0).at("warnings")) ==
          Words{"too_old", "shrunk"});
    CHECK(home.run({"--max-shrink", "10", "--max-age", "4h"}).exit_code == 0);
}

TEST_CASE("status takes dumps of a part only where it is told to") {
    const Home home;
    home.add(1h, [](store::Manifest& manifest) { manifest.dump.options = {"--table=orders"}; });
    const auto report = home.json({}, 1);
    CHECK(report.at("databases").at(0).at("newest").is_null());
    CHECK(kinds(report.at("databases").at(0).at("warnings")) == Words{"no_good_dump"});
    CHECK(home.run({"--accept-partial"}).exit_code == 0);
}

TEST_CASE("status --database looks at that one alone") {
    const Home home;
    home.add(1h);
    home.add(48h, [](store::Manifest& manifest) { manifest.database.name = "gone"; });
    home.leave("." + Home::name(72h) + ".partial");
    CHECK(home.json({}, 1).at("databases").size() == 2);
    CHECK(home.json({"--database", "gone"}, 1).at("warnings").empty());
    CHECK(home.run({"--database", "gone", "--max-age", "3d"}).exit_code == 0);
    CHECK(kinds(home.json({"--database", "shop"}, 1).at("warnings")) == Words{"leftovers"});
    CHECK(kinds(home.json({"--database", "x"}, 1).at("warnings")) == Words{"no_dumps"});
}

TEST_CASE("status misses each named database of which there is no dump") {
    const Home home;
    home.add(1h);
    home.add(48h, [](store::Manifest& manifest) { manifest.database.name = "old"; });
    const Words two{"--database", "shop", "--database=gone"};
    const auto report = home.json(two, 1);
    CHECK(report.at("databases").size() == 1);
    CHECK(report.at("databases").at(0).at("healthy") == true);
    CHECK(kinds(report.at("warnings")) == Words{"no_dumps"});
    CHECK(contains(home.run(two).out, "\nunhealthy: there is no dump of a database 'gone' with a "
                                      "readable manifest in 'dumps'\n"));
    CHECK(home.run({"--database", "shop", "gone"}).exit_code == 2);
    write_file(home.temp / "dbbackup.toml", "[status]\ndatabase = [\"shop\", \"gone\"]\n");
    CHECK(kinds(home.json({}, 1).at("warnings")) == Words{"no_dumps"});
    CHECK(home.run({"--database", "shop"}).exit_code == 0);
}

TEST_CASE("status is not healthy where a link stands for the newest dump") {
    const Home home;
    home.add(3h);
    home.add(1h);
    std::filesystem::remove(home.file(Home::name(1h)));
    std::filesystem::create_symlink("nowhere", home.file(Home::name(1h)));
    const ProgramResult result = home.run();
    CHECK(result.exit_code == 1);
    CHECK(contains(result.out, "\nunhealthy: the manifest is there, but not the dump, or it is no "
                               "regular file: " +
                                   Home::name(1h) + "\n"));
}

TEST_CASE("status finds what killed runs left, once each, and lost and damaged dumps") {
    const Home home;
    home.add(1h);
    CHECK(home.run().exit_code == 0);
    write_file(home.file("." + Home::name(1min) + ".partial"), ""); // of a dump under way
    write_file(home.file(".shop.lock"), "1");
    CHECK(home.run().exit_code == 0);
    home.leave("." + Home::name(70h) + ".partial");
    home.add(80h);
    std::filesystem::rename(home.file(Home::name(80h)),
                            home.file(store::removed_name_of(Home::name(80h))));
    auto report = home.json({}, 1);
    CHECK(kinds(report.at("warnings")) == Words{"leftovers"});
    CHECK(report.at("databases").at(0).at("leftovers").size() == 2);
    CHECK(report.at("databases").at(0).at("healthy") == true);
    home.add(90h);
    std::filesystem::remove(home.file(Home::name(90h)));
    write_file(home.file("by-hand.sql"), "");
    write_file(home.file(Home::name(30min)), "");
    home.add(40min);
    write_file(home.file(Home::name(40min)), "cut");
    report = home.json({}, 1);
    CHECK(kinds(report.at("warnings")) == Words{"unreadable", "leftovers", "lost"});
    CHECK(report.at("warnings").at(0).at("unhealthy") == false);
    CHECK(kinds(report.at("databases").at(0).at("warnings")) == Words{"damaged", "unreadable"});
    const ProgramResult result = home.run();
    CHECK(contains(result.out, "\nnote: 'by-hand.sql' cannot be judged: it has no manifest\n"));
    CHECK(contains(result.out, "its size is 3 bytes, its manifest says 1000"));
}

TEST_CASE("status --json is one object with all fields") {
    const Home home;
    home.add(30h);
    home.add(2h, [](store::Manifest& manifest) { record(manifest, "restore", 1h); });
    const auto report = home.json({"--max-proof-age", "1s"}, 1);
    CHECK(report.at("directory") == "dumps");
    CHECK(base::parse_utc(report.at("at").get<std::string>()));
    CHECK(report.at("healthy") == false);
    CHECK(report.at("free_bytes") > 0);
    CHECK(report.at("warnings").empty());
    const auto& database = report.at("databases").at(0);
    CHECK(database.at("database") == "shop");
    CHECK(database.at("host") == "localhost");
    CHECK(database.at("port") == 5432);
    CHECK(database.at("healthy") == false);
    CHECK(database.at("dumps") == 2);
    CHECK(database.at("verified_at") == base::format_utc(Home::time_before(1h)));
    CHECK(database.at("proven_at") == base::format_utc(Home::time_before(1h)));
    CHECK(database.at("leftovers").empty());
    const auto& newest = database.at("newest");
    CHECK(newest.at("name") == Home::name(2h));
    CHECK(newest.at("started_at") == base::format_utc(Home::time_before(2h)));
    CHECK(newest.at("age_seconds") >= 7200);
    CHECK(newest.at("size") == 1000);
    CHECK(newest.at("size_before") == 1000);
    CHECK(newest.at("rows") == 2000);
    CHECK(newest.at("rows_before") == 2000);
    const auto& warning = database.at("warnings").at(0);
    CHECK(warning.size() == 4);
    CHECK(warning.at("kind") == "proof_too_old");
    CHECK(warning.at("unhealthy") == true);
    CHECK(contains(warning.at("message"), "was last proven 1 h ago, more than 1.0 s"));
    CHECK(contains(warning.at("hint"), "dbbackup verify --restore " + Home::name(2h)));
}

TEST_CASE("status --prometheus prints metrics that Prometheus reads, and exits as without it") {
    const Home home;
    home.add(2h, [](store::Manifest& manifest) {
        manifest.database.name = "a\"\\\n\xc3\xa4";
        record(manifest, "restore", 1h);
    });
    home.add(3h);
    home.add(48h, [](store::Manifest& manifest) { manifest.database.host = "other"; });
    const ProgramResult result = home.run({"--prometheus"});
    INFO(result.out);
    CHECK(result.exit_code == 1);
    CHECK(result.err.empty());
    const auto samples = read_metrics(result.out);
    CHECK(metric(samples, "dbbackup_healthy", {{"database", "a\"\\\n\xc3\xa4"}}) == 1);
    CHECK(metric(samples, "dbbackup_healthy", {{"host", "other"}}) == 0);
    CHECK(metric(samples, "dbbackup_directory_healthy") == 0);
    CHECK(count_of(samples, "dbbackup_last_proven_age_seconds") == 1);
    CHECK(home.run({"--prometheus", "--max-age", "3d"}).exit_code == 0);
    const ProgramResult promtool = run_program(
        {"/bin/sh", "-c", "command -v promtool > /dev/null || exit 0; promtool check metrics"},
        {.environment = {{"PATH", std::getenv("PATH")}}, .input = result.out});
    CHECK(promtool.exit_code == 0);
    CHECK(promtool.out.empty());
    CHECK(promtool.err.empty());
}

TEST_CASE("status refuses what makes no sense") {
    const Home home;
    home.add(1h);
    for (const Words& words :
         {Words{"--prometheus", "--json"}, Words{"--max-age", "soon"}, Words{"--max-age", "-1h"},
          Words{"--max-proof-age", "1y"}, Words{"--max-shrink", "101"}, Words{"--max-shrink", "-1"},
          Words{"--max-row-loss", "half"}, Words{"extra"}, Words{"--max-age"}}) {
        INFO(words.front());
        CHECK(home.run(words).exit_code == 2);
    }
    const ProgramResult url =
        home.run({"--database", "a", "--database", "postgres://u:s3cr3t@h/d"});
    CHECK(url.exit_code == 2);
    CHECK_FALSE(contains(url.out + url.err, "s3cr3t"));
}

TEST_CASE("status escapes what a person reads") {
    const Home home;
    home.add(48h, [](store::Manifest& manifest) {
        manifest.database.name = "a\x1b[31m";
        manifest.database.host = "h\r";
    });
    const ProgramResult result = home.run();
    CHECK(contains(result.out, "a\\x1B[31m on h\\r:5432: its newest dump"));
    CHECK_FALSE(contains(result.out, "\x1b"));
    CHECK(home.json({}, 1).at("databases").at(0).at("database") == "a\x1b[31m");
}
