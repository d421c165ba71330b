#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/encoder.hpp>

#include <utility>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

base::ErrorKind kind_of_failure(std::string_view text) {
    try {
        (void)parse_compression(text);
    } catch (const base::Error& error) {
        CHECK(!error.hint().empty());
        return error.kind();
    }
    return base::ErrorKind::failed;
}

} // namespace

TEST_CASE("compression is parsed from its name and level") {
    const std::vector<std::pair<std::string_view, Compression>> table{
        {"none", {CompressionMethod::none, std::nullopt}},
        {"gzip", {CompressionMethod::gzip, std::nullopt}},
        {"gzip:1", {CompressionMethod::gzip, 1}},
        {"gzip:9", {CompressionMethod::gzip, 9}},
        {"zstd", {CompressionMethod::zstd, std::nullopt}},
        {"zstd:1", {CompressionMethod::zstd, 1}},
        {"zstd:22", {CompressionMethod::zstd, 22}},
    };
    for (const auto& [text, expected] : table) {
        CAPTURE(text);
        CHECK(parse_compression(text) == expected);
    }
}

TEST_CASE("anything else is not a compression") {
    for (const std::string_view text :
         {"",        ":",        ":6",      "GZIP",    "lz4",
          "gzip ",   " gzip",    "gzip:",   "gzip:0",  "gzip:10",
          "gzip:-1", "gzip:+1",  "gzip: 6", "gzip:6 ", "gzip:6x",
          "gzip:x",  "gzip:6:1", "gzip=6",  "gzip6",   "gzip:99999999999999999999",
          "zstd:0",  "zstd:23",  "none:",   "none:0",  "none:1"}) {
        CAPTURE(text);
        CHECK(kind_of_failure(text) == base::ErrorKind::usage);
    }
}

TEST_CASE("compression is named with its actual level") {
    CHECK(to_string(parse_compression("none")) == "none");
    CHECK(to_string(parse_compression("gzip")) == "gzip:2");
    CHECK(to_string(parse_compression("gzip:7")) == "gzip:7");
    CHECK(to_string(parse_compression("zstd")) == "zstd:3");
    CHECK(to_string(parse_compression("zstd:22")) == "zstd:22");
    CHECK(effective_level(parse_compression("none")) == 0);
    CHECK(effective_level(Compression{}) == 2);
}
