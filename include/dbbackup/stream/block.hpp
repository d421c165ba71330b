#pragma once

#include <dbbackup/base/bytes.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace dbbackup::stream {

inline constexpr std::size_t k_block_size = std::size_t{1} << 20;

/// A buffer of bytes, not initialized.
class Block {
public:
    Block() = default;

    explicit Block(std::size_t capacity)
        : data_(std::make_unique_for_overwrite<std::byte[]>(capacity)), capacity_(capacity) {}

    [[nodiscard]] std::byte* data() noexcept { return data_.get(); }

    [[nodiscard]] const std::byte* data() const noexcept { return data_.get(); }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    void resize(std::size_t size) noexcept { size_ = size; } ///< at most capacity()

    [[nodiscard]] base::Bytes bytes() const noexcept { return {data_.get(), size_}; }

private:
    std::unique_ptr<std::byte[]> data_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
};

/// Blocks of one capacity, to be reused: fresh memory costs page faults, which matter at gigabytes
/// per second. Thread-safe.
class BlockPool {
public:
    explicit BlockPool(std::size_t capacity) : capacity_(capacity) {}

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; } ///< of each block

    [[nodiscard]] Block take(); ///< of size 0; a new one if none is free
    void give_back(Block block);

private:
    std::size_t capacity_;
    std::mutex mutex_;
    std::vector<Block> free_;
};

} // namespace dbbackup::stream
