#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/server/cluster.hpp"

#include <dbbackup/base/text.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

/// ESC, CSI (U+009B), DEL, a line separator, and marks that reverse the text after them.
const std::string k_hostile = "a\x1b[31m\xC2\x9B"
                              "31m\x7f\xE2\x80\xA8\xE2\x80\xAE\xE2\x81\xA6\xD8\x9C";

void check_harmless(const std::string& output) {
    std::istringstream lines{output};
    for (std::string line; std::getline(lines, line);) {
        CHECK(line == base::printable(line));
    }
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("a hostile database name does nothing to a terminal, nor in JSON") {
    const SampleDirectory dumps;
    const std::string name =
        dumps.add({.started = "2020-01-31", .database = k_hostile, .host = k_hostile});
    dumps.add(
        {.started = "2020-02-01", .database = k_hostile, .host = k_hostile, .verified = "ok"});
    dumps.add(
        {.started = "2020-02-02", .database = k_hostile, .host = k_hostile, .verified = k_hostile});
    for (const Words& words : {Words{"list"},
                               {"show", name},
                               {"verify", "--all"},
                               {"verify", name},
                               {"status"},
                               {"prune", "--keep-last", "1", "--dry-run"},
                               {"pin", name},
                               {"show", k_hostile},
                               {"status", "--database", k_hostile + "x"},
                               {k_hostile},
                               {"list", "--" + k_hostile}}) {
        INFO(words.front());
        const ProgramResult text = dumps.run(words);
        CHECK(text.out.size() + text.err.size() > 20);
        check_harmless(text.out + text.err);
        Words json_words = words;
        json_words.emplace_back("--json");
        const ProgramResult json = dumps.run(json_words);
        CHECK(nlohmann::json::accept(json.out));
        check_harmless(json.out + json.err);
    }
    const ProgramResult metrics = dumps.run({"status", "--prometheus"});
    check_harmless(metrics.out);
    CHECK(metrics.out.find("database=\"a\\\\x1B[31m\\\\xC2\\\\x9B31m") != std::string::npos);
    const auto list = nlohmann::json::parse(dumps.run({"list", "--json"}).out);
    CHECK(list.at("dumps").at(0).at("database") == k_hostile);
}

TEST_CASE("hostile content does nothing to a terminal that shows the manifest") {
    const TestDatabase database{"n" + k_hostile};
    database.psql("create table \"" + k_hostile + "\" (i integer)");
    const TempDir home;
    const ProgramResult result =
        run_dbbackup({"dump", "--json", "--url", database.url(), "--label", k_hostile},
                     {.directory = home.path()});
    REQUIRE(result.exit_code == 0);
    check_harmless(result.out + result.err);
    const auto report = nlohmann::json::parse(result.out);
    const std::string text = read_file(home / (report.at("path").get<std::string>() + ".json"));
    check_harmless(text);
    const auto manifest = nlohmann::json::parse(text);
    CHECK(manifest == report.at("manifest"));
    CHECK(manifest.at("database").at("name") == "n" + k_hostile);
    CHECK(manifest.at("contents").at("tables").at(0).at("name") == k_hostile);
    CHECK(manifest.at("dump").at("label") == k_hostile);
    CHECK(run_dbbackup({"verify"}, {.directory = home.path()}).exit_code == 0);
}
