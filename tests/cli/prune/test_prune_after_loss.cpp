// What prune holds back because a database may not be the right one any more.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;
using Names = std::vector<std::string>;

namespace {

/// Dumps of one database on four days: from the third on, another server answers.
struct Scene {
    SampleDirectory dumps;
    Names names;

    Scene() {
        const char* const servers[] = {"7", "7", "8", "8"};
        for (int day = 0; day < 4; ++day) {
            const auto record = [&](store::Manifest& manifest) {
                manifest.dump_id = std::to_string(day);
                manifest.database.system_identifier = servers[day];
                manifest.before =
                    store::Manifest::Before{.dump_id = day == 0 ? "" : std::to_string(day - 1),
                                            .system_identifier = day == 0 ? "" : servers[day - 1],
                                            .oid = 0,
                                            .restored_at = std::nullopt};
            };
            names.push_back(dumps.add({.started = "2020-01-0" + std::to_string(day + 1)}, record));
        }
        dumps.add({.started = "2020-01-01", .database = "other"});
        dumps.add({.started = "2020-01-02", .database = "other"});
    }

    [[nodiscard]] nlohmann::json prune(Names words) const {
        words.insert(words.begin(), {"prune", "--json"});
        const ProgramResult result = dumps.run(words);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        return nlohmann::json::parse(result.out);
    }

    [[nodiscard]] std::size_t left() const { return dumps.dumps().size(); }
};

} // namespace

TEST_CASE("prune holds all dumps of a database that may be another one, and no others") {
    const Scene scene;
    const ProgramResult result = scene.dumps.run({"prune", "--keep-last", "1"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(scene.left() == 5);
    CHECK(result.out.find("held after loss, newest, last") != std::string::npos);
    CHECK(result.out.find("since '" + scene.names[2] +
                          "', it is on another server: the system "
                          "identifier is 8, before it was 7") != std::string::npos);
    CHECK(result.out.find("dbbackup prune --accept-loss --database app --dir ") !=
          std::string::npos);
}

TEST_CASE("prune --accept-loss is recorded in the newest manifest, and holds nothing back") {
    const Scene scene;
    SECTION("a dry run shows what would go") {
        const auto report = scene.prune({"--keep-last", "1", "--accept-loss", "--dry-run"});
        CHECK(report.at("removed") == 4);
        CHECK(report.at("accepted_losses").size() == 1);
        CHECK(scene.left() == 6);
        CHECK(scene.prune({"--keep-last", "9"}).at("held_after_loss").size() == 1);
    }
    SECTION("of another database") {
        const auto report =
            scene.prune({"--keep-last", "1", "--accept-loss", "--database", "other"});
        CHECK(report.at("accepted_losses").empty());
        CHECK(scene.left() == 5);
        CHECK(scene.prune({"--keep-last", "1"}).at("removed") == 0);
    }
    SECTION("without rules, nothing goes") {
        const auto report = scene.prune({"--accept-loss"});
        CHECK(report.at("removed") == 0);
        CHECK(report.at("accepted_losses").at(0).at("since") == scene.names[2]);
        CHECK(scene.left() == 6);
        const auto manifest =
            nlohmann::json::parse(read_file(scene.dumps / (scene.names[3] + ".json")));
        CHECK(manifest.at("loss_accepted_at").is_string());
        const auto later = scene.prune({"--keep-last", "1"});
        CHECK(later.at("held_after_loss").empty());
        CHECK(later.at("removed") == 4);
    }
    SECTION("together with rules") {
        CHECK(scene.prune({"--keep-last", "1", "--accept-loss"}).at("removed") == 4);
        CHECK(scene.left() == 2);
    }
}

TEST_CASE("prune --accept-loss with nothing to accept says so") {
    const SampleDirectory dumps;
    dumps.add_at("2020-01-01");
    const ProgramResult result = dumps.run({"prune", "--accept-loss"});
    CHECK(result.exit_code == 0);
    CHECK(result.out == "no change to accept\n");
}

TEST_CASE("status and its metrics tell of a loss") {
    const Scene scene;
    const ProgramResult result = scene.dumps.run({"status", "--json", "--database", "app"});
    CHECK(result.exit_code == 1);
    const auto database = nlohmann::json::parse(result.out).at("databases").at(0);
    CHECK(database.at("loss").at("before") == scene.names[1]);
    CHECK(database.at("warnings").back().at("kind") == "held_after_loss");
    CHECK(scene.dumps.run({"status", "--prometheus"}).out.find("database=\"app\"} 1\n") !=
          std::string::npos);
}
