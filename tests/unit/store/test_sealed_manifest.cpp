#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/dump_series.hpp>
#include <dbbackup/store/manifest.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup;
using store::Manifest;

namespace {

Manifest sealed() {
    Manifest manifest;
    manifest.tool_version = "0.1.0";
    manifest.dump_id = std::string(32, '7');
    manifest.database.name = "shop";
    manifest.database.host = "db1";
    manifest.database.port = 5432;
    manifest.database.user = "app";
    manifest.database.server_version = "15.20";
    manifest.database.size_bytes = 7'000'000;
    manifest.database.system_identifier = "74";
    manifest.database.oid = 16384;
    manifest.before = Manifest::Before{.dump_id = std::string(32, '9'),
                                       .system_identifier = "74",
                                       .oid = 16384,
                                       .restored_at = std::nullopt};
    manifest.dump.format = "plain";
    manifest.dump.compression = "gzip:2";
    manifest.dump.options = {"--format=plain", "--table=orders"};
    manifest.dump.label = "monday";
    manifest.dump.started_at = base::parse_utc("2026-11-20T03:15:00.123Z").value();
    manifest.dump.finished_at = manifest.dump.started_at;
    manifest.file = {"shop_2026-11-20T03-15-00-123Z.sql.gz.age", 123, std::string(64, 'a'), 456};
    manifest.contents.schemas = {"public"};
    manifest.contents.tables = {{"public", "orders", 3, 30, std::string(32, '0'), true}};
    manifest.seal = Manifest::Seal{
        .recipients = {"age1x"}, .record = "-----BEGIN\nline\n-----END\n", .is_open = true};
    return manifest;
}

} // namespace

TEST_CASE("a sealed manifest in clear has what list and prune need, and no more") {
    const std::string json = store::to_json(sealed());
    for (const char* hidden : {"orders", "monday", "app", "456", "public", "7000000"}) {
        INFO(hidden);
        CHECK(json.find(hidden) == std::string::npos);
    }
    const Manifest read = store::parse_manifest(json, "m");
    CHECK_FALSE(read.knows_contents());
    CHECK(read.dump_id == sealed().dump_id);
    CHECK(read.database.system_identifier == "74");
    CHECK(read.database.oid == 16384);
    CHECK(read.before == sealed().before);
    CHECK(read.file.sha256 == sealed().file.sha256);
    CHECK(read.seal->record == sealed().seal->record);
    CHECK(store::scope_of(read.dump) == store::Scope::part);
    CHECK(store::to_json(read) == json);
}

TEST_CASE("an opened manifest has all, and only its own record opens it") {
    Manifest record = sealed();
    record.seal.reset();
    const std::string json = store::to_sealable_json(record);
    const Manifest closed = store::parse_manifest(store::to_json(sealed()), "m");
    const Manifest open = store::open_manifest(closed, json, "m");
    CHECK(open.knows_contents());
    CHECK(open.contents == record.contents);
    CHECK(open.dump.label == "monday");
    CHECK(open.database == record.database);
    CHECK(open.file == record.file);
    Manifest other = record;
    other.dump_id = std::string(32, '8');
    CHECK_THROWS_AS(store::open_manifest(closed, store::to_sealable_json(other), "m"), base::Error);
    other = record;
    other.file.sha256 = std::string(64, 'b');
    CHECK_THROWS_AS(store::open_manifest(closed, store::to_sealable_json(other), "m"), base::Error);
}

TEST_CASE("manifests of format 3 are refused, and one of format 2 needs its seal") {
    auto json = nlohmann::json::parse(store::to_json(sealed()));
    json["format_version"] = "3.0";
    CHECK_THROWS_AS(store::parse_manifest(json.dump(), "m"), base::Error);
    json["format_version"] = "2.7";
    CHECK(store::parse_manifest(json.dump(), "m").seal);
    json.erase("sealed");
    CHECK_THROWS_AS(store::parse_manifest(json.dump(), "m"), base::Error);
}
