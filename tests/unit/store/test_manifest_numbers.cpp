#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/store/manifest.hpp>

#include <nlohmann/json.hpp>

using namespace dbbackup;

TEST_CASE("a number that is not a non-negative integer is damage") {
    using Pointer = nlohmann::json::json_pointer;
    store::Manifest manifest;
    manifest.contents.tables.emplace_back();
    const auto json = nlohmann::json::parse(store::to_json(manifest));
    const auto refusal = [&json](const std::string& field, const nlohmann::json& value) {
        auto changed = json;
        changed.at(Pointer{field}) = value;
        try {
            (void)store::parse_manifest(changed.dump(), "x.json");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::ErrorKind::damaged);
            return std::string{error.what()};
        }
        return std::string{"accepted"};
    };
    for (const std::string field :
         {"/database/port", "/database/size_bytes", "/dump/duration_ms", "/file/size",
          "/file/uncompressed_size", "/contents/tables/0/rows", "/contents/tables/0/bytes",
          "/contents/large_objects"}) {
        const std::string name = Pointer{field}.back();
        for (const auto& value : std::vector<nlohmann::json>{
                 true, false, -1, 1.5, 2.0, 1e30, -0.0, "3", nullptr, nlohmann::json::array()}) {
            INFO(field << " = " << value.dump());
            CHECK(refusal(field, value).find("'" + name + "' is not a whole number") !=
                  std::string::npos);
        }
        CHECK(refusal(field, 0) == "accepted");
    }
    CHECK(refusal("/database/port", 2'147'483'648) ==
          "the manifest 'x.json' cannot be read: 'port' is not a whole number from 0 to "
          "2147483647");
    CHECK(refusal("/dump/duration_ms", 9'223'372'036'854'775'808U) != "accepted");
    CHECK(refusal("/contents/tables/0/rows", 18'446'744'073'709'551'615U) == "accepted");
}
