#include "support/catch.hpp"
#include "unit/stream/blocks.hpp"
#include "unit/stream/texts.hpp"

#include <dbbackup/stream/encoder.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <string>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

struct CollectingSink : Sink {
    std::string text;
    std::vector<std::size_t> writes;
    bool finished = false;

    void write(base::Bytes bytes) override {
        text += base::as_text(bytes);
        writes.push_back(bytes.size());
    }

    void finish() override { finished = true; }
};

class ScratchDirectory {
public:
    ScratchDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "encoder-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }

    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    ~ScratchDirectory() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string write(const std::string& name, std::string_view text) const {
        const std::filesystem::path file = path_ / name;
        std::ofstream{file, std::ios::binary}.write(text.data(),
                                                    static_cast<std::streamsize>(text.size()));
        return file.string();
    }

private:
    std::filesystem::path path_;
};

bool succeeds(const std::string& command) {
    return std::system(command.c_str()) == 0;
}

struct Input {
    std::string name;
    std::string text;
};

const std::vector<Input>& inputs() {
    static const std::vector<Input> all{
        {"nothing", ""},
        {"one byte", "x"},
        {"a block less one", lines(k_block_size - 1)},
        {"a block", lines(k_block_size)},
        {"a block and one", lines(k_block_size + 1)},
        {"several blocks", lines(5 * k_block_size / 2)},
        {"random", random_bytes(k_block_size + 4321)},
        {"zeros", std::string(2 * k_block_size, '\0')},
    };
    return all;
}

CollectingSink encode(std::string_view compression, std::string_view text,
                      std::size_t block_size = k_block_size) {
    CollectingSink sink;
    BlockPool pool{block_size};
    const auto encoder = make_encoder(parse_compression(compression), sink, pool);
    push_all(text, *encoder, pool);
    CHECK(!sink.finished);
    encoder->finish();
    CHECK(sink.finished);
    return sink;
}

void check_read_by(const std::string& tool, const std::string& encoded, const std::string& plain) {
    CAPTURE(tool);
    CHECK(succeeds(tool + " -tq < " + encoded));
    CHECK(succeeds(tool + " -dcq < " + encoded + " | cmp -s - " + plain));
}

void check_each_input_read_by(const std::string& tool, const std::string& method,
                              const std::vector<int>& levels) {
    if (!succeeds("command -v " + tool + " >/dev/null 2>&1")) {
        WARN("left out: there is no " << tool);
        return;
    }
    const ScratchDirectory scratch;
    for (const Input& input : inputs()) {
        const std::string plain = scratch.write("plain", input.text);
        for (const int level : levels) {
            CAPTURE(input.name, level);
            const std::string compression = method + ":" + std::to_string(level);
            check_read_by(tool, scratch.write("encoded", encode(compression, input.text).text),
                          plain);
        }
    }
}

std::size_t u32_at(std::string_view text, std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value |= std::size_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    }
    return value;
}

const std::vector<std::string> k_each_method{"none", "gzip:1", "gzip:6", "zstd:1"};

} // namespace

// A case for each tool: together they take longest, and ctest runs several in parallel.
TEST_CASE("gzip reads what the encoder wrote", "[slow]") {
    check_each_input_read_by("gzip", "gzip", {1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("pigz reads what the encoder wrote", "[slow]") {
    check_each_input_read_by("pigz", "gzip", {1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("zstd reads what the encoder wrote", "[slow]") {
    check_each_input_read_by("zstd", "zstd", {1, 3, 9, 19, 22});
}

TEST_CASE("without compression the bytes stay unchanged") {
    for (const Input& input : inputs()) {
        CAPTURE(input.name);
        CHECK((encode("none", input.text).text == input.text));
    }
}

TEST_CASE("a gzip member tells where the next one begins") {
    for (const std::string method : {"gzip:1", "gzip:2", "gzip:3", "gzip:6"}) {
        for (const Input& input : inputs()) {
            CAPTURE(method, input.name);
            const CollectingSink sink = encode(method, input.text);
            const std::string_view file = sink.text;
            std::vector<std::size_t> members;
            for (std::size_t at = 0; at < file.size(); at += members.back()) {
                using namespace std::literals;
                REQUIRE(file.substr(at, 16) == "\x1F\x8B\x08\x04\0\0\0\0\0\xFF\x08\0DB\x04\0"sv);
                members.push_back(u32_at(file, at + 16));
                REQUIRE(members.back() >= 28);
                REQUIRE(members.back() <= file.size() - at);
            }
            CHECK(members == sink.writes);
            CHECK(members.size() ==
                  std::max<std::size_t>(1, (input.text.size() + k_block_size - 1) / k_block_size));
        }
    }
}

TEST_CASE("equal input gives equal files") {
    const std::string text = lines(3 * k_block_size);
    for (const std::string& method : k_each_method) {
        CAPTURE(method);
        CHECK((encode(method, text).text == encode(method, text).text));
    }
}

TEST_CASE("blocks are written in push order", "[slow]") {
    const ScratchDirectory scratch;
    const std::string text = lines(2'000'000); // in blocks so small that their order is pure luck
    const std::string plain = scratch.write("plain", text);
    CHECK((encode("none", text, 100).text == text));
    check_read_by("gzip", scratch.write("gz", encode("gzip:1", text, 100).text), plain);
    check_read_by("zstd", scratch.write("zst", encode("zstd:1", text, 100).text), plain);
}
