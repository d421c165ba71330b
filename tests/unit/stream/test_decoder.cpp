#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "unit/stream/decoding.hpp"

#include <stdlib.h>
#include <string>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

CompressionMethod method_of(const std::string& compression) {
    return parse_compression(compression).method;
}

std::vector<std::string> each_compression() {
    return {"none",   "gzip:1", "gzip:2", "gzip:3", "gzip:4",
            "gzip:6", "gzip:9", "zstd:1", "zstd:3", "zstd:19"};
}

struct Command {
    std::string tool;
    std::string command; ///< reads "plain" and "half", writes "file"
    CompressionMethod method;
};

constexpr auto k_gzip = CompressionMethod::gzip;
constexpr auto k_zstd = CompressionMethod::zstd;

/// Each makes twice "plain", or once.
const std::vector<Command>& commands() {
    static const std::vector<Command> all{
        {"gzip", "gzip -c plain > file", k_gzip},
        {"gzip", "gzip -1N < plain > file", k_gzip},
        {"gzip", "gzip -9cN plain > file", k_gzip},
        {"gzip", "gzip -c half > file; gzip -1c half >> file", k_gzip},
        {"pigz", "pigz -p 4 -c plain > file", k_gzip},
        {"pigz", "pigz -p 4 -i -b 128 -c plain > file", k_gzip},
        {"pigz", "pigz -11 -c half > file; pigz -c half >> file", k_gzip},
        {"zstd", "zstd -qc plain > file", k_zstd},
        {"zstd", "zstd -q < plain > file", k_zstd},
        {"zstd", "zstd -q --no-check < plain > file", k_zstd},
        {"zstd", "zstd -qc --long=27 plain > file", k_zstd},
        {"zstd", "zstd -qc -T4 -19 half > file; zstd -qc --fast half >> file", k_zstd},
    };
    return all;
}

bool is_installed(const std::string& tool) {
    return std::system(("command -v " + tool + " > /dev/null 2>&1").c_str()) == 0;
}

const std::string& half() {
    static const std::string text = lines(k_block_size) + random_bytes(10'000);
    return text;
}

/// A skippable frame of zstd, as in RFC 8878.
std::string skippable_frame(std::size_t size) {
    std::string frame = "\x53\x2A\x4D\x18";
    for (unsigned shift = 0; shift < 32; shift += 8) {
        frame += static_cast<char>(size >> shift);
    }
    return frame + std::string(size, 'x');
}

} // namespace

TEST_CASE("a decoder returns the encoder's input", "[slow]") {
    const std::vector<std::pair<std::string, std::string>> inputs{
        {"nothing", ""},
        {"one byte", "x"},
        {"a block less one", lines(k_block_size - 1)},
        {"a block", lines(k_block_size)},
        {"a block and one", lines(k_block_size + 1)},
        {"random", random_bytes(2 * k_block_size + 4321)},
        {"zeros", std::string(3 * k_block_size, '\0')},
    };
    std::vector<std::pair<std::string, std::string>> more_inputs = inputs;
    more_inputs.emplace_back("many blocks", lines(25 * k_block_size / 2));
    for (const std::string& compression : each_compression()) {
        const bool is_fast = compression == "none" || compression.ends_with(":1");
        for (const auto& [name, text] : is_fast ? more_inputs : inputs) {
            CAPTURE(compression, name);
            const std::string file = encode(compression, text);
            const Decoded decoded = decode(method_of(compression), file);
            CHECK(!decoded.failure);
            CHECK((decoded.text == text));
        }
    }
}

TEST_CASE("small reads and small members change nothing") {
    const std::string text = lines(300'000);
    for (const std::string compression : {"none", "gzip:1", "gzip:6", "zstd:1"}) {
        const std::string file = encode(compression, text, 1000);
        for (const std::size_t piece : {std::size_t{1}, std::size_t{19}, std::size_t{70'000}}) {
            CAPTURE(compression, piece);
            const Decoded decoded = decode(method_of(compression), file, piece);
            CHECK(!decoded.failure);
            CHECK((decoded.text == text));
        }
    }
}

TEST_CASE("blocks are never empty, and full except the last of a member") {
    for (const std::string compression : {"none", "gzip:1", "zstd:1"}) {
        CAPTURE(compression);
        const std::string file = encode(compression, lines(5 * k_block_size / 2));
        TextSource source{file, 1000};
        const auto decoder = make_decoder(method_of(compression), source);
        std::vector<std::size_t> sizes;
        while (std::optional<Block> block = decoder->pull()) {
            sizes.push_back(block->size());
        }
        CHECK(sizes == std::vector<std::size_t>{k_block_size, k_block_size, k_block_size / 2});
        CHECK(!decoder->pull());
    }
}

TEST_CASE("a decoder reads the output of the system's tools, also concatenated", "[slow]") {
    const test::TempDir directory;
    test::write_file(directory / "half", half());
    test::write_file(directory / "plain", half() + half());
    for (const auto& [tool, command, method] : commands()) {
        if (!is_installed(tool)) {
            continue;
        }
        CAPTURE(command);
        REQUIRE(std::system(("cd " + directory.path().string() + " && " + command).c_str()) == 0);
        const std::string file = test::read_file(directory / "file");
        const std::string own = encode(method == k_gzip ? "gzip:1" : "zstd:1", half());
        for (const auto& [row, copies] :
             {std::pair{file, 2}, {own + file + own, 4}, {file + file, 4}}) {
            const Decoded decoded = decode(method, row);
            CHECK(!decoded.failure);
            std::string expected;
            for (int i = 0; i < copies; ++i) {
                expected += half();
            }
            CHECK((decoded.text == expected));
        }
    }
}

TEST_CASE("skippable frames are skipped") {
    const std::string text = lines(100'000);
    const std::string file = encode("zstd:1", text, 40'000);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, 5 * k_block_size}) {
        CAPTURE(size);
        const std::string skipped = skippable_frame(size);
        const Decoded decoded = decode(k_zstd, skipped + file + skipped + skipped + file + skipped);
        CHECK(!decoded.failure);
        CHECK((decoded.text == text + text));
        CHECK(!decode(k_zstd, skipped).failure);
        CHECK(is_damaged(decode(k_zstd, skipped.substr(0, skipped.size() - 1))));
    }
}

TEST_CASE("a file's compression is detected from its beginning") {
    using namespace std::literals;
    for (const std::string& compression : each_compression()) {
        CAPTURE(compression);
        const std::string file = encode(compression, "-- a dump");
        CHECK(detect_compression(base::as_bytes(file)) == method_of(compression));
        CHECK(detect_compression(base::as_bytes(file).first(4)) == method_of(compression));
    }
    CHECK(detect_compression(base::as_bytes(skippable_frame(0))) == k_zstd);
    for (const std::string_view beginning :
         {""sv, "\x1F"sv, "\x1F\x8C\x08\x08"sv, "\x28\xB5\x2F"sv, "PGDM"sv, "\0\0\0\0"sv}) {
        CHECK(detect_compression(base::as_bytes(beginning)) == CompressionMethod::none);
    }
}

TEST_CASE("the pump shows decoded blocks to observers") {
    struct Recorder : Observer {
        std::string text;

        void observe(base::Bytes bytes) override { text += base::as_text(bytes); }
    };

    const std::string text = lines(5 * k_block_size / 2);
    const std::string file = encode("gzip:1", text);
    TextSource source{file};
    Recorder first;
    Recorder second;
    CHECK(pump(*make_decoder(k_gzip, source), {&first, &second}) == text.size());
    CHECK((first.text == text));
    CHECK((second.text == text));
}
