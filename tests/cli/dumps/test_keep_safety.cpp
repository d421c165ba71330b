#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/clock.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

std::string ago(std::chrono::hours age) {
    std::string time = base::format_utc(base::system_clock().now() - age);
    time.pop_back(); // the Z, which SampleDump adds
    return time;
}

struct SafetyDumps {
    SampleDirectory dumps;
    std::string whole = dumps.add({.started = ago(std::chrono::hours{1})});
    std::string young = dumps.add({.started = ago(std::chrono::hours{6 * 24}), .safety = true});
    std::string old = dumps.add({.started = ago(std::chrono::hours{8 * 24}), .safety = true});

    std::vector<std::string> removed(std::vector<std::string> flags) const {
        flags.insert(flags.begin(), {"prune", "--keep-last", "1", "--dry-run", "--json"});
        std::vector<std::string> names;
        const auto report = nlohmann::json::parse(dumps.run(flags).out);
        for (const auto& dump : report.at("dumps")) {
            if (dump.at("action") == "remove") {
                names.push_back(dump.at("name"));
            }
        }
        return names;
    }
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("prune keeps a safety dump for a week, and says why") {
    const SafetyDumps scene;
    CHECK(scene.removed({}) == Names{scene.old});
    CHECK(scene.removed({"--keep-safety", "9d"}).empty());
    CHECK(scene.removed({"--keep-safety", "24h"}) == Names{scene.young, scene.old});
    CHECK(scene.removed({"--keep-safety", "0"}) == Names{scene.young, scene.old});
    CHECK(scene.removed({"--keep-safety", "0d"}) == Names{scene.young, scene.old});
    const std::string text = scene.dumps.run({"prune", "--keep-last", "1", "--dry-run"}).out;
    CHECK(text.find("safety") != std::string::npos);
}

TEST_CASE("option --keep-safety is not a rule by itself, and needs a duration") {
    const SafetyDumps scene;
    CHECK(scene.dumps.run({"prune", "--keep-safety", "7d"}).exit_code == 2);
    CHECK(scene.dumps.run({"prune", "--keep-last", "1", "--keep-safety", "7"}).exit_code == 2);
    CHECK(scene.dumps.run({"prune", "--keep-last", "1", "--keep-safety", "x"}).exit_code == 2);
    const ProgramResult dump =
        scene.dumps.run({"dump", "--url", "postgres://u@db.invalid/app", "--keep-safety", "1d"});
    CHECK(dump.exit_code == 2);
    CHECK(dump.err.find("--keep-safety does nothing without a rule") != std::string::npos);
    CHECK(scene.dumps.dumps().size() == 3);
}

TEST_CASE("the configuration can set how long safety dumps are kept") {
    const SafetyDumps scene;
    const TempDir home;
    write_file(home / "c.toml", "[prune]\nkeep-safety = \"9d\"\n");
    CHECK(scene.removed({"--config", (home / "c.toml").string()}).empty());
}
