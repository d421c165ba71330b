#include "support/catch.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/pump.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace dbbackup;
using namespace dbbackup::stream;

namespace {

/// Supplies `text` in reads of at most `most` bytes, then its end; reading past it is an error.
class TextSource : public Source {
public:
    TextSource(std::string text, std::size_t most) : text_(std::move(text)), most_(most) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        if (ended_) {
            throw base::Error{base::ErrorKind::failed, "read past the end"};
        }
        const std::size_t count = std::min({size, most_, text_.size() - position_});
        std::ranges::copy(base::as_bytes(std::string_view{text_}.substr(position_, count)), buffer);
        position_ += count;
        ended_ = count == 0;
        return count;
    }

private:
    std::string text_;
    std::size_t most_;
    std::size_t position_ = 0;
    bool ended_ = false;
};

struct Recorder : Observer {
    std::string text;

    void observe(base::Bytes bytes) override { text += base::as_text(bytes); }
};

struct RecordingBlockSink : BlockSink {
    BlockPool& pool;
    std::string text;
    std::vector<std::size_t> sizes;
    std::set<const std::byte*> buffers;
    bool finished = false;

    explicit RecordingBlockSink(BlockPool& of) : pool(of) {}

    void push(Block block) override {
        text += base::as_text(block.bytes());
        sizes.push_back(block.size());
        buffers.insert(block.data());
        pool.give_back(std::move(block));
    }

    void finish() override { finished = true; }
};

std::string digits(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>('0' + i % 10);
    }
    return text;
}

} // namespace

TEST_CASE("the pump passes on full blocks, whatever the read sizes") {
    for (const std::size_t size : {0U, 1U, 99U, 100U, 101U, 1000U, 1234U}) {
        for (const std::size_t most : {1U, 7U, 100U, 5000U}) {
            CAPTURE(size, most);
            TextSource source{digits(size), most};
            BlockPool pool{100};
            RecordingBlockSink sink{pool};
            Recorder first;
            Recorder second;

            CHECK(pump(source, {&first, &second}, sink, pool) == size);
            CHECK(sink.finished);
            CHECK(sink.text == digits(size));
            CHECK(first.text == digits(size));
            CHECK(second.text == digits(size));
            CHECK(sink.sizes.size() == (size + 99) / 100);
            CHECK(std::all_of(sink.sizes.begin(), sink.sizes.end() - (sink.sizes.empty() ? 0 : 1),
                              [](std::size_t block) { return block == 100; }));
            CHECK(sink.buffers.size() <= 1);
        }
    }
}

TEST_CASE("the pump can show bytes to observers only") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, k_block_size - 1, k_block_size,
                                   k_block_size + 1, 3 * k_block_size}) {
        CAPTURE(size);
        TextSource source{digits(size), 65'536};
        Recorder observer;
        CHECK(pump(source, {&observer}) == size);
        CHECK((observer.text == digits(size)));
    }
}

TEST_CASE("a failing source leaves the sink unfinished") {
    struct FailingSource : Source {
        std::size_t read(std::byte*, std::size_t) override {
            throw base::Error{base::ErrorKind::failed, "cannot read"};
        }
    };

    FailingSource source;
    BlockPool pool{100};
    RecordingBlockSink sink{pool};
    CHECK_THROWS_AS(pump(source, {}, sink, pool), base::Error);
    CHECK(!sink.finished);
}

TEST_CASE("a block pool reuses emptied blocks") {
    BlockPool pool{64};
    Block block = pool.take();
    const std::byte* data = block.data();
    CHECK(block.capacity() == 64);
    block.resize(10);
    pool.give_back(std::move(block));

    const Block again = pool.take();
    CHECK(again.data() == data);
    CHECK(again.size() == 0);
    CHECK(pool.take().data() != data);
}
