#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/manifest.hpp>

using namespace dbbackup;
using store::Manifest;

namespace {

base::UtcTime time_of(const char* text) {
    return base::parse_utc(text).value();
}

Manifest sample() {
    Manifest manifest;
    manifest.tool_version = "0.1.0";
    manifest.database = {"shop", "/run/postgresql", 5432, "app", "15.20", 7'000'000};
    manifest.dump = {.format = "plain",
                     .compression = "gzip:2",
                     .pg_dump_version = "15.20",
                     .options = {"--format=plain"},
                     .label = "before-migration",
                     .started_at = time_of("2026-11-20T03:15:00.123Z"),
                     .finished_at = time_of("2026-11-20T03:15:02.000Z"),
                     .duration_ms = 1877,
                     .warnings = {"pg_dump: warning: subscriptions not dumped"}};
    manifest.file = {"shop_2026-11-20T03-15-00-123Z.sql.gz", 123, std::string(64, 'a'), 456};
    manifest.contents.schemas = {"public"};
    manifest.contents.tables = {{"public", "orders", 3, 30, std::string(32, '0'), true},
                                {"public", "log", 0, 0, std::string(32, '0'), false}};
    manifest.contents.large_objects = 2;
    manifest.pinned = true;
    return manifest;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("a manifest comes back as it was written") {
    Manifest manifest = sample();
    CHECK(store::parse_manifest(store::to_json(manifest), "x.json") == manifest);
    manifest.dump.label = std::nullopt;
    manifest.verifications = {{"restore", time_of("2026-11-21T00:00:00.000Z"), "ok", 1.5}};
    CHECK(store::parse_manifest(store::to_json(manifest), "x.json") == manifest);
}

TEST_CASE("a later minor version with unknown fields is read, a later major refused") {
    const std::string json = store::to_json(sample());
    const std::string later = replaced(replaced(json, "\"1.0\"", "\"1.7\""), "\"pinned\"",
                                       "\"colour\": \"blue\",\n  \"pinned\"");
    CHECK(store::parse_manifest(later, "x.json") == sample());
    CHECK_THROWS_AS(store::parse_manifest(replaced(json, "\"1.0\"", "\"2.0\""), "x.json"),
                    base::Error);
}

TEST_CASE("what is no manifest is refused with the file's name") {
    const std::string json = store::to_json(sample());
    const std::vector<std::string> wrong{"",
                                         "{}",
                                         "[]",
                                         "null",
                                         "{\"format_version\": 1}",
                                         json.substr(0, json.size() / 2),
                                         replaced(json, "\"sha256\"", "\"sha\""),
                                         replaced(json, "\"rows\": 3", "\"rows\": \"3\""),
                                         replaced(json, "2026-11-20T03:15:00.123Z", "yesterday")};
    for (const std::string& text : wrong) {
        INFO(text);
        try {
            (void)store::parse_manifest(text, "the\x1b.json");
            FAIL("accepted");
        } catch (const base::Error& error) {
            CHECK(std::string{error.what()}.find("the\\x1B.json") != std::string::npos);
            CHECK(error.kind() == base::ErrorKind::failed);
        }
    }
}

TEST_CASE("every truncation of a manifest is refused") {
    const std::string json = store::to_json(sample());
    for (std::size_t length = 0; length + 2 < json.size(); ++length) {
        CHECK_THROWS_AS(store::parse_manifest(json.substr(0, length), "x.json"), base::Error);
    }
}

TEST_CASE("verified is any good reading, proven only a restore") {
    Manifest manifest = sample();
    CHECK_FALSE(manifest.last_verified());
    manifest.verifications = {{"read", time_of("2026-11-21T00:00:00.000Z"), "ok", 1},
                              {"restore", time_of("2026-11-22T00:00:00.000Z"), "damaged", 1}};
    CHECK(manifest.last_verified() == time_of("2026-11-21T00:00:00.000Z"));
    CHECK_FALSE(manifest.last_proven());
    manifest.verifications.push_back({"restore", time_of("2026-11-20T00:00:00.000Z"), "ok", 1});
    CHECK(manifest.last_proven() == time_of("2026-11-20T00:00:00.000Z"));
    CHECK(manifest.last_verified() == time_of("2026-11-21T00:00:00.000Z"));
}

TEST_CASE("names that are no UTF-8 are written as valid JSON and stay different") {
    Manifest manifest = sample();
    manifest.contents.tables[0].name = "caf\xe9";
    manifest.contents.tables[1].name = "caf\xe8";
    const Manifest read = store::parse_manifest(store::to_json(manifest), "x.json");
    CHECK(read.contents.tables[0].name != read.contents.tables[1].name);
}
