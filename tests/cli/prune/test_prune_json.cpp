#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace dbbackup::test;
using nlohmann::json;

namespace {

json parsed(const ProgramResult& result) {
    INFO(result.out << result.err);
    CHECK(result.err.empty());
    CHECK(result.out.ends_with("\n"));
    return json::parse(result.out);
}

} // namespace

TEST_CASE("prune's report as JSON has the documented fields") {
    const SampleDirectory dumps;
    const std::string old = dumps.add_at("2020-01-01T03:15:00.123");
    const std::string kept = dumps.add({.started = "2020-01-02", .pinned = true});
    const std::string newest = dumps.add_at("2020-01-03");
    write_file(dumps / "x.sql", "SELECT 1;\n");
    const std::string partial = ".app_2019-01-01T00-00-00-000Z.sql.partial";
    write_file(dumps / partial, "12345");
    dumps.age(partial, std::chrono::hours{48});
    std::filesystem::create_symlink("x.sql", dumps / "link.sql");
    const auto size = std::filesystem::file_size(dumps / old);

    json expected{{"directory", dumps.path().string()},
                  {"dry_run", true},
                  {"dumps", json::array()},
                  {"sets", json::array()},
                  {"held_after_loss", json::array()},
                  {"accepted_losses", json::array()},
                  {"removed", 1},
                  {"leftovers", {partial}},
                  {"irregular", {"link.sql"}},
                  {"bytes_freed", size + 5}};
    const auto entry = [&](const std::string& name, const std::string& started,
                           const std::string& action, json reasons) {
        return json{{"name", name},     {"database", "app"},
                    {"host", "db"},     {"port", 5432},
                    {"size", size},     {"started_at", started},
                    {"action", action}, {"reasons", std::move(reasons)},
                    {"set", nullptr}};
    };
    expected["dumps"] = {entry(newest, "2020-01-03T00:00:00.000Z", "keep", {"newest", "last"}),
                         entry(kept, "2020-01-02T00:00:00.000Z", "keep", {"pinned"}),
                         entry(old, "2020-01-01T03:15:00.123Z", "remove", json::array()),
                         {{"name", "x.sql"},
                          {"database", nullptr},
                          {"host", nullptr},
                          {"port", nullptr},
                          {"started_at", nullptr},
                          {"size", 10},
                          {"action", "keep"},
                          {"reasons", {"foreign"}},
                          {"set", nullptr}}};
    CHECK(parsed(dumps.run({"prune", "--keep-last", "1", "--json", "--dry-run"})) == expected);
    expected["dry_run"] = false;
    CHECK(parsed(dumps.run({"prune", "--keep-last", "1", "--json"})) == expected);
}

TEST_CASE("prune: an error as JSON") {
    const SampleDirectory dumps;
    const ProgramResult result = dumps.run({"prune", "--json"});
    CHECK(result.exit_code == 2);
    const json error = parsed(result).at("error");
    CHECK(error.at("kind") == "usage");
    CHECK(error.at("message") == "no rule says which dumps to keep");
    CHECK(error.at("hint").get<std::string>().ends_with("."));
}

TEST_CASE("control characters in names are escaped in text and valid in JSON") {
    const SampleDirectory dumps;
    const std::string evil = "a\x1b[31m\nremoved 0 of 9 dumps\r\t";
    dumps.add({.started = "2020-01-01", .database = evil, .host = evil});
    dumps.add({.started = "2020-01-02", .database = evil, .host = evil, .name = "b\x1b[2J\n.sql"});
    write_file(dumps / "\xff\x1b\n.sql", "x");
    std::filesystem::create_symlink("x", dumps / "link\xff\x1b\n.sql");
    const ProgramResult text = dumps.run({"prune", "--keep-last", "1", "--dry-run"});
    CHECK(text.exit_code == 0);
    CHECK(text.out.find_first_of("\x1b\r\t") == std::string::npos);
    CHECK(text.out.find("\ndeleted 0") == std::string::npos);
    CHECK(std::ranges::count(text.out, '\n') == 1 + 3 + 1 + 1);
    const json report = parsed(dumps.run({"prune", "--keep-last", "1", "--dry-run", "--json"}));
    CHECK(report.at("dumps").size() == 3);
    CHECK(report.at("removed") == 1);
    CHECK(report.at("dumps").at(0).at("database") == evil);
    CHECK(dumps.run({"prune", "--keep-last", "1", "-v"}).err.find_first_of("\x1b\r\t") ==
          std::string::npos);
    CHECK(dumps.state().size() == 2 + 1 + 1);
}

TEST_CASE("a manifest whose database name is not UTF-8 is not trusted") {
    const SampleDirectory dumps;
    dumps.add_at("2020-01-02");
    const std::string old = dumps.add({.started = "2020-01-01", .name = "x.sql"});
    std::string manifest = read_file(manifest_path(dumps / old));
    manifest.replace(manifest.find("\"app\""), 5, "\"a\xff\x1b\"");
    write_file(manifest_path(dumps / old), manifest);
    const ProgramResult text = dumps.run({"prune", "--keep-last", "1"});
    CHECK(text.exit_code == 0);
    CHECK(text.out.find_first_of("\x1b\xff") == std::string::npos);
    const json report = parsed(dumps.run({"prune", "--keep-last", "1", "--json"}));
    CHECK(report.at("dumps").at(1).at("reasons") == json::array({"foreign"}));
    CHECK(dumps.state().size() == 4);
}
