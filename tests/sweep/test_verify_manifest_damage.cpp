// A whole dump with a changed manifest.

#include "support/catch.hpp"
#include "support/dumps/damage.hpp"
#include "support/dumps/dumps.hpp"
#include "support/dumps/sample_dump.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/error.hpp>

#include <map>
#include <utility>

using namespace dbbackup;
using namespace dbbackup::test;
using ops::Verdict;

namespace {

/// What a readable manifest says about the dump: without how and from what it was taken, and what
/// has happened to it since.
store::Manifest proven_part(const std::string& json) {
    store::Manifest manifest = store::parse_manifest(json, "manifest");
    manifest.tool_version.clear();
    manifest.database = {};
    manifest.dump = {};
    manifest.file.name.clear();
    manifest.verifications.clear();
    return manifest;
}

/// The expected verdict on a whole dump whose manifest is `json` and was `original`.
Verdict verdict_by_manifest(const std::string& json, const std::string& original) {
    try {
        return proven_part(json) == proven_part(original) ? Verdict::good : Verdict::damaged;
    } catch (const base::Error&) {
        const auto version = json.find("\"format_version\": \"");
        const char major = json.at(version + 19);
        const bool is_later = version != std::string::npos && major > '2' && major <= '9' &&
                              json.compare(version + 20, 3, original, version + 20, 3) == 0;
        return is_later ? Verdict::unverified : Verdict::damaged;
    }
}

} // namespace

TEST_CASE("a flipped bit in a manifest is found if it concerns the content") {
    const TempDir temp;
    const auto path =
        write_sample_dump(temp.path(), "shop_2026-11-20T03-15-00-123Z.sql.gz",
                          sql_of_tables(sample_row(1) + sample_row(2), sample_row(3)));
    const std::string manifest = read_file(manifest_path(path));
    std::map<Verdict, int> found;
    for (const std::size_t bit : places(manifest.size() * 8, 400)) {
        const std::string damaged = flipped(manifest, bit);
        write_file(manifest_path(path), damaged);
        const Verdict verdict = verify_here(path).verdict;
        ++found[verdict];
        if (verdict != verdict_by_manifest(damaged, manifest)) {
            const std::size_t at = bit / 8;
            CAPTURE(bit, damaged.substr(at - std::min<std::size_t>(at, 20), 40));
            CHECK(verdict == verdict_by_manifest(damaged, manifest));
        }
    }
    CHECK(found[Verdict::good] > 0);
    CHECK(found[Verdict::damaged] > found[Verdict::good]);
    if (is_long()) {
        // '3', '5' and '9' in place of the '1' of "1.2".
        CHECK(found[Verdict::unverified] == 3);
        WARN("bits of a manifest: " << found[Verdict::good] << " say nothing of the contents, "
                                    << found[Verdict::damaged] << " are damage");
    }
}

TEST_CASE("the manifest fields that a dump is checked against") {
    const TempDir temp;
    const auto path =
        write_sample_dump(temp.path(), "shop.sql.zst", sql_of_tables(sample_row(1), ""));
    const auto manifest = nlohmann::json::parse(read_file(manifest_path(path)));
    const auto exit_code_with = [&](const std::string& pointer, const std::string& value) {
        nlohmann::json changed = manifest;
        changed.at(nlohmann::json::json_pointer{pointer}) = nlohmann::json::parse(value);
        write_file(manifest_path(path), changed.dump());
        return run_dbbackup({"verify", path.string()}).exit_code;
    };
    using Change = std::pair<std::string, std::string>;
    for (const auto& [pointer, value] : std::vector<Change>{
             {"/file/size", "1"},
             {"/file/sha256", "\"00\""},
             {"/file/uncompressed_size", "1"},
             {"/contents/schemas", "[\"public\", \"shop\"]"},
             {"/contents/schemas", "[]"},
             {"/contents/large_objects", "1"},
             {"/contents/tables", "[]"},
             {"/contents/tables/1/name", "\"third\""},
             {"/contents/tables/1/schema", "\"shop\""},
             {"/contents/tables/1/rows", "2"},
             {"/contents/tables/1/rows", "-1"},
             {"/contents/tables/1/bytes", "2"},
             {"/contents/tables/1/fingerprint", "\"00000000000000000000000000000000\""},
             {"/contents/tables/1/has_data", "false"},
             {"/contents/tables/2/has_data", "false"},
             {"/format_version", "\"1\""},
             {"/format_version", "\"1.\""},
             {"/format_version", "\"1.x\""},
             {"/format_version", "\"0.9\""},
             {"/format_version", "\"one\""},
             {"/format_version", "1.1"},
             {"/dump/started_at", "\"yesterday\""},
             {"/dump", "{}"}}) {
        INFO(pointer << " " << value);
        CHECK(exit_code_with(pointer, value) == 3);
    }
    for (const auto& [pointer, value] :
         std::vector<Change>{{"/dump/label", "\"after\""},
                             {"/database/name", "\"blog\""},
                             {"/database/port", "1"},
                             {"/dump/started_at", "\"2020-01-01T00:00:00.000Z\""},
                             {"/dump/compression", "\"gzip:2\""},
                             {"/file/name", "\"other.sql\""},
                             {"/pinned", "true"},
                             {"/format_version", "\"1.27\""}}) {
        INFO(pointer << " " << value);
        CHECK(exit_code_with(pointer, value) == 0);
    }
    for (const std::string later : {"\"3.0\"", "\"10.3\""}) {
        CHECK(exit_code_with("/format_version", later) == 1);
    }
}
