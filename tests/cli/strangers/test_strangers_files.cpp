// How status, prune and verify --all treat files that others add to a dump directory.

#include "support/catch.hpp"
#include "support/dumps/other_users.hpp"
#include "support/dumps/sample_dump.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

const std::string k_of_mallory = std::string{"belongs to "} + k_mallory_shown;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Long ago, in the form of SampleDump::started.
std::string ago(std::chrono::hours hours) {
    return base::format_utc(base::system_clock().now() - hours);
}

} // namespace

TEST_CASE("another user's files hide no loss, and remove no manifest") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    std::filesystem::remove(attack.dumps / attack.ours[1]);
    const std::string left = "." + attack.ours[1] + ".removed";
    attack.dumps.plant(left, "");
    const std::string partial = "." + attack.ours[0] + ".partial";
    attack.dumps.plant(partial, "");
    attack.dumps.all().age(partial, std::chrono::hours{100});
    const ProgramResult verified = attack.dumps.run({"verify", "--all"});
    CHECK(verified.exit_code == 3);
    CHECK(contains(verified.err, attack.ours[1] + "' is missing"));
    const ProgramResult status = attack.dumps.run({"status", "--max-age", "20000d"});
    CHECK(status.exit_code == 1);
    CHECK(contains(status.out, "the dump is missing"));
    CHECK_FALSE(contains(status.out, "killed runs"));
    CHECK(attack.dumps.run({"prune", "--keep-last", "9"}).exit_code == 0);
    CHECK(std::filesystem::exists(manifest_path(attack.dumps / attack.ours[1])));
    CHECK(attack.is_there(left));
    CHECK(attack.is_there(partial));
}

TEST_CASE("another user's file in place of a lost dump does not hide the loss") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string content = read_file(attack.dumps / attack.ours[1]);
    std::filesystem::remove(attack.dumps / attack.ours[1]);
    attack.dumps.plant(attack.ours[1], content);
    const ProgramResult result = attack.dumps.run({"verify", "--all"});
    CHECK(result.exit_code == 3);
    CHECK(
        contains(result.err, "is missing; there is another file in its place: it " + k_of_mallory));
    CHECK(attack.dumps.run({"status", "--max-age", "20000d"}).exit_code == 1);
}

TEST_CASE("another user's manifest without a dump is not a loss") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    const std::string planted = attack.dumps.forge({.started = "2020-02-01"});
    std::filesystem::remove(attack.dumps / planted);
    CHECK(attack.dumps.run({"verify", "--all"}).exit_code == 0);
    CHECK(attack.dumps.run({"status", "--max-age", "20000d"}).exit_code == 0);
}

TEST_CASE("another user's hidden file in the way of a removal is reported with its owner") {
    if (!can_be_others()) {
        return;
    }
    const AttackedDumps attack{GENERATE(k_root, k_victim)};
    attack.dumps.plant("." + attack.ours[0] + ".removed", "");
    const ProgramResult result = attack.dumps.run({"prune", "--keep-last", "1"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, std::string{"is in the way, and belongs to "} + k_mallory_shown));
    CHECK(attack.is_there(attack.ours[0]));
    CHECK_FALSE(attack.is_there(attack.ours[1]));
}

TEST_CASE("status: other users' dumps do not count, and are reported") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{GENERATE(k_root, k_victim)};
    dumps.add({.started = ago(std::chrono::hours{100})});
    const std::string planted = dumps.forge({.started = ago(std::chrono::hours{1})});
    dumps.plant("app_2026-01-01T00-00-00-000Z.sql", "newer, with no manifest");
    const ProgramResult result = dumps.run({"status", "--json"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 1); // ours is too old
    const auto report = nlohmann::json::parse(result.out);
    const auto database = report.at("databases").at(0);
    CHECK(database.at("dumps") == 1);
    CHECK(database.at("foreign") == 1);
    REQUIRE(database.at("warnings").size() == 2);
    CHECK(database.at("warnings").at(0).at("kind") == "too_old");
    CHECK(database.at("warnings").at(1).at("kind") == "foreign");
    CHECK(database.at("warnings").at(1).at("unhealthy") == false);
    CHECK(contains(database.at("warnings").at(1).at("message"),
                   "'" + planted + "' of " + k_mallory_shown));
    REQUIRE(report.at("warnings").size() == 1);
    CHECK(report.at("warnings").at(0).at("kind") == "foreign");
    CHECK(dumps.run({"status", "--max-age", "20000d"}).exit_code == 0);
    CHECK(contains(dumps.run({"status", "--prometheus"}).out, "dbbackup_foreign_dumps{"));
}

TEST_CASE("status: a database with only other users' dumps is unhealthy") {
    if (!can_be_others()) {
        return;
    }
    const SharedDumps dumps{GENERATE(k_root, k_victim)};
    dumps.forge({.started = ago(std::chrono::hours{1})});
    const ProgramResult result = dumps.run({"status"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.out, "none of its dumps counts: 1 of other users"));
}
