#include "stream/member_codec.hpp"
#include "stream/ordered_queue.hpp"
#include "stream/worker_threads.hpp"

#include <dbbackup/stream/encoder.hpp>

#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace dbbackup::stream {

namespace {

/// A block waits here for a worker while each worker has one; the writer holds one more.
constexpr std::size_t k_spare_slots = 1;

/// The caller pushes blocks, workers compress them in any order, one thread writes them in the
/// order of the pushes. The first exception of any thread stops all of them and is thrown at the
/// caller's next call.
class ParallelEncoder final : public BlockSink {
public:
    ParallelEncoder(Sink& output, BlockPool& plain_pool, std::size_t workers,
                    std::size_t member_capacity);
    ParallelEncoder(const ParallelEncoder&) = delete;
    ParallelEncoder& operator=(const ParallelEncoder&) = delete;
    ~ParallelEncoder() override;

    /// Separate from the constructor, so that the destructor stops running threads if one cannot
    /// start.
    void start(std::vector<std::unique_ptr<MemberCodec>> codecs);
    void push(Block block) override;
    void finish() override;

private:
    void compress_blocks(MemberCodec& codec);
    void write_blocks();
    template <typename Work>
    void run(Work work) noexcept;
    void join();
    void rethrow_failure();

    Sink& output_;
    BlockPool& plain_pool_;
    const bool compresses_;
    bool pushed_ = false; ///< at least once
    BlockPool member_pool_;
    OrderedQueue<Block, Block> queue_; ///< plain blocks to members
    std::mutex mutex_;
    std::exception_ptr failure_; ///< the first; guarded by mutex_
    std::vector<std::thread> threads_;
};

ParallelEncoder::ParallelEncoder(Sink& output, BlockPool& plain_pool, std::size_t workers,
                                 std::size_t member_capacity)
    : output_(output), plain_pool_(plain_pool), compresses_(workers > 0),
      member_pool_(member_capacity), queue_(workers + k_spare_slots) {
}

ParallelEncoder::~ParallelEncoder() {
    queue_.stop();
    join();
}

void ParallelEncoder::start(std::vector<std::unique_ptr<MemberCodec>> codecs) {
    const SignalsBlocked signals_blocked;
    threads_.emplace_back([this] { run([this] { write_blocks(); }); });
    for (auto& codec : codecs) {
        threads_.emplace_back(
            [this, codec = std::move(codec)] { run([&] { compress_blocks(*codec); }); });
    }
}

void ParallelEncoder::push(Block block) {
    pushed_ = true;
    const bool taken =
        compresses_ ? queue_.push(std::move(block)) : queue_.push_result(std::move(block));
    if (!taken) {
        rethrow_failure();
    }
}

void ParallelEncoder::finish() {
    if (compresses_ && !pushed_) {
        push(plain_pool_.take()); // a file without members would not have a valid format
    }
    queue_.close();
    join();
    rethrow_failure();
    output_.finish();
}

void ParallelEncoder::compress_blocks(MemberCodec& codec) {
    while (auto claim = queue_.claim()) {
        Block member = member_pool_.take();
        codec.encode(claim->job.bytes(), member);
        plain_pool_.give_back(std::move(claim->job));
        queue_.complete(claim->number, std::move(member));
    }
}

void ParallelEncoder::write_blocks() {
    BlockPool& pool = compresses_ ? member_pool_ : plain_pool_;
    while (std::optional<Block> block = queue_.take()) {
        output_.write(block->bytes());
        pool.give_back(std::move(*block));
    }
}

template <typename Work>
void ParallelEncoder::run(Work work) noexcept {
    try {
        work();
    } catch (...) {
        {
            const std::lock_guard lock{mutex_};
            if (!failure_) {
                failure_ = std::current_exception();
            }
        }
        queue_.stop();
    }
}

void ParallelEncoder::join() {
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void ParallelEncoder::rethrow_failure() {
    const std::lock_guard lock{mutex_};
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

} // namespace

std::unique_ptr<BlockSink> make_encoder(const Compression& compression, Sink& output,
                                        BlockPool& pool) {
    std::vector<std::unique_ptr<MemberCodec>> codecs(
        compression.method == CompressionMethod::none ? 0 : worker_count());
    std::size_t member_capacity = 0;
    for (auto& codec : codecs) {
        codec = make_member_codec(compression);
        member_capacity = codec->max_encoded_size(pool.capacity());
    }
    auto encoder = std::make_unique<ParallelEncoder>(output, pool, codecs.size(), member_capacity);
    encoder->start(std::move(codecs));
    return encoder;
}

} // namespace dbbackup::stream
