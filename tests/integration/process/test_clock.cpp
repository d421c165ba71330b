// The machine's clock stops or is set back.

#include "support/catch.hpp"
#include "support/scene/dump_scene.hpp"

#include <dbbackup/ops/dump.hpp>
#include <dbbackup/pg/client_environment.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using namespace std::chrono_literals;

namespace {

class SetClock : public base::Clock {
public:
    explicit SetClock(const char* time) : time_(base::parse_utc(time).value()) {}

    [[nodiscard]] base::UtcTime now() const override { return time_; }

private:
    base::UtcTime time_;
};

class Warnings : public ops::Listener {
public:
    void on_warning(const std::string& message) override { text += message + "\n"; }

    void on_notice(const std::string& /*message*/) override {}
    void on_detail(const std::string& /*message*/) override {}

    void on_progress(const ops::Progress& /*progress*/) override {}

    std::string text;
};

ops::DumpRequest request_for(const TestDatabase& database, const std::filesystem::path& directory) {
    return {.connection = pg::parse_connection_url(database.url()),
            .directory = directory,
            .options = {},
            .compression = {},
            .label = {},
            .pin = ops::Pin::no,
            .retention = std::nullopt};
}

ops::DumpReport dump(const ops::DumpRequest& request, Warnings& warnings, const SetClock& clock) {
    return ops::dump(request, {.listener = warnings,
                               .clock = clock,
                               .bin_dir = Cluster::shared().bin_dir(),
                               .environment = pg::current_environment(),
                               .tool_version = "test"});
}

} // namespace

TEST_CASE("a stopped clock never gives two dumps the same name") {
    const TestDatabase database;
    const TempDir temp;
    const SetClock clock{"2026-03-01T12:00:00.000Z"};
    Warnings warnings;
    const auto request = request_for(database, temp / "dumps");
    const auto first = dump(request, warnings, clock);
    const std::string content = read_file(first.path);
    const auto second = dump(request, warnings, clock);
    const auto third = dump(request, warnings, clock);
    CHECK(first.path.ends_with("_2026-03-01T12-00-00-000Z.sql.gz"));
    CHECK(second.path.ends_with("_2026-03-01T12-00-00-001Z.sql.gz"));
    CHECK(third.path.ends_with("_2026-03-01T12-00-00-002Z.sql.gz"));
    CHECK(read_file(first.path) == content);
    CHECK(names_in(temp / "dumps").size() == 6);
    for (const auto& report : {first, second, third}) {
        check_whole(report.path);
    }
}

TEST_CASE("a clock that was set back is reported, and the dump is taken") {
    const TestDatabase database;
    const TempDir temp;
    Warnings warnings;
    const auto request = request_for(database, temp / "dumps");
    const auto first = dump(request, warnings, SetClock{"2026-03-01T12:00:00.000Z"});
    const std::string content = read_file(first.path);
    CHECK(warnings.text.empty());
    const auto second = dump(request, warnings, SetClock{"2025-03-01T12:00:00.000Z"});
    CHECK(warnings.text.find("the clock says 2025-03-01T12:00:00.000Z") != std::string::npos);
    CHECK(second.path.ends_with("_2025-03-01T12-00-00-000Z.sql.gz"));
    CHECK(read_file(first.path) == content);
    check_whole(second.path);
}

TEST_CASE("names of leftovers are skipped") {
    const TestDatabase database;
    const TempDir temp;
    const SetClock clock{"2026-03-01T12:00:00.000Z"};
    Warnings warnings;
    const auto dumps = temp / "dumps";
    std::filesystem::create_directory(dumps);
    const std::string stem = database.name() + "_2026-03-01T12-00-00-00";
    write_file(dumps / ("." + stem + "0Z.sql.gz.partial"), "left");
    write_file(dumps / (stem + "1Z.sql.gz.json"), "left");
    write_file(dumps / (stem + "2Z.sql.gz"), "left");
    const auto report = dump(request_for(database, dumps), warnings, clock);
    CHECK(report.path.ends_with("00-003Z.sql.gz"));
    CHECK(read_file(dumps / ("." + stem + "0Z.sql.gz.partial")) == "left");
    CHECK(read_file(dumps / (stem + "1Z.sql.gz.json")) == "left");
    CHECK(read_file(dumps / (stem + "2Z.sql.gz")) == "left");
}
