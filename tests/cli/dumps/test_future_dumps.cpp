// Dumps dated in the future, by a wrong clock or by hand.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string k_future = "is dated in the future (2099-01-01T00:00:00.000Z)";

} // namespace

TEST_CASE("a dump from the future is never latest, and that is reported") {
    const SampleDirectory dumps;
    const std::string past = dumps.add_at("2020-01-01");
    const std::string future = dumps.add_at("2099-01-01");
    for (const char* command : {"show", "verify"}) {
        INFO(command);
        const ProgramResult result = dumps.run({command, "latest"});
        CHECK(result.exit_code == 0);
        CHECK(contains(result.out, past));
        CHECK_FALSE(contains(result.out, future));
        CHECK(contains(result.err, "skipped '" + future + "', which " + k_future));
    }
    CHECK(dumps.run({"pin", "latest"}).exit_code == 0);
    CHECK(contains(read_file(dumps / (past + ".json")), "\"pinned\": true"));
    // Given by name, it is the user's own choice.
    CHECK(dumps.run({"verify", future}).exit_code == 0);
}

TEST_CASE("if all dumps are from the future, there is no latest") {
    const SampleDirectory dumps;
    const std::string future = dumps.add_at("2099-01-01");
    dumps.add_at("2098-01-01");
    const ProgramResult result = dumps.run({"show"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "'" + future + "' " + k_future + " (and 1 more such dump)"));
    CHECK(contains(result.err, "hint: Check this machine's clock."));
    CHECK(dumps.run({"show", future}).exit_code == 0);
}

TEST_CASE("list and show mark a dump from the future") {
    const SampleDirectory dumps;
    const std::string future = dumps.add_at("2099-01-01");
    CHECK(contains(dumps.run({"list"}).out, "! in the future"));
    CHECK(contains(dumps.run({"show", future}).out, "PROBLEM        it is dated in the future"));
    const auto listed = nlohmann::json::parse(dumps.run({"list", "--json"}).out);
    CHECK(listed.at("dumps").at(0).at("problem") == "it is dated in the future");
    const auto shown = nlohmann::json::parse(dumps.run({"show", future, "--json"}).out);
    CHECK(shown.at("problem") == "it is dated in the future");
}
