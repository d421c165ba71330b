#include "stream/member_reader.hpp"
#include "stream/worker_threads.hpp"

#include <dbbackup/stream/decoder.hpp>

#include <thread>
#include <utility>
#include <vector>

namespace dbbackup::stream {

namespace {

constexpr std::size_t k_spare_slots = 2; ///< one for a member to wait in, one for a block

/// One thread reads the input and splits it into members, workers decompress them, and the caller
/// takes the blocks in the order of the input.
class ParallelDecoder final : public BlockSource {
public:
    ParallelDecoder(Source& input, std::size_t workers)
        : queue_(workers + k_spare_slots), reader_(input, queue_, pool_) {}

    ParallelDecoder(const ParallelDecoder&) = delete;
    ParallelDecoder& operator=(const ParallelDecoder&) = delete;
    ~ParallelDecoder() override;

    /// Separate from the constructor, so that the destructor stops running threads if one cannot
    /// start.
    void start_copying();
    void start_decoding(const MemberFormat& format, std::size_t workers);

    std::optional<Block> pull() override;

    void give_back(Block block) override { pool_.give_back(std::move(block)); }

private:
    void decode_members(const MemberFormat& format, MemberDecoder& decoder) noexcept;
    [[nodiscard]] Outcome decode(const MemberFormat& format, MemberDecoder& decoder,
                                 const MemberJob& job) noexcept;

    BlockPool pool_{k_block_size};
    MemberQueue queue_;
    MemberReader reader_;
    std::exception_ptr failure_; ///< once the caller has received it
    std::vector<std::thread> threads_;
};

ParallelDecoder::~ParallelDecoder() {
    queue_.stop();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void ParallelDecoder::start_copying() {
    const SignalsBlocked signals_blocked;
    threads_.emplace_back([this] { reader_.copy(); });
}

void ParallelDecoder::start_decoding(const MemberFormat& format, std::size_t workers) {
    const SignalsBlocked signals_blocked;
    threads_.emplace_back([this, &format] { reader_.read_members(format); });
    for (std::size_t i = 0; i < workers; ++i) {
        threads_.emplace_back(
            [this, &format, decoder = format.make_decoder()] { decode_members(format, *decoder); });
    }
}

std::optional<Block> ParallelDecoder::pull() {
    while (!failure_) {
        std::optional<Outcome> outcome = queue_.take();
        if (!outcome) {
            return std::nullopt;
        }
        if (outcome->failure) {
            failure_ = outcome->failure;
            queue_.stop();
        } else if (outcome->block.size() > 0) {
            return std::move(outcome->block);
        } else {
            pool_.give_back(std::move(outcome->block));
        }
    }
    std::rethrow_exception(failure_);
}

void ParallelDecoder::decode_members(const MemberFormat& format, MemberDecoder& decoder) noexcept {
    while (std::optional<MemberQueue::Claim> claim = queue_.claim()) {
        queue_.complete(claim->number, decode(format, decoder, claim->job));
    }
}

Outcome ParallelDecoder::decode(const MemberFormat& format, MemberDecoder& decoder,
                                const MemberJob& job) noexcept {
    try {
        Block plain = pool_.take();
        if (const Flaw flaw = decoder.decode(job.member.bytes, plain); !flaw.empty()) {
            throw damaged_member(format, job.place, flaw, salvage(format, job.member.bytes));
        }
        return {std::move(plain), nullptr};
    } catch (...) {
        return {{}, std::current_exception()};
    }
}

} // namespace

std::unique_ptr<BlockSource> make_decoder(CompressionMethod method, Source& input) {
    const std::size_t workers = method == CompressionMethod::none ? 0 : worker_count();
    auto decoder = std::make_unique<ParallelDecoder>(input, workers);
    if (method == CompressionMethod::none) {
        decoder->start_copying();
    } else {
        decoder->start_decoding(format_of(method), workers);
    }
    return decoder;
}

} // namespace dbbackup::stream
