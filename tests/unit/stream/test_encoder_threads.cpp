#include "support/catch.hpp"
#include "unit/stream/blocks.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/encoder.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

/// Runs a callback at each write.
class ScriptedSink : public Sink {
public:
    explicit ScriptedSink(std::function<void(int)> script) : script_(std::move(script)) {}

    void write(base::Bytes) override { script_(writes_++); }

    void finish() override { finished_ = true; }

    [[nodiscard]] int writes() const { return writes_; }

    [[nodiscard]] bool finished() const { return finished_; }

private:
    std::function<void(int)> script_;
    int writes_ = 0;
    bool finished_ = false;
};

/// Enough blocks to fill a bounded queue.
constexpr int k_many = 100;

void push_many(BlockSink& encoder, BlockPool& pool) {
    for (int i = 0; i < k_many; ++i) {
        push_all("0123456789", encoder, pool);
    }
}

const std::vector<std::string> k_each_method{"none", "gzip:1", "gzip:6", "zstd:1"};

} // namespace

TEST_CASE("a failed write reaches the caller") {
    for (const std::string& method : k_each_method) {
        for (const int failing_write : {0, 1, 3, 20, k_many - 1}) {
            CAPTURE(method, failing_write);
            ScriptedSink sink{[&](int number) {
                if (number == failing_write) {
                    throw base::Error{base::ErrorKind::failed, "disk full"};
                }
            }};
            BlockPool pool{10};
            const auto encoder = make_encoder(parse_compression(method), sink, pool);
            const auto push_and_finish = [&] {
                push_many(*encoder, pool);
                encoder->finish();
            };
            CHECK_THROWS_AS(push_and_finish(), base::Error);
            CHECK_THROWS_AS(encoder->push(pool.take()), base::Error);
            CHECK_THROWS_AS(encoder->finish(), base::Error);
            CHECK(sink.writes() == failing_write + 1);
            CHECK(!sink.finished());
        }
    }
}

TEST_CASE("a waiting push throws the failure") {
    ScriptedSink sink{[](int) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50}); // the slots fill up
        throw base::Error{base::ErrorKind::failed, "disk full"};
    }};
    BlockPool pool{10};
    const auto encoder = make_encoder(parse_compression("gzip"), sink, pool);
    CHECK_THROWS_AS(push_many(*encoder, pool), base::Error);
}

TEST_CASE("an encoder destroyed before its end writes nothing more") {
    for (const std::string& method : k_each_method) {
        for (const int pushes : {0, 1, 2, k_many}) {
            CAPTURE(method, pushes);
            ScriptedSink sink{
                [](int) { std::this_thread::sleep_for(std::chrono::milliseconds{1}); }};
            BlockPool pool{10};
            auto encoder = make_encoder(parse_compression(method), sink, pool);
            for (int i = 0; i < pushes; ++i) {
                push_all("0123456789", *encoder, pool);
            }
            encoder.reset();
            CHECK(sink.writes() <= pushes);
            CHECK(!sink.finished());
        }
    }
}

TEST_CASE("pending work is bounded") {
    constexpr std::size_t most_blocks = 8 + 2 + 1; // workers, spare slots, one in the caller's hand
    for (const std::string& method : k_each_method) {
        CAPTURE(method);
        ScriptedSink slow{[](int) { std::this_thread::sleep_for(std::chrono::milliseconds{1}); }};
        BlockPool pool{10};
        const auto encoder = make_encoder(parse_compression(method), slow, pool);
        std::set<const std::byte*> buffers;
        for (int i = 0; i < k_many; ++i) {
            Block block = pool.take();
            buffers.insert(block.data());
            block.resize(block.capacity());
            std::fill_n(block.data(), block.size(), std::byte{'x'});
            encoder->push(std::move(block));
        }
        encoder->finish();
        CHECK(slow.writes() == k_many);
        CHECK(buffers.size() <= most_blocks);
    }
}

TEST_CASE("signals are left to the thread that created the encoder") {
    sigset_t mask_of_writer;
    sigemptyset(&mask_of_writer);
    ScriptedSink sink{[&](int) { pthread_sigmask(SIG_BLOCK, nullptr, &mask_of_writer); }};
    BlockPool pool{10};
    const auto encoder = make_encoder(parse_compression("gzip"), sink, pool);
    sigset_t own_mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &own_mask);
    CHECK(sigismember(&own_mask, SIGTERM) == 0);
    encoder->finish();
    CHECK(sigismember(&mask_of_writer, SIGTERM) == 1);
    CHECK(sigismember(&mask_of_writer, SIGINT) == 1);
}
