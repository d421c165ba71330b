#include "support/catch.hpp"
#include "unit/stream/decoding.hpp"
#include "unit/stream/foreign_gzip.hpp"

#include <dbbackup/base/text.hpp>

#include <set>
#include <string>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

constexpr auto k_gzip = CompressionMethod::gzip;
constexpr auto k_zstd = CompressionMethod::zstd;

struct File {
    std::string name;
    CompressionMethod method;
    std::string bytes;
    std::string plain;
    std::set<std::size_t> ends; ///< sizes at which whole members end
    /// Where a flipped bit need not be damage: unimportant header fields, and the bits that fill
    /// the last byte of deflate data. For zstd, zstd decides.
    std::set<std::size_t> ignorable;
};

constexpr std::size_t k_member_plain_size = 120;

void ignore(File& file, std::size_t from, std::size_t to) {
    for (std::size_t offset = from; offset < to; ++offset) {
        file.ignorable.insert(offset);
    }
}

File own_file(const std::string& compression) {
    File file{compression, parse_compression(compression).method, {}, lines(300), {}, {}};
    for (std::size_t at = 0; at < file.plain.size(); at += k_member_plain_size) {
        const std::size_t begin = file.bytes.size();
        file.bytes +=
            encode(compression, std::string_view{file.plain}.substr(at, k_member_plain_size));
        const std::size_t end = file.bytes.size();
        file.ends.insert(end);
        if (file.method == k_gzip) {
            ignore(file, begin + 3, begin + 10);  // FLG (text or not), MTIME, XFL, OS
            ignore(file, begin + 12, begin + 20); // the subfield
            ignore(file, end - 9, end - 8);
        } else {
            ignore(file, begin, end);
        }
    }
    return file;
}

File foreign_file(GzipFields fields) {
    File file{"foreign", k_gzip, foreign_gzip(lines(300), fields), lines(300), {}, {}};
    const std::size_t end = file.bytes.size();
    file.ends.insert(end);
    ignore(file, end - 9, end - 8);
    if (fields == GzipFields::none) {
        ignore(file, 3, 10);
    }
    return file;
}

std::vector<File> files() {
    return {own_file("gzip:1"), own_file("gzip:6"), own_file("zstd:3"),
            foreign_file(GzipFields::none), foreign_file(GzipFields::all)};
}

std::string message_of(const Decoded& decoded) {
    REQUIRE(is_damaged(decoded));
    return decoded.failure->what();
}

std::string with_member_size(std::string file, std::size_t size) {
    for (std::size_t i = 0; i < 4; ++i) {
        file.at(16 + i) = static_cast<char>(size >> (8 * i));
    }
    return file;
}

} // namespace

TEST_CASE("a file that is cut off anywhere but between members is damaged") {
    for (const File& file : files()) {
        for (std::size_t size = 0; size < file.bytes.size(); ++size) {
            CAPTURE(file.name, size);
            const Decoded decoded =
                decode(file.method, std::string_view{file.bytes}.substr(0, size));
            CHECK((file.plain.starts_with(decoded.text)));
            CHECK(is_damaged(decoded) == !file.ends.contains(size));
        }
        const Decoded whole = decode(file.method, file.bytes);
        CHECK(!whole.failure);
        CHECK(whole.text == file.plain);
    }
}

TEST_CASE("a flipped bit is damage, or changes nothing", "[slow]") {
    for (const File& file : files()) {
        for (std::size_t bit = 0; bit < 8 * file.bytes.size(); ++bit) {
            CAPTURE(file.name, bit / 8, bit % 8);
            std::string changed = file.bytes;
            changed[bit / 8] =
                static_cast<char>(changed[bit / 8] ^ static_cast<char>(1U << (bit % 8)));
            const Decoded decoded = decode(file.method, changed);
            if (!is_damaged(decoded)) {
                CHECK(!decoded.failure);
                CHECK((decoded.text == file.plain));
                CHECK(file.ignorable.contains(bit / 8));
            }
        }
    }
}

TEST_CASE("anything after the last member is damage") {
    for (const File& file : files()) {
        for (const std::string& more :
             {std::string(1, '\0'), std::string(512, '\0'), std::string{"x"},
              std::string{"\x1F\x8B\x08"}, std::string{"\x28\xB5\x2F\xFD"}, lines(100),
              file.bytes.substr(0, 12), file.bytes.substr(0, 30)}) {
            CAPTURE(file.name, more);
            const Decoded decoded = decode(file.method, file.bytes + more);
            CHECK(is_damaged(decoded));
            CHECK((decoded.text.starts_with(file.plain)));
        }
    }
}

TEST_CASE("an empty file is not in a compressed format") {
    CHECK(message_of(decode(k_gzip, "")) == "the file is empty");
    CHECK(message_of(decode(k_zstd, "")) == "the file is empty");
    CHECK(!decode(CompressionMethod::none, "").failure);
}

TEST_CASE("damage is reported with its position, after all data before it") {
    const std::string text = lines(5000);
    std::string file = encode("gzip:1", text, 1000);
    const std::string first = encode("gzip:1", std::string_view{text}.substr(0, 1000));
    SECTION("a checksum") {
        file[first.size() - 8] ^= 1;
        const Decoded decoded = decode(k_gzip, file);
        CHECK(decoded.text.empty());
        CHECK(message_of(decoded) ==
              "gzip member 1 at offset 0 is damaged: its checksum does not match");
    }
    SECTION("a size") {
        file[file.size() - 4] ^= 1;
        const Decoded decoded = decode(k_gzip, file);
        CHECK(decoded.text == text.substr(0, 4000));
        CHECK(message_of(decoded).starts_with("gzip member 5 at offset "));
        CHECK(message_of(decoded).ends_with(" is damaged: its size does not match"));
    }
    SECTION("a premature end") {
        const std::string text_of_two = random_bytes(2 * k_block_size);
        const std::string one =
            encode("gzip:1", std::string_view{text_of_two}.substr(0, k_block_size));
        const std::string two = encode("gzip:1", text_of_two);
        const Decoded decoded = decode(k_gzip, std::string_view{two}.substr(0, two.size() - 1));
        CHECK((decoded.text == text_of_two));
        CHECK(message_of(decoded) == "gzip member 2 at offset " + base::with_thousands(one.size()) +
                                         " is damaged: the file ends within it");
    }
    SECTION("garbage") {
        CHECK(message_of(decode(k_gzip, first + "garbage")) ==
              "gzip member 2 at offset " + std::to_string(first.size()) +
                  " is damaged: it does not begin as one");
    }
    SECTION("another program's file") {
        std::string foreign = first + foreign_gzip(text);
        foreign[foreign.size() - 8] ^= 1;
        const Decoded decoded = decode(k_gzip, foreign);
        CHECK((decoded.text == text.substr(0, 1000) + text));
        CHECK(message_of(decoded) == "gzip member 2 at offset " + std::to_string(first.size()) +
                                         " is damaged: its checksum does not match");
    }
    SECTION("of a frame") {
        std::string frames = encode("zstd:3", text, 1000);
        frames.back() ^= 1;
        const Decoded decoded = decode(k_zstd, frames);
        CHECK(decoded.text == text.substr(0, 4000));
        CHECK(message_of(decoded).starts_with("zstd frame 5 at offset "));
        CHECK(message_of(decoded).ends_with(" is damaged: its checksum does not match"));
    }
}

TEST_CASE("a member's declared size is not trusted") {
    const std::string text = lines(3000);
    const std::string member = encode("gzip:1", text);
    const std::string file = member + member;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{27}, std::size_t{28}, std::size_t{29},
          member.size() - 1, member.size() + 1, member.size() + 20, file.size() - 1, file.size(),
          file.size() + 1, k_block_size, 2 * k_block_size, std::size_t{0x7FFFFFFF},
          std::size_t{0xFFFFFFFF}}) {
        CAPTURE(size);
        const Decoded decoded = decode(k_gzip, with_member_size(file, size));
        CHECK(((is_damaged(decoded) && decoded.text.empty()) || decoded.text == text + text));
    }
    const Decoded impossible = decode(k_gzip, with_member_size(file, 0xFFFFFFFF));
    CHECK(!impossible.failure); // as any gzip reader does
}

TEST_CASE("a member in our form that holds more than a block is still read") {
    // Anybody can write the subfield, with any value.
    const std::string text = lines(5 * k_block_size / 2);
    const std::string member = encode("gzip:1", text, text.size());
    for (const std::string& plain_text : {text, std::string(20 * k_block_size, '\0')}) {
        const std::string one = encode("gzip:1", plain_text, plain_text.size());
        const std::string own = encode("gzip:1", plain_text);
        const Decoded decoded = decode(k_gzip, one + own + one);
        CHECK(!decoded.failure);
        CHECK((decoded.text == plain_text + plain_text + plain_text));
        std::string lying = one;
        lying.replace(one.size() - 4, 4, "\x10\0\0\0", 4);
        CHECK(is_damaged(decode(k_gzip, lying)));
    }
}

TEST_CASE("a frame must not require a window of more than 128 MiB") {
    using namespace std::literals;
    // No content size, a window of 2^(10 + 17) or 2^(10 + 18) bytes, one last block: "x", stored.
    CHECK(decode(k_zstd, "\x28\xB5\x2F\xFD\x00\x88\x09\0\0x"sv).text == "x");
    CHECK(message_of(decode(k_zstd, "\x28\xB5\x2F\xFD\x00\x90\x09\0\0x"sv)) ==
          "zstd frame 1 at offset 0 is damaged: it asks for a window of more than 128 MiB");
}
