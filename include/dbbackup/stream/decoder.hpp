#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/stream/encoder.hpp>
#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dbbackup::stream {

/// Where whole blocks come from: the mirror of BlockSink.
class BlockSource {
public:
    virtual ~BlockSource() = default;
    /// The next block, never empty; nothing at the end. An error is thrown after all blocks before
    /// it.
    [[nodiscard]] virtual std::optional<Block> pull() = 0;
    /// Takes back a block from pull(), for reuse.
    virtual void give_back(Block block) = 0;
};

/// A member (gzip) or frame (zstd) that cannot be decompressed.
class DamagedMember : public base::Error {
public:
    DamagedMember(const std::string& message, std::uint64_t number, std::uint64_t offset,
                  std::vector<std::byte> salvaged, std::uint64_t doubtful)
        : Error(base::ErrorKind::damaged, message), number_(number), offset_(offset),
          doubtful_(doubtful),
          salvaged_(std::make_shared<const std::vector<std::byte>>(std::move(salvaged))) {}

    [[nodiscard]] std::uint64_t number() const noexcept { return number_; } ///< from 1
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; } ///< in the file, bytes

    /// Decompressed bytes of it that were returned before the damage was found, and may be wrong.
    [[nodiscard]] std::uint64_t doubtful() const noexcept { return doubtful_; }

    /// What it held before the damage and was not returned yet. The end of it may be wrong.
    [[nodiscard]] base::Bytes salvaged() const noexcept { return *salvaged_; }

private:
    std::uint64_t number_;
    std::uint64_t offset_;
    std::uint64_t doubtful_;
    std::shared_ptr<const std::vector<std::byte>> salvaged_; ///< an exception must be copied safely
};

/// How a file that begins with `beginning` (its first 4 bytes are enough) is compressed.
[[nodiscard]] CompressionMethod detect_compression(base::Bytes beginning) noexcept;

/// Decompresses `input` ahead of the caller, on its own threads; only they read from `input`. Files
/// written by dbbackup, whose members are small and state their size, are decompressed in parallel;
/// any other gzip or zstd file is one stream. Memory is bounded by the number of threads, whatever
/// the file claims (for zstd by its window too, at most 128 MiB). Checks every checksum and size,
/// and that only members follow each other to the end of the file; trailing zeros are damage too.
/// pull() throws DamagedMember, or base::Error{damaged} for an empty file. Destroying it early
/// stops its threads.
[[nodiscard]] std::unique_ptr<BlockSource> make_decoder(CompressionMethod method, Source& input);

/// Pulls `source` to its end and shows each block to `observers` in order. Returns the number of
/// bytes.
std::uint64_t pump(BlockSource& source, std::initializer_list<Observer*> observers);

} // namespace dbbackup::stream
