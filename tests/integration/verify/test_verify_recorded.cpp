// What verify writes to manifests, and when it cannot.

#include "support/catch.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/program/fake_tools.hpp"
#include "support/scene/small_disk.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

using namespace dbbackup::test;

namespace {

const std::string k_sql = sql_of_tables(sample_row(1), sample_row(2));

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

nlohmann::json verifications_of(const std::filesystem::path& path) {
    return nlohmann::json::parse(read_file(manifest_path(path))).at("verifications");
}

/// A dump directory; commands run with it as --dir.
struct Shelf {
    TempDir temp;

    [[nodiscard]] std::filesystem::path add(const std::string& name) const {
        return write_sample_dump(temp.path(), name, k_sql);
    }

    [[nodiscard]] ProgramResult run(std::vector<std::string> words) const {
        words.insert(words.end(), {"--dir", temp.path().string()});
        return run_dbbackup(words);
    }

    [[nodiscard]] ProgramResult verify(const std::string& name) const {
        return run({"verify", name});
    }
};

} // namespace

TEST_CASE("the result of verify is recorded, and list and show report it") {
    const Shelf shelf;
    const auto path = shelf.add("shop.sql.gz");
    const std::string content = read_file(path);
    CHECK(shelf.verify("shop.sql.gz").exit_code == 0);
    auto recorded = verifications_of(path);
    REQUIRE(recorded.size() == 1);
    CHECK(recorded[0].at("level") == "read");
    CHECK(recorded[0].at("result") == "ok");
    CHECK(recorded[0].at("seconds") >= 0);
    CHECK(recorded[0].contains("tool_version"));
    CHECK_FALSE(recorded[0].contains("server_version"));
    auto listed = nlohmann::json::parse(shelf.run({"list", "--json"}).out);
    CHECK(listed.at("/dumps/0/verified_at"_json_pointer) == recorded[0].at("at"));
    CHECK(listed.at("/dumps/0/proven_at"_json_pointer).is_null());
    CHECK(listed.at("/dumps/0/problem"_json_pointer).is_null());

    write_file(path, content.substr(0, content.size() - 1) + "x");
    CHECK(shelf.verify("shop.sql.gz").exit_code == 3);
    recorded = verifications_of(path);
    REQUIRE(recorded.size() == 2);
    CHECK(contains(recorded[1].at("result"), "gzip member 1 at offset 0 is damaged"));
    listed = nlohmann::json::parse(shelf.run({"list", "--json"}).out);
    CHECK(listed.at("/dumps/0/damaged_at"_json_pointer) == recorded[1].at("at"));
    CHECK(contains(shelf.run({"list"}).out, "! damaged"));
    CHECK(contains(shelf.run({"show", "shop.sql.gz"}).out, "gzip member 1"));

    // Not a finding: the beginning of a bzip2 file, with a matching manifest.
    write_file(path, "BZh91AY");
    correct_manifest(path);
    CHECK(shelf.verify("shop.sql.gz").exit_code == 1);
    CHECK(verifications_of(path).size() == 2);

    write_file(path, content);
    correct_manifest(path);
    CHECK(shelf.verify("shop.sql.gz").exit_code == 0);
    CHECK(verifications_of(path).size() == 3);
    listed = nlohmann::json::parse(shelf.run({"list", "--json"}).out);
    CHECK(listed.at("/dumps/0/problem"_json_pointer).is_null());
}

TEST_CASE("if nothing can be recorded, the result stands and a warning says so") {
    const Shelf shelf;
    const auto path = shelf.add("a.sql");
    ::chmod(path.c_str(), 0644);
    ::chmod(manifest_path(path).c_str(), 0444);
    ::chmod(shelf.temp.path().c_str(), 0555);
    const auto run = [&] {
        return run_program(as_owner_of(Cluster::shared().socket_directory(),
                                       {dbbackup_path(), "verify", "--json", path.string()}));
    };
    const ProgramResult result = run();
    CAPTURE(result.out, result.err);
    CHECK(result.exit_code == 0);
    CHECK(contains(result.err, "warning: the result could not be recorded: "));
    CHECK(contains(result.err, "a.sql.json"));
    CHECK(nlohmann::json::parse(result.out).at("/dumps/0/recorded"_json_pointer) == false);
    ::chmod(shelf.temp.path().c_str(), 0755);
    write_file(path, "no dump");
    CHECK(run().exit_code == 3);
    CHECK(verifications_of(path).empty());
}

TEST_CASE("verify in a directory on a read-only disk") {
    const SmallDisk disk{"1m"};
    if (!disk.there()) {
        return;
    }
    const auto path = write_sample_dump(disk.path(), "a.sql", k_sql);
    disk.make_read_only();
    const ProgramResult result = run_dbbackup({"verify", path.string()});
    CHECK(result.exit_code == 0);
    CHECK(contains(result.err, "could not be recorded"));
}

TEST_CASE("a manifest or a dump that disappears while it is verified") {
    const TempDir temp;
    FakeTools tools{temp.path()};
    tools.use_real("pg_dump");
    const TestDatabase database;
    database.psql("create table item (id int)");
    const auto dump = take_dump(database.url(), temp / "dumps", {"-F", "custom"});
    const auto verify_while = [&](const std::filesystem::path& gone) {
        tools.make("pg_restore", fmt::format("rm '{}'\nexec {} \"$@\"\n", gone.string(),
                                             FakeTools::real("pg_restore")));
        return run_dbbackup({"verify", dump.path.string(), "--bin-dir", tools.directory()});
    };
    const std::string manifest = read_file(manifest_path(dump.path));
    ProgramResult result = verify_while(manifest_path(dump.path));
    CHECK(result.exit_code == 0);
    CHECK(contains(result.err, "warning: the result could not be recorded"));

    write_file(manifest_path(dump.path), manifest);
    result = verify_while(dump.path); // it is held open
    CHECK(result.exit_code == 0);
    CHECK(verifications_of(dump.path).size() == 1);
}
