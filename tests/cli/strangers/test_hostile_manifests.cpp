// Manifests made to crash their reader, beside a good dump.

#include "support/catch.hpp"
#include "support/dumps/sample_directory.hpp"
#include "support/dumps/sample_dump.hpp"

#include <dbbackup/store/manifest.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup;
using namespace dbbackup::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string repeated(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) {
        result += text;
    }
    return result;
}

/// A good manifest with one more field.
std::string with_field(const std::string& manifest, const std::string& value) {
    return "{\"later\": " + value + ", " + manifest.substr(1);
}

struct HostileManifest {
    std::string text;
    std::string problem; ///< what is reported about it
};

std::vector<HostileManifest> hostile_manifests(const std::string& good) {
    constexpr int k_deep = 200'000;
    const std::string arrays = repeated("[", k_deep) + repeated("]", k_deep);
    const std::string objects = repeated("{\"a\":", k_deep) + "1" + repeated("}", k_deep);
    return {
        {arrays, "it is nested more than 64 deep"},
        {repeated("[", k_deep), "it is nested more than 64 deep"},
        {objects, "it is nested more than 64 deep"},
        {with_field(good, arrays), "it is nested more than 64 deep"},
        {with_field(good, objects), "it is nested more than 64 deep"},
        {with_field(good, "\"" + std::string(store::k_most_manifest_bytes, 'x') + "\""),
         "is too large"},
        {"[0" + repeated(",[]", 10'000'000) + "]", "it has too many parts"},
        {with_field(good, "1e999"), "it holds a number that is too large"},
        {good.substr(0, 20), "not valid JSON at byte 21"},
        {"root:$6$secret:19000::", "not valid JSON at byte 1"},
        {"[]", "'format_version' is missing"},
    };
}

} // namespace

TEST_CASE("a manifest made to crash its reader does no harm", "[slow]") {
    const SampleDirectory dumps;
    const std::string good = dumps.add_at("2020-01-02");
    const std::string bad = dumps.add_at("2020-01-01");
    const std::string text = read_file(manifest_path(dumps / bad));
    for (const HostileManifest& hostile : hostile_manifests(text)) {
        INFO(hostile.problem);
        write_file(manifest_path(dumps / bad), hostile.text);
        const auto check = [&](const std::vector<std::string>& words, int exit_code) {
            const ProgramResult result = dumps.run(words);
            INFO(words[0] << ": " << result.out.substr(0, 2000) << result.err.substr(0, 2000));
            CHECK(result.exit_code == exit_code);
            const std::string told = result.out + result.err;
            CHECK(contains(told, hostile.problem));
            CHECK_FALSE(contains(told, "json.exception"));
            CHECK_FALSE(contains(told, "secret"));
        };
        CHECK(contains(dumps.run({"list"}).out, "! manifest unreadable"));
        check({"list", "--json"}, 0);
        check({"show", bad}, 1);
        check({"verify", bad}, hostile.problem == "is too large" ? 1 : 3);
        check({"pin", bad}, hostile.problem == "is too large" ? 1 : 3);
        check({"prune", "--keep-last", "1"}, 0);
        check({"status", "--max-age", "20000d"}, 0);
        CHECK(read_file(manifest_path(dumps / bad)) == hostile.text);
        CHECK(dumps.run({"show", good}).exit_code == 0);
        CHECK(dumps.run({"pin", good}).exit_code == 0);
    }
}

TEST_CASE("fields of the wrong type are reported in plain words") {
    const SampleDirectory dumps;
    const std::string name = dumps.add_at("2020-01-01");
    const auto good = nlohmann::json::parse(read_file(manifest_path(dumps / name)));
    const std::vector<std::pair<std::string, std::string>> cases{
        {"/database/name", "'name' is not a text"},
        {"/database", "'name' is missing"},
        {"/dump/started_at", "'started_at' is not a time"},
        {"/dump/label", "'label' is not a text"},
        {"/dump/options", "'options' is not a list"},
        {"/dump/safety", "'safety' is not true or false"},
        {"/contents/tables", "'tables' is not a list"},
        {"/pinned", "'pinned' is not true or false"},
        {"/verifications", "'verifications' is not a list"},
    };
    for (const auto& [field, problem] : cases) {
        INFO(field);
        auto spoilt = good;
        spoilt[nlohmann::json::json_pointer{field}] = 7;
        write_file(manifest_path(dumps / name), spoilt.dump(2));
        const ProgramResult result = dumps.run({"list"});
        CHECK(result.exit_code == 0);
        CHECK(contains(result.out, "! manifest unreadable"));
        const ProgramResult shown = dumps.run({"show", name});
        CHECK(shown.exit_code == 1);
        CHECK(contains(shown.err, name + ".json' cannot be read: " + problem));
    }
}
