// What `dbbackup status` prints: for people, as JSON and as metrics.

#include "support/catch.hpp"
#include "support/dumps/metrics_text.hpp"
#include "support/scene/status_home.hpp"

#include <cstdlib>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

TEST_CASE("status: --json prints one object with all fields") {
    const StatusHome home;
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
    CHECK(database.at("verified_at") == base::format_utc(StatusHome::time_before(1h)));
    CHECK(database.at("proven_at") == base::format_utc(StatusHome::time_before(1h)));
    CHECK(database.at("leftovers").empty());
    const auto& newest = database.at("newest");
    CHECK(newest.at("name") == StatusHome::name(2h));
    CHECK(newest.at("started_at") == base::format_utc(StatusHome::time_before(2h)));
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
    CHECK(contains(warning.at("hint"), "dbbackup verify --restore " + StatusHome::name(2h)));
}

TEST_CASE("status: --prometheus prints valid metrics, with the same exit code") {
    const StatusHome home;
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

TEST_CASE("status: an age needs a unit, wherever it is given") {
    const StatusHome home;
    home.add(1h);
    for (const char* name : {"max-age", "max-proof-age", "max-verify-age"}) {
        const std::string message = std::string{"dbbackup: error: --"} + name +
                                    ": '26' has no unit\nhint: 26 what? Write 26h (hours), ";
        const ProgramResult flag = home.run({std::string{"--"} + name, "26"});
        CHECK(flag.exit_code == 2);
        CHECK(flag.out.empty());
        CHECK(flag.err.starts_with(message));
        write_file(home.home() / "dbbackup.toml", std::string{"[status]\n"} + name + " = 26\n");
        const ProgramResult configured = home.run();
        CHECK(configured.exit_code == 2);
        CHECK(configured.err.starts_with(message));
        std::filesystem::remove(home.home() / "dbbackup.toml");
    }
}

TEST_CASE("status: contradictory options are refused") {
    const StatusHome home;
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

TEST_CASE("status: text output is escaped") {
    const StatusHome home;
    home.add(48h, [](store::Manifest& manifest) {
        manifest.database.name = "a\x1b[31m";
        manifest.database.host = "h\r";
    });
    const ProgramResult result = home.run();
    CHECK(contains(result.out, "a\\x1B[31m on h\\r:5432: its newest dump"));
    CHECK_FALSE(contains(result.out, "\x1b"));
    CHECK(home.json({}, 1).at("databases").at(0).at("database") == "a\x1b[31m");
}
