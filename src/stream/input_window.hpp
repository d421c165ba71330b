#pragma once

#include <dbbackup/stream/block.hpp>
#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <memory>

namespace dbbackup::stream {

/// The part of an input that is being read. Bytes are read into chunks; cuts share them, so that
/// passing a member to another thread copies nothing. Only what crosses the end of a chunk is
/// copied to the next one.
class InputWindow {
public:
    /// Bytes that stay valid as long as this lives.
    struct Cut {
        std::shared_ptr<const Block> chunk;
        base::Bytes bytes;
    };

    explicit InputWindow(Source& source) : source_(source) {}

    /// All buffered bytes from the current position on, at least `size` bytes unless the input ends
    /// before; `size` is at most k_most_peeked. Valid until the next call.
    [[nodiscard]] base::Bytes peek(std::size_t size);
    /// Skips `size` bytes that peek() returned.
    void skip(std::size_t size) noexcept;
    [[nodiscard]] Cut cut(std::size_t size);

    /// The current position, from the beginning of the input.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

    static constexpr std::size_t k_most_peeked = 2 * k_block_size;

private:
    [[nodiscard]] base::Bytes at_hand() const noexcept;
    void make_room(std::size_t size);
    void read_on();

    Source& source_;
    std::shared_ptr<BlockPool> pool_ = std::make_shared<BlockPool>(2 * k_most_peeked);
    std::shared_ptr<Block> chunk_;
    std::size_t begin_ = 0; ///< of the buffered bytes, which end with the chunk
    std::uint64_t offset_ = 0;
    bool at_end_ = false; ///< of the input
};

} // namespace dbbackup::stream
