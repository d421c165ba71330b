#include "support/catch.hpp"
#include "unit/stream/decoding.hpp"
#include "unit/stream/foreign_gzip.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

struct File {
    std::string name;
    CompressionMethod method;
    std::string bytes;
    std::string plain;
};

/// With enough members or blocks to fill a bounded queue.
std::vector<File> files() {
    const std::string text = lines(25 * k_block_size);
    const std::string short_text = lines(100'000);
    return {
        {"none", CompressionMethod::none, text, text},
        {"gzip", CompressionMethod::gzip, encode("gzip:1", text), text},
        {"zstd", CompressionMethod::zstd, encode("zstd:1", text), text},
        {"tiny members", CompressionMethod::gzip, encode("gzip:1", short_text, 100), short_text},
        {"foreign", CompressionMethod::gzip, foreign_gzip(text), text}};
}

/// Calls `before` before each read, with the number of bytes read so far.
class ScriptedSource : public TextSource {
public:
    ScriptedSource(std::string_view text, std::function<void(std::size_t)> before)
        : TextSource(text, 10'000), before_(std::move(before)) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        before_(read_);
        const std::size_t got = TextSource::read(buffer, size);
        read_ += got;
        return got;
    }

    [[nodiscard]] std::size_t bytes_read() const { return read_; }

private:
    std::function<void(std::size_t)> before_;
    std::atomic<std::size_t> read_ = 0;
};

} // namespace

TEST_CASE("a failed read reaches the caller after the data before it", "[slow]") {
    for (const File& file : files()) {
        for (const std::size_t limit : {std::size_t{0}, file.bytes.size() / 2, file.bytes.size()}) {
            CAPTURE(file.name, limit);
            ScriptedSource source{file.bytes, [limit](std::size_t bytes_read) {
                                      if (bytes_read >= limit) {
                                          throw base::Error{base::ErrorKind::failed, "bad disk"};
                                      }
                                  }};
            const Decoded decoded = decode(file.method, source);
            REQUIRE(decoded.failure);
            CHECK(decoded.failure->kind() == base::ErrorKind::failed);
            CHECK(decoded.failure->what() == std::string{"bad disk"});
            CHECK((file.plain.starts_with(decoded.text)));
            CHECK(decoded.text.size() >= file.plain.size() / 3 * (limit > 0 ? 1 : 0));
            CHECK((limit < file.bytes.size() || decoded.text == file.plain));
        }
    }
}

TEST_CASE("each later pull throws the failure again") {
    TextSource source{"garbage"};
    const auto decoder = make_decoder(CompressionMethod::gzip, source);
    for (int i = 0; i < 3; ++i) {
        CHECK_THROWS_AS(decoder->pull(), base::Error);
    }
}

TEST_CASE("a decoder destroyed before its end stops", "[slow]") {
    std::mt19937 random{7};
    for (const File& file : files()) {
        for (int repetition = 0; repetition < 30; ++repetition) {
            CAPTURE(file.name, repetition);
            TextSource source{file.bytes, 50'000};
            auto decoder = make_decoder(file.method, source);
            for (auto pulls = random() % 12; pulls > 0; --pulls) {
                if (std::optional<Block> block = decoder->pull(); block && random() % 2 == 0) {
                    decoder->give_back(std::move(*block));
                }
            }
            std::this_thread::sleep_for(std::chrono::microseconds{random() % 300});
            const auto start = std::chrono::steady_clock::now();
            decoder.reset();
            CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
        }
    }
}

TEST_CASE("decoding ahead is bounded", "[slow]") {
    for (const File& file : files()) {
        CAPTURE(file.name);
        TextSource source{file.bytes};
        const auto decoder = make_decoder(file.method, source);
        std::set<const std::byte*> buffers;
        while (std::optional<Block> block = decoder->pull()) {
            buffers.insert(block->data());
            decoder->give_back(std::move(*block));
        }
        CHECK(buffers.size() <= 8 + 2 + 8 + 1); // slots, one with each worker, one with the caller
    }
}

TEST_CASE("a bomb expands no faster than it is pulled") {
    // 100 members of 16 MiB of zeros each, and the same as frames.
    const std::string zeros(16 * k_block_size, '\0');
    for (const auto& [method, member] :
         {std::pair{CompressionMethod::gzip, foreign_gzip(zeros)},
          {CompressionMethod::gzip, encode("gzip:1", zeros)},
          {CompressionMethod::zstd, encode("zstd:1", zeros, zeros.size())}}) {
        std::string bomb;
        for (int i = 0; i < 100; ++i) {
            bomb += member;
        }
        ScriptedSource source{bomb, [](std::size_t) {}};
        const auto decoder = make_decoder(method, source);
        for (int i = 0; i < 20; ++i) {
            std::optional<Block> block = decoder->pull();
            REQUIRE(block);
            CHECK(block->size() <= k_block_size);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        CHECK(source.bytes_read() < bomb.size() / 2 + 600'000);
    }
}

TEST_CASE("after the last pull the input is left alone", "[slow]") {
    for (const File& file : files()) {
        CAPTURE(file.name);
        std::atomic<bool> over = false;
        std::atomic<bool> read_on = false;
        ScriptedSource source{file.bytes, [&](std::size_t) { read_on = read_on || over; }};
        const auto decoder = make_decoder(file.method, source);
        while (std::optional<Block> block = decoder->pull()) {
            decoder->give_back(std::move(*block));
        }
        over = true;
        CHECK(source.bytes_read() == file.bytes.size());
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        CHECK(!read_on);
    }
}

TEST_CASE("the decoder's threads block every signal") {
    std::atomic<bool> blocked = false;
    const std::string file = encode("gzip:1", "x");
    ScriptedSource source{file, [&](std::size_t) {
                              sigset_t mask;
                              pthread_sigmask(SIG_SETMASK, nullptr, &mask);
                              blocked = sigismember(&mask, SIGINT) == 1 &&
                                        sigismember(&mask, SIGTERM) == 1;
                          }};
    CHECK(!decode(CompressionMethod::gzip, source).failure);
    CHECK(blocked);
}
