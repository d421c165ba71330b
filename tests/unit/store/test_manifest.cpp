#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/manifest.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup;
using store::Manifest;

namespace {

base::UtcTime time_of(const char* text) {
    return base::parse_utc(text).value();
}

Manifest sample() {
    Manifest manifest;
    manifest.tool_version = "0.1.0";
    manifest.database = {.name = "shop",
                         .host = "/run/postgresql",
                         .port = 5432,
                         .user = "app",
                         .server_version = "15.20",
                         .size_bytes = 7'000'000,
                         .encoding = "UTF8",
                         .locale_provider = "icu",
                         .collate = "de_DE.UTF-8",
                         .ctype = "C",
                         .icu_locale = "de",
                         .icu_rules = "&a < g",
                         .builtin_locale = "C.UTF-8",
                         .system_identifier = "7411111111111111111",
                         .oid = 16384};
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

/// A check on that day of November.
Manifest::Verification checked(const std::string& level, int day, const std::string& result) {
    Manifest::Verification verification;
    verification.level = level;
    verification.at = time_of("2026-11-01T00:00:00.000Z") + std::chrono::days{day - 1};
    verification.result = result;
    return verification;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("a manifest is read back as it was written") {
    Manifest manifest = sample();
    CHECK(store::parse_manifest(store::to_json(manifest), "x.json") == manifest);
    manifest.dump.label = std::nullopt;
    manifest.verifications = {{.level = "restore",
                               .at = time_of("2026-11-21T00:00:00.000Z"),
                               .result = "ok",
                               .seconds = 1.5,
                               .tool_version = "0.2.0",
                               .server_version = "16.4",
                               .read_seconds = 0.25,
                               .compare_seconds = 0,
                               .text_not_compared = "another version"}};
    CHECK(store::parse_manifest(store::to_json(manifest), "x.json") == manifest);
    const base::UtcTime time = time_of("2026-11-22T00:00:00.000Z");
    manifest.before =
        Manifest::Before{.dump_id = "ab", .system_identifier = "74", .oid = 5, .restored_at = time};
    manifest.restores = {{.at = time, .dump_id = "cd", .system_identifier = "75", .oid = 6},
                         {.at = time, .dump_id = {}, .system_identifier = {}}};
    manifest.loss_accepted_at = time;
    CHECK(store::parse_manifest(store::to_json(manifest), "x.json") == manifest);
    manifest.before = Manifest::Before{};
    CHECK(store::parse_manifest(store::to_json(manifest), "x.json") == manifest);
}

TEST_CASE("a manifest of format 1.0 is read, with its missing fields empty") {
    nlohmann::json json = nlohmann::json::parse(store::to_json(sample()));
    json["format_version"] = "1.0";
    for (const char* later : {"encoding", "locale_provider", "collate", "ctype", "icu_locale",
                              "icu_rules", "builtin_locale", "system_identifier", "oid"}) {
        REQUIRE(json["database"].erase(later) == 1);
    }
    json["verifications"] = {{{"level", "restore"},
                              {"at", "2026-11-21T00:00:00.000Z"},
                              {"result", "ok"},
                              {"seconds", 2}}};
    const Manifest old = store::parse_manifest(json.dump(), "x.json");
    CHECK(old.database.encoding.empty());
    CHECK(old.database.icu_rules.empty());
    CHECK(old.verifications.at(0).tool_version.empty());
    CHECK_FALSE(old.verifications.at(0).read_seconds);
    CHECK(old.verifications.at(0).text_not_compared.empty());
    const auto again = nlohmann::json::parse(store::to_json(old));
    CHECK(again.at("database") == json.at("database"));
    CHECK(again.at("verifications") == json.at("verifications"));
}

TEST_CASE("an optional field may be null, but no other type") {
    const std::string json = store::to_json(sample());
    const auto read = store::parse_manifest(replaced(json, "\"de\"", "null"), "x.json");
    CHECK(read.database.icu_locale.empty());
    CHECK_THROWS_AS(store::parse_manifest(replaced(json, "\"de\"", "7"), "x.json"), base::Error);
}

TEST_CASE("a later minor version with unknown fields is read, a later major version refused") {
    const std::string json = store::to_json(sample());
    const std::string later = replaced(replaced(json, "\"1.4\"", "\"1.7\""), "\"pinned\"",
                                       "\"colour\": \"blue\",\n  \"pinned\"");
    CHECK(store::parse_manifest(later, "x.json") == sample());
    try {
        (void)store::parse_manifest(replaced(json, "\"1.4\"", "\"3.0\""), "x.json");
        FAIL("accepted");
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::ErrorKind::failed); // it may be a good one
    }
}

TEST_CASE("an invalid version, or one before the first, is damage") {
    const std::string json = store::to_json(sample());
    const auto kind_of = [&json](const std::string& version) {
        try {
            (void)store::parse_manifest(replaced(json, "\"1.4\"", "\"" + version + "\""), "x.json");
        } catch (const base::Error& error) {
            return std::optional{error.kind()};
        }
        return std::optional<base::ErrorKind>{};
    };
    for (const std::string version : {"1.0", "1.1", "1.12"}) {
        CHECK_FALSE(kind_of(version));
    }
    for (const std::string version : {"3.0", "3.1", "10.1"}) {
        CHECK(kind_of(version) == base::ErrorKind::failed);
    }
    for (const std::string version :
         {"", "1", "1.", ".1", "0.1", "-1.1", "1.-1", "1,1", "1.1.", "1.1 ", "q.1", "9", "1.x"}) {
        INFO(version);
        CHECK(kind_of(version) == base::ErrorKind::damaged);
    }
}

TEST_CASE("a file that is not a manifest is refused with its name") {
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
            CHECK(error.kind() == base::ErrorKind::damaged);
        }
    }
}

TEST_CASE("every truncation of a manifest is refused") {
    const std::string json = store::to_json(sample());
    for (std::size_t length = 0; length + 2 < json.size(); ++length) {
        CHECK_THROWS_AS(store::parse_manifest(json.substr(0, length), "x.json"), base::Error);
    }
}

TEST_CASE("any good check verifies, only a restore proves") {
    Manifest manifest = sample();
    CHECK_FALSE(manifest.last_verified());
    manifest.verifications = {checked("read", 21, "ok"), checked("restore", 22, "damaged")};
    CHECK(manifest.last_verified() == time_of("2026-11-21T00:00:00.000Z"));
    CHECK_FALSE(manifest.last_proven());
    manifest.verifications.push_back(checked("restore", 20, "ok"));
    CHECK(manifest.last_proven() == time_of("2026-11-20T00:00:00.000Z"));
    CHECK(manifest.last_verified() == time_of("2026-11-21T00:00:00.000Z"));
}

TEST_CASE("a finding stands until a later good check of at least its level") {
    const auto found = [](std::vector<Manifest::Verification> verifications) {
        Manifest manifest = sample();
        manifest.verifications = std::move(verifications);
        const auto damage = manifest.found_damaged();
        return damage ? damage->result : "nothing";
    };
    CHECK(found({}) == "nothing");
    CHECK(found({checked("read", 1, "ok"), checked("restore", 2, "ok")}) == "nothing");
    CHECK(found({checked("read", 1, "a")}) == "a");
    CHECK(found({checked("read", 1, "a"), checked("read", 2, "b")}) == "b");
    CHECK(found({checked("read", 1, "a"), checked("read", 2, "ok")}) == "nothing");
    CHECK(found({checked("read", 1, "a"), checked("restore", 2, "ok")}) == "nothing");
    CHECK(found({checked("restore", 1, "a"), checked("restore", 2, "ok")}) == "nothing");
    CHECK(found({checked("restore", 1, "a"), checked("read", 2, "ok")}) == "a");
    CHECK(found({checked("restore", 1, "a"), checked("read", 2, "b")}) == "b");
    CHECK(found({checked("restore", 1, "a"), checked("read", 2, "b"), checked("read", 3, "ok")}) ==
          "a");
    CHECK(found({checked("read", 1, "a"), checked("restore", 2, "b"), checked("read", 3, "ok")}) ==
          "b");
    // In the order in which they were recorded, however wrong a clock was.
    CHECK(found({checked("read", 2, "ok"), checked("read", 1, "a")}) == "a");
    CHECK(found({checked("read", 2, "a"), checked("read", 1, "ok")}) == "nothing");
    CHECK(found({checked("read", 1, "a"), checked("read", 1, "ok")}) == "nothing");
    CHECK(found({checked("read", 1, "ok"), checked("read", 1, "a")}) == "a");
    // What a level of a later version includes is unknown here.
    CHECK(found({checked("later", 1, "a"), checked("restore", 2, "ok")}) == "a");
    CHECK(found({checked("read", 1, "a"), checked("later", 2, "ok")}) == "a");
}

TEST_CASE("names that are not UTF-8 are written as valid JSON and stay different") {
    Manifest manifest = sample();
    manifest.contents.tables[0].name = "caf\xe9";
    manifest.contents.tables[1].name = "caf\xe8";
    const Manifest read = store::parse_manifest(store::to_json(manifest), "x.json");
    CHECK(read.contents.tables[0].name != read.contents.tables[1].name);
}

TEST_CASE("a manifest too large to be read is not written") {
    CHECK_NOTHROW(store::require_readable_size(std::string(store::k_most_manifest_bytes, ' ')));
    CHECK_THROWS_AS(
        store::require_readable_size(std::string(store::k_most_manifest_bytes + 1, ' ')),
        base::Error);
}
