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

/// A good dump beside one whose manifest is hostile.
class HostileScene {
public:
    [[nodiscard]] const std::string& good_manifest() const noexcept { return manifest_; }

    void check(const HostileManifest& hostile) const {
        INFO(hostile.problem);
        write_file(manifest_path(dumps_ / bad_), hostile.text);
        const int damage = hostile.problem == "is too large" ? 1 : 3;
        CHECK(contains(dumps_.run({"list"}).out, "! manifest unreadable"));
        check_told({"list", "--json"}, 0, hostile);
        check_told({"show", bad_}, 1, hostile);
        check_told({"verify", bad_}, damage, hostile);
        check_told({"pin", bad_}, damage, hostile);
        check_told({"prune", "--keep-last", "1"}, 0, hostile);
        check_told({"status", "--max-age", "20000d"}, 0, hostile);
        CHECK(read_file(manifest_path(dumps_ / bad_)) == hostile.text);
        CHECK(dumps_.run({"show", good_}).exit_code == 0);
        CHECK(dumps_.run({"pin", good_}).exit_code == 0);
    }

private:
    void check_told(const std::vector<std::string>& words, int exit_code,
                    const HostileManifest& hostile) const {
        const ProgramResult result = dumps_.run(words);
        INFO(words[0] << ": " << result.out.substr(0, 2000) << result.err.substr(0, 2000));
        CHECK(result.exit_code == exit_code);
        const std::string told = result.out + result.err;
        CHECK(contains(told, hostile.problem));
        CHECK_FALSE(contains(told, "json.exception"));
        CHECK_FALSE(contains(told, "secret"));
    }

    SampleDirectory dumps_;
    std::string good_ = dumps_.add_at("2020-01-02");
    std::string bad_ = dumps_.add_at("2020-01-01");
    std::string manifest_ = read_file(manifest_path(dumps_ / bad_));
};

} // namespace

TEST_CASE("a manifest nested too deep for its reader does no harm", "[slow]") {
    constexpr int k_deep = 200'000;
    const HostileScene scene;
    const std::string arrays = repeated("[", k_deep) + repeated("]", k_deep);
    const std::string objects = repeated("{\"a\":", k_deep) + "1" + repeated("}", k_deep);
    for (const std::string& text :
         {arrays, repeated("[", k_deep), objects, with_field(scene.good_manifest(), arrays),
          with_field(scene.good_manifest(), objects)}) {
        scene.check({text, "it is nested more than 64 deep"});
    }
}

TEST_CASE("a manifest too long for its reader does no harm", "[slow]") {
    const HostileScene scene;
    const std::string text(store::k_most_manifest_bytes, 'x');
    scene.check({with_field(scene.good_manifest(), "\"" + text + "\""), "is too large"});
}

TEST_CASE("a manifest of too many parts for its reader does no harm", "[large]") {
    const HostileScene scene;
    scene.check({"[0" + repeated(",[]", 10'000'000) + "]", "it has too many parts"});
}

TEST_CASE("a manifest that is none does no harm", "[slow]") {
    const HostileScene scene;
    const std::string& good = scene.good_manifest();
    for (const HostileManifest& hostile :
         {HostileManifest{with_field(good, "1e999"), "it holds a number that is too large"},
          {good.substr(0, 20), "not valid JSON at byte 21"},
          {"root:$6$secret:19000::", "not valid JSON at byte 1"},
          {"[]", "'format_version' is missing"}}) {
        scene.check(hostile);
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
