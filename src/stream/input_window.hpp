#pragma once

#include <dbbackup/stream/block.hpp>
#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <memory>

namespace dbbackup::stream {

/// The part of an input that is being looked at. Bytes are read into chunks, which what was cut out
/// of them shares, so that handing a member to another thread copies nothing; only what stands
/// across the end of a chunk is moved to the next one.
class InputWindow {
public:
    /// Bytes that stay where they are as long as this is kept.
    struct Cut {
        std::shared_ptr<const Block> chunk;
        base::Bytes bytes;
    };

    explicit InputWindow(Source& source) : source_(source) {}

    /// All that is at hand from the current position on, but at least `size` bytes unless the input
    /// ends before; `size` is at most k_most_peeked. Valid until the next call.
    [[nodiscard]] base::Bytes peek(std::size_t size);
    /// Passes over `size` bytes that peek() showed.
    void skip(std::size_t size) noexcept;
    [[nodiscard]] Cut cut(std::size_t size);

    /// Of the current position, from the beginning of the input.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

    static constexpr std::size_t k_most_peeked = 2 * k_block_size;

private:
    [[nodiscard]] base::Bytes at_hand() const noexcept;
    void make_room(std::size_t size);
    void read_on();

    Source& source_;
    std::shared_ptr<BlockPool> pool_ = std::make_shared<BlockPool>(2 * k_most_peeked);
    std::shared_ptr<Block> chunk_;
    std::size_t begin_ = 0; ///< of what is at hand, which ends with the chunk
    std::uint64_t offset_ = 0;
    bool at_end_ = false; ///< of the input
};

} // namespace dbbackup::stream
