#include "support/catch.hpp"
#include "unit/store/manifest_scene.hpp"

#include <algorithm>
#include <fmt/format.h>

using namespace dbbackup;
using namespace dbbackup::test;
using store::Change;
using store::Pinned;

namespace {

/// A manifest of a later minor version, from another writer: fields unknown here at every depth,
/// numbers that no double can represent, escapes, and its own white space.
constexpr const char* k_foreign = R"({
 "zebra": {"verifications": [1], "pinned": "no", "deep": [{"x": 1.10}, 1e5]},
 "pinned" :false , "format_version":"1.9",
 "tool": {"name":"dbbackup","version":"9.9","commit":"\u00e9\/é"},
 "big": [9007199254740993, 18446744073709551615, 123456789012345678901234567890, -0.0],
 "database": {"name":"caf\\xE9 \\x5CxE9","host":"h","port":1,"user":"u","server_version":"v",
   "size_bytes":9007199254740993, "roles":[]},
 "verifications": [ {"level":"read","at":"2026-11-21T00:00:00.000Z", "who":{"a":1.50},
   "result":"ok","seconds":1.0} ],
 "dump": {"format":"plain","compression":"none","pg_dump_version":"v","options":[],"label":null,
   "started_at":"2026-11-20T00:00:00.000Z","finished_at":"2026-11-20T00:00:00.000Z",
   "duration_ms":1,"warnings":[],"later":"\"pinned\": true"},
 "file": {"name":"x.sql","size":3,"sha256":"","uncompressed_size":3,"blake3":"00"},
 "contents": {"schemas":[],"tables":[{"schema":"s","name":"\ud83d\ude00","rows":1,"bytes":2,
   "fingerprint":"","has_data":true,"kind":"heap"}],"large_objects":0, "views": {}}
})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("pinning changes one word of a manifest") {
    const ManifestScene scene;
    scene.write(k_foreign);
    CHECK(scene.pin(Pinned::yes) == Change::made);
    const std::string pinned = replaced(k_foreign, "\"pinned\" :false", "\"pinned\" :true");
    CHECK(scene.text() == pinned);
    CHECK(scene.pin(Pinned::yes) == Change::none);
    CHECK(scene.text() == pinned);
    CHECK(scene.pin(Pinned::no) == Change::made);
    CHECK(scene.text() == k_foreign);
    CHECK(scene.pin(Pinned::no) == Change::none);
}

TEST_CASE("a value that is already set is not written again") {
    const ManifestScene scene;
    const auto written = std::filesystem::last_write_time(scene.path());
    CHECK(scene.pin(Pinned::no) == Change::none);
    CHECK(std::filesystem::last_write_time(scene.path()) == written);
}

TEST_CASE("recording a verification changes no other byte") {
    const ManifestScene scene;
    scene.write(k_foreign);
    scene.record("restore", 1, "caf\xe9");
    const std::string text = scene.text();
    const std::string foreign = k_foreign;
    const std::size_t after = foreign.find(" ],\n \"dump\"") + 2;
    const std::string element = "{\"level\":\"read\",\"at\":\"2026-11-21T00:00:00.000Z\", "
                                "\"who\":{\"a\":1.50},\n   \"result\":\"ok\",\"seconds\":1.0}";
    CHECK(text.starts_with(foreign.substr(0, foreign.find("[ {\"level\""))));
    CHECK(text.ends_with(foreign.substr(after)));
    CHECK(text.find("[\n    " + element + ",\n    {\n      \"level\": \"restore\"") !=
          std::string::npos);
    const auto verifications = scene.manifest().verifications;
    REQUIRE(verifications.size() == 2);
    CHECK(verifications[1].result == "caf\\xE9");
    CHECK(nlohmann::json::parse(text).at("format_version") == "1.9");
}

TEST_CASE("recording a restore and an accepted loss changes no other byte") {
    const ManifestScene scene;
    scene.write(k_foreign);
    const base::UtcTime at = base::parse_utc("2026-11-22T00:00:00.000Z").value();
    store::record_restore(scene.directory(), ManifestScene::k_dump,
                          {.at = at, .dump_id = "ab", .system_identifier = "74", .oid = 5});
    store::record_accepted_loss(scene.directory(), ManifestScene::k_dump, at);
    const std::string foreign = k_foreign;
    CHECK(scene.text().starts_with(foreign.substr(0, foreign.find_last_of('}') - 1)));
    CHECK(scene.manifest().restores.size() == 1);
    CHECK(scene.manifest().loss_accepted_at == at);

    const base::UtcTime later = at + std::chrono::hours{1};
    store::record_restore(scene.directory(), ManifestScene::k_dump,
                          {.at = later, .dump_id = {}, .system_identifier = {}});
    store::record_accepted_loss(scene.directory(), ManifestScene::k_dump, later);
    CHECK(scene.manifest().restores.at(0).oid == 5);
    CHECK(scene.manifest().restores.at(1).at == later);
    CHECK(scene.manifest().loss_accepted_at == later);
}

TEST_CASE("our own manifest after an update looks as if written that way") {
    const ManifestScene scene;
    store::Manifest expected = scene.manifest();
    scene.record("read", 1, "ok");
    scene.record("restore", 2, "table t has 3 rows, not 4");
    (void)scene.pin(Pinned::yes);
    for (const auto& [level, second, result] :
         {std::tuple{"read", 1, "ok"}, std::tuple{"restore", 2, "table t has 3 rows, not 4"}}) {
        store::Manifest::Verification verification;
        verification.level = level;
        verification.at = base::UtcTime{std::chrono::seconds{1'800'000'000 + second}};
        verification.result = result;
        verification.seconds = second;
        expected.verifications.push_back(verification);
    }
    expected.pinned = true;
    CHECK(scene.text() == store::to_json(expected));
}

TEST_CASE("of many verifications the last hundred stay, and the last of each kind") {
    const ManifestScene scene;
    scene.record("restore", 0, "first broken");
    scene.record("restore", 1, "broken");
    scene.record("restore", 2, "ok");
    scene.record("read", 3, "damaged");
    for (int i = 4; i < 300; ++i) {
        scene.record("read", i, "ok");
    }
    const auto kept = scene.manifest().verifications;
    REQUIRE(kept.size() == 103);
    CHECK(kept[0].result == "broken");
    CHECK(kept[1].level == "restore");
    CHECK(kept[1].is_ok());
    CHECK(kept[2].result == "damaged");
    CHECK(kept[3].seconds == 200);
    CHECK(kept[102].seconds == 299);
    CHECK(scene.manifest().last_proven());
}

TEST_CASE("a standing finding is not lost among later readings") {
    const ManifestScene scene;
    scene.record("restore", 0, "broken");
    for (int i = 1; i < 120; ++i) {
        scene.record("read", i, i == 2 ? "damaged" : "ok");
    }
    const auto damage = scene.manifest().found_damaged();
    REQUIRE(damage);
    CHECK(damage->result == "broken");
}

TEST_CASE("of each kind, the last one recorded and the one with the latest time are kept") {
    const ManifestScene scene;
    scene.record("restore", 500, "ok");
    scene.record("restore", 400, "ok");
    for (int i = 0; i < 120; ++i) {
        scene.record("read", i, "ok");
    }
    CHECK(scene.manifest().verifications.size() == 102);
    CHECK(scene.manifest().verifications[0].seconds == 500);
    CHECK(scene.manifest().verifications[1].seconds == 400);
}
