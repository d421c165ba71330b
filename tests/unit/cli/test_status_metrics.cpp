#include "../ops/status_scene.hpp"
#include "cli/report/status_metrics.hpp"
#include "support/catch.hpp"
#include "support/dumps/metrics_text.hpp"

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

std::vector<MetricSample> metrics(const StatusScene& scene) {
    return read_metrics(cli::to_metrics(scene.judge()));
}

} // namespace

TEST_CASE("status metrics: the tests' parser is strict") {
    const std::string head = "# HELP a x\n# TYPE a gauge\n";
    CHECK(metric(read_metrics(head + "a{b=\"\\\\\\\"\\n\"} 1.5\n"), "a", {{"b", "\\\"\n"}}) == 1.5);
    CHECK(read_metrics(head + "a 1\n").size() == 1);
    for (const char* wrong :
         {"a 1", "b 1\n", "a\n", "a x\n", "a  1\n", "a 1 2\n", "a{} 1\n", "a{b=\"\\t\"} 1\n",
          "a{b=\"c} 1\n", "a{b=\"c\",b=\"d\"} 1\n", "a{b=\"c\"}1\n", "a 1\na 2\n",
          "a{b=\"\xff\"} 1\n", "\n", "# TYPE a gauge\n"}) {
        INFO(wrong);
        CHECK_THROWS_AS(read_metrics(head + wrong), std::runtime_error);
    }
}

TEST_CASE("status metrics: a known number has a value") {
    const auto samples = metrics(StatusScene{
        {StatusDump{90s}.sized(4321).checked("read", 30s),
         StatusDump{2h}.sized(4321).checked("restore", 3600500ms), StatusDump{3h}.safety()}});
    CHECK(metric(samples, "dbbackup_healthy") == 1);
    CHECK(metric(samples, "dbbackup_dumps") == 3);
    CHECK(metric(samples, "dbbackup_newest_dump_timestamp_seconds") == 1795176000 - 90);
    CHECK(metric(samples, "dbbackup_newest_dump_age_seconds") == 90);
    CHECK(metric(samples, "dbbackup_newest_dump_size_bytes") == 4321);
    CHECK(metric(samples, "dbbackup_newest_dump_rows") == 10'500);
    CHECK(metric(samples, "dbbackup_last_verified_age_seconds") == 30);
    CHECK(metric(samples, "dbbackup_last_verified_timestamp_seconds") == 1795176000 - 30);
    CHECK(metric(samples, "dbbackup_last_proven_age_seconds") == 3600.5);
    CHECK(metric(samples, "dbbackup_last_proven_timestamp_seconds") == 1795176000 - 3600.5);
    CHECK(metric(samples, "dbbackup_directory_healthy") == 1);
    CHECK(metric(samples, "dbbackup_directory_free_bytes") == 1e15);
    CHECK(metric(samples, "dbbackup_directory_leftovers") == 0);
    CHECK(metric(samples, "dbbackup_status_timestamp_seconds") == 1795176000);
}

TEST_CASE("status metrics: an unknown number has none") {
    const auto samples = metrics(StatusScene{{StatusDump{1h}.safety()}});
    CHECK(samples.size() == 9);
    CHECK(metric(samples, "dbbackup_copies") == 0);
    CHECK(metric(samples, "dbbackup_healthy") == 0);
    CHECK(metric(samples, "dbbackup_dumps") == 1);
    CHECK(metric(samples, "dbbackup_foreign_dumps") == 0);
    CHECK(count_of(samples, "dbbackup_newest_dump_rows") == 0);
    CHECK(metrics(StatusScene{}).size() == 4);
    CHECK(metric(metrics(StatusScene{}), "dbbackup_directory_healthy") == 0);
}

TEST_CASE("status metrics: labels distinguish databases and directories, whatever their names") {
    StatusScene scene{{StatusDump{1h}.of("a\\\"\n\x1b"), StatusDump{1h}.of("a\xff"),
                       StatusDump{1h}.of("a\xfe"), StatusDump{1h}.of("a\\xFF"),
                       StatusDump{1h}.of("app", "::1", 5433), StatusDump{30h}.of("app", "::1")}};
    const auto samples = metrics(scene);
    CHECK(count_of(samples, "dbbackup_healthy") == 6);
    CHECK(metric(samples, "dbbackup_healthy", {{"database", "a\\\"\n\\x1B"}}) == 1);
    CHECK(metric(samples, "dbbackup_healthy", {{"database", "a\\xFF"}}) == 1);
    CHECK(metric(samples, "dbbackup_healthy", {{"database", "a\\x5CxFF"}}) == 1);
    CHECK(metric(samples, "dbbackup_healthy", {{"host", "::1"}, {"port", "5433"}}) == 1);
    CHECK(metric(samples, "dbbackup_healthy", {{"host", "::1"}, {"port", "5432"}}) == 0);
    for (const char* directory : {"/srv/b/", "/srv/./b", "/srv/b"}) {
        scene.request.directory = directory;
        CHECK(metric(metrics(scene), "dbbackup_directory_healthy", {{"directory", "/srv/b"}}) == 0);
    }
    scene.request.directory = "dumps";
    CHECK(metric(metrics(scene), "dbbackup_directory_healthy",
                 {{"directory", (std::filesystem::current_path() / "dumps").native()}}) == 0);
}
