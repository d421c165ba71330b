#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <nlohmann/json.hpp>

using namespace dbbackup::test;

namespace {

struct Pins {
    SampleDirectory dumps;
    std::vector<std::string> names = dumps.add_days(3);

    [[nodiscard]] std::string manifest(std::size_t which) const {
        return read_file(manifest_path(dumps / names[which]));
    }

    [[nodiscard]] bool is_pinned(std::size_t which) const {
        return nlohmann::json::parse(manifest(which)).at("pinned");
    }
};

} // namespace

TEST_CASE("a dump can be pinned by path, by name, by the beginning of its name, and as latest") {
    const Pins pins;
    const std::vector<std::pair<std::string, std::size_t>> references{
        {(pins.dumps / pins.names[0]).string(), 0},
        {pins.names[1], 1},
        {"app_2020-01-02", 1},
        {"latest", 2}};
    for (const auto& [reference, which] : references) {
        INFO(reference);
        const ProgramResult result = pins.dumps.run({"pin", reference});
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
        CHECK(result.out == (pins.dumps / pins.names[which]).string() + ": pinned\n");
        for (std::size_t i = 0; i < pins.names.size(); ++i) {
            CHECK(pins.is_pinned(i) == (i == which));
        }
        CHECK(pins.dumps.run({"unpin", reference}).exit_code == 0);
    }
}

TEST_CASE("latest is that of the database in the URL") {
    const Pins pins;
    pins.dumps.add({.started = "2021-01-01", .database = "other"});
    CHECK(pins.dumps.run({"pin", "latest"}).exit_code == 2);
    CHECK(pins.dumps.run({"pin", "latest", "--url", "postgres://u@db/app"}).exit_code == 0);
    CHECK(pins.is_pinned(2));
}

TEST_CASE("a dump to pin that does not exist, or is ambiguous") {
    const Pins pins;
    const auto before = pins.dumps.state();
    CHECK(pins.dumps.run({"pin", "app_2020-01-0"}).exit_code == 2);
    CHECK(pins.dumps.run({"pin", ""}).exit_code != 0);
    const ProgramResult nameless = pins.dumps.run({"unpin"});
    CHECK(nameless.exit_code == 2);
    CHECK(nameless.err.find("unpin needs the name of a dump") != std::string::npos);
    CHECK(nameless.err.find("dbbackup unpin latest") != std::string::npos);
    CHECK(pins.dumps.run({"unpin", "app_2020-01-09"}).exit_code == 1);
    CHECK(pins.dumps.run({"pin", "pp_2020-01-01"}).exit_code == 1);
    CHECK(pins.dumps.run({"pin", (pins.dumps / "app_2020-01-02").string()}).exit_code == 1);
    CHECK(pins.dumps.state() == before);
}

TEST_CASE("a whole name that is also the beginning of another one means the former") {
    const Pins pins;
    pins.dumps.add({.started = "2021-01-01", .name = "x.sql"});
    pins.dumps.add({.started = "2021-01-02", .name = "x.sql.sql"});
    CHECK(pins.dumps.run({"pin", "x.sql"}).out == (pins.dumps / "x.sql").string() + ": pinned\n");
}

TEST_CASE("pinning changes one field of the manifest, and unpinning restores it byte for byte") {
    const Pins pins;
    const std::string before = pins.manifest(0);
    CHECK(pins.dumps.run({"pin", pins.names[0]}).exit_code == 0);
    std::string expected = before;
    expected.replace(expected.find("\"pinned\": false"), 15, "\"pinned\": true");
    CHECK(pins.manifest(0) == expected);
    CHECK(pins.dumps.run({"unpin", pins.names[0]}).exit_code == 0);
    CHECK(pins.manifest(0) == before);
    pins.dumps.check_all_good();
}

TEST_CASE("pinning twice changes nothing the second time") {
    const Pins pins;
    CHECK(pins.dumps.run({"pin", pins.names[0]}).exit_code == 0);
    const auto before = pins.dumps.state();
    const ProgramResult again = pins.dumps.run({"pin", pins.names[0]});
    CHECK(again.exit_code == 0);
    CHECK(again.out.ends_with(": pinned (unchanged)\n"));
    CHECK(pins.dumps.state() == before);
    CHECK(pins.dumps.run({"unpin", pins.names[1]}).out.ends_with(": not pinned (unchanged)\n"));
    CHECK(pins.dumps.state() == before);
}

TEST_CASE("pin and unpin as JSON") {
    const Pins pins;
    const std::string path = (pins.dumps / pins.names[0]).string();
    const auto told = [&](const char* command) {
        return nlohmann::json::parse(pins.dumps.run({command, pins.names[0], "--json"}).out);
    };
    CHECK(told("pin") == nlohmann::json{{"path", path}, {"pinned", true}, {"changed", true}});
    CHECK(told("pin") == nlohmann::json{{"path", path}, {"pinned", true}, {"changed", false}});
    CHECK(told("unpin") == nlohmann::json{{"path", path}, {"pinned", false}, {"changed", true}});
}

TEST_CASE("prune keeps a pinned dump until it is unpinned, and list and show report the pin") {
    const Pins pins;
    CHECK(pins.dumps.run({"pin", pins.names[0]}).exit_code == 0);
    CHECK(pins.dumps.run({"list"}).out.find("  pinned") != std::string::npos);
    CHECK(pins.dumps.run({"show", pins.names[0]}).out.find("pinned         yes") !=
          std::string::npos);
    CHECK(pins.dumps.run({"prune", "--keep-last", "1"}).exit_code == 0);
    CHECK(pins.dumps.dumps() == std::vector{pins.names[0], pins.names[2]});
    CHECK(pins.dumps.run({"unpin", pins.names[0]}).exit_code == 0);
    CHECK(pins.dumps.run({"prune", "--keep-last", "1"}).exit_code == 0);
    CHECK(pins.dumps.dumps() == std::vector{pins.names[2]});
}

TEST_CASE("a dump without a manifest cannot be pinned") {
    const Pins pins;
    write_file(pins.dumps / "x.sql", "SELECT 1;\n");
    write_file(pins.dumps / "y.sql", "SELECT 1;\n");
    write_file(pins.dumps / "y.sql.json", "{}");
    const auto before = pins.dumps.state();
    CHECK(pins.dumps.run({"pin", "x.sql"}).exit_code == 1);
    CHECK(pins.dumps.run({"pin", "y.sql"}).exit_code == 3);
    CHECK(pins.dumps.state() == before);
}

TEST_CASE("pin without a dump suggests commands with the given directory") {
    const auto result = run_dbbackup({"pin", "--dir", "/some where"});
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("dbbackup list --dir '/some where'. ") != std::string::npos);
    CHECK(result.err.find("dbbackup pin latest --dir '/some where'\n") != std::string::npos);
    const auto secret = run_dbbackup({"pin", "--url", "postgres://u:sEcReT@h/d"});
    CHECK(secret.err.find("sEcReT") == std::string::npos);
}

TEST_CASE("list: for --db and -d, --database is suggested") {
    for (const char* option : {"--db", "-d", "--dbname"}) {
        CHECK(
            run_dbbackup({"list", option, "x"}).err.find("To choose a database: --database NAME") !=
            std::string::npos);
    }
}
