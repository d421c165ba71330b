#include "stream/member_codec.hpp"

#include <dbbackup/stream/encoder.hpp>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace dbbackup::stream {

namespace {

constexpr unsigned k_most_workers = 8;
constexpr std::size_t k_spare_slots = 2; ///< one block being written, one waiting for a worker

unsigned worker_count(CompressionMethod method) {
    if (method == CompressionMethod::none) {
        return 0;
    }
    return std::clamp(std::thread::hardware_concurrency(), 1U, k_most_workers);
}

/// Threads started during its life inherit a full signal mask: signals are the main thread's.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &previous_);
    }

    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }

private:
    sigset_t previous_{};
};

/// The caller pushes blocks, workers compress them in any order, one thread writes them in the
/// order of the pushes. The blocks under way stand in a ring of slots, and three counters say how
/// far each stage has come: written_ <= claimed_ <= pushed_ <= written_ + slots_.size(); without
/// workers nothing is claimed. The first exception of any thread stops all of them and is the
/// caller's at its next call.
class ParallelEncoder final : public BlockSink {
public:
    ParallelEncoder(Sink& output, BlockPool& plain_pool, std::size_t workers,
                    std::size_t member_capacity);
    ParallelEncoder(const ParallelEncoder&) = delete;
    ParallelEncoder& operator=(const ParallelEncoder&) = delete;
    ~ParallelEncoder() override;

    /// Apart from the constructor so that the destructor stops what runs if a thread cannot start.
    void start(std::vector<std::unique_ptr<MemberCodec>> codecs);
    void push(Block block) override;
    void finish() override;

private:
    struct Slot {
        Block block;
        bool ready = false; ///< to be written
    };

    [[nodiscard]] Slot& slot_of(std::uint64_t number) { return slots_[number % slots_.size()]; }

    void compress_blocks(MemberCodec& codec);
    void write_blocks();
    template <typename Work>
    void run(Work work) noexcept;
    void stop(std::exception_ptr failure = nullptr) noexcept;
    void join();
    void rethrow_failure() const;

    Sink& output_;
    BlockPool& plain_pool_;
    const bool compresses_;
    BlockPool member_pool_;

    std::mutex mutex_; ///< guards what follows, up to the threads
    std::condition_variable slot_freed_;
    std::condition_variable block_pushed_;
    std::condition_variable block_ready_;
    std::vector<Slot> slots_;
    std::uint64_t pushed_ = 0;
    std::uint64_t claimed_ = 0;
    std::uint64_t written_ = 0;
    bool closed_ = false;  ///< nothing more will be pushed
    bool stopped_ = false; ///< no thread may begin anything more
    std::exception_ptr failure_;

    std::vector<std::thread> threads_;
};

ParallelEncoder::ParallelEncoder(Sink& output, BlockPool& plain_pool, std::size_t workers,
                                 std::size_t member_capacity)
    : output_(output), plain_pool_(plain_pool), compresses_(workers > 0),
      member_pool_(member_capacity), slots_(workers + k_spare_slots) {
}

ParallelEncoder::~ParallelEncoder() {
    stop();
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
    std::unique_lock lock{mutex_};
    slot_freed_.wait(lock, [this] { return stopped_ || pushed_ - written_ < slots_.size(); });
    rethrow_failure();
    slot_of(pushed_) = {std::move(block), !compresses_};
    ++pushed_;
    (compresses_ ? block_pushed_ : block_ready_).notify_one();
}

void ParallelEncoder::finish() {
    if (compresses_ && pushed_ == 0) {
        push(plain_pool_.take()); // a file of no members would not be of its format
    }
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    block_pushed_.notify_all();
    block_ready_.notify_one();
    join();
    rethrow_failure();
    output_.finish();
}

void ParallelEncoder::compress_blocks(MemberCodec& codec) {
    std::unique_lock lock{mutex_};
    while (true) {
        block_pushed_.wait(lock, [this] { return stopped_ || closed_ || claimed_ < pushed_; });
        if (stopped_ || claimed_ == pushed_) {
            return;
        }
        Slot& slot = slot_of(claimed_++);
        Block plain = std::move(slot.block);
        lock.unlock();

        Block member = member_pool_.take();
        codec.encode(plain.bytes(), member);
        plain_pool_.give_back(std::move(plain));

        lock.lock();
        slot = {std::move(member), true};
        block_ready_.notify_one();
    }
}

void ParallelEncoder::write_blocks() {
    BlockPool& pool = compresses_ ? member_pool_ : plain_pool_;
    std::unique_lock lock{mutex_};
    while (true) {
        block_ready_.wait(lock, [this] {
            return stopped_ || (written_ < pushed_ ? slot_of(written_).ready : closed_);
        });
        if (stopped_ || written_ == pushed_) {
            return;
        }
        Block block = std::move(slot_of(written_).block);
        lock.unlock();

        output_.write(block.bytes());
        pool.give_back(std::move(block));

        lock.lock();
        ++written_;
        slot_freed_.notify_one();
    }
}

template <typename Work>
void ParallelEncoder::run(Work work) noexcept {
    try {
        work();
    } catch (...) {
        stop(std::current_exception());
    }
}

void ParallelEncoder::stop(std::exception_ptr failure) noexcept {
    {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
        if (!failure_) {
            failure_ = std::move(failure);
        }
    }
    slot_freed_.notify_all();
    block_pushed_.notify_all();
    block_ready_.notify_all();
}

void ParallelEncoder::join() {
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void ParallelEncoder::rethrow_failure() const {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

} // namespace

std::unique_ptr<BlockSink> make_encoder(const Compression& compression, Sink& output,
                                        BlockPool& pool) {
    std::vector<std::unique_ptr<MemberCodec>> codecs(worker_count(compression.method));
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
