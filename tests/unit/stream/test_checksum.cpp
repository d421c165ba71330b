#include "support/catch.hpp"

#include <dbbackup/stream/checksum.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

struct CollectingSink : Sink {
    std::string text;
    bool finished = false;

    void write(base::Bytes bytes) override { text += base::as_text(bytes); }

    void finish() override { finished = true; }
};

/// Gives at most `piece` bytes at a time.
struct PiecesSource : Source {
    std::string text;
    std::size_t piece;
    std::size_t fails_at = std::string::npos;
    std::size_t at = 0;

    PiecesSource(std::string all, std::size_t most) : text(std::move(all)), piece(most) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        if (at >= fails_at) {
            throw std::runtime_error{"the disk is gone"};
        }
        const std::size_t got = std::min({size, piece, text.size() - at});
        std::memcpy(buffer, text.data() + at, got);
        at += got;
        return got;
    }
};

} // namespace

// The examples of FIPS 180-4.
TEST_CASE("a checksum is SHA-256") {
    Checksum checksum;
    SECTION("of nothing") {
        CHECK(checksum.sha256() ==
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(checksum.size() == 0);
    }
    SECTION("of a few bytes, in pieces") {
        checksum.observe(base::as_bytes("a"));
        checksum.observe({});
        checksum.observe(base::as_bytes("bc"));
        CHECK(checksum.size() == 3);
        CHECK(checksum.sha256() ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
    SECTION("of a million bytes") {
        for (int i = 0; i < 1000; ++i) {
            checksum.observe(base::as_bytes(std::string(1000, 'a')));
        }
        CHECK(checksum.size() == 1'000'000);
        CHECK(checksum.sha256() ==
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

TEST_CASE("the checksum of a source is that of its bytes, whatever pieces they come in") {
    for (const std::size_t size : {0UL, 1UL, k_block_size, 9 * k_block_size + 7}) {
        for (const std::size_t piece : {1000UL, k_block_size, 10 * k_block_size}) {
            CAPTURE(size, piece);
            PiecesSource source{std::string(size, 'a') + "z", piece};
            Checksum expected;
            expected.observe(base::as_bytes(source.text));
            std::uint64_t read = 0;
            CHECK(sha256_of(source, [&](std::uint64_t bytes) { read = bytes; }) ==
                  expected.sha256());
            CHECK(read == size + 1);
        }
    }
}

TEST_CASE("what stops the reading of a source stops its checksum") {
    constexpr std::size_t k_size = 20 * k_block_size;
    PiecesSource source{std::string(k_size, 'a'), k_block_size};
    SECTION("the source") {
        source.fails_at = k_size / 2;
        CHECK_THROWS_WITH(sha256_of(source, [](std::uint64_t) {}), "the disk is gone");
    }
    SECTION("who watches") {
        const auto interrupt = [](std::uint64_t read) {
            if (read > k_size / 2) {
                throw std::runtime_error{"enough"};
            }
        };
        CHECK_THROWS_WITH(sha256_of(source, interrupt), "enough");
    }
}

TEST_CASE("an observed sink passes on what its observer saw") {
    CollectingSink next;
    Checksum checksum;
    ObservedSink sink{next, checksum};
    sink.write(base::as_bytes("ab"));
    sink.write(base::as_bytes("c"));
    CHECK(!next.finished);
    sink.finish();
    CHECK(next.finished);
    CHECK(next.text == "abc");
    CHECK(checksum.sha256() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
