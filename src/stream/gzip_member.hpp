#pragma once

#include <dbbackup/stream/block.hpp>

#include <cstdint>
#include <optional>

namespace dbbackup::stream {

/// A gzip member (RFC 1952) as written here: the fixed header, an extra field with a single
/// subfield 'D' 'B' that holds the size of the whole member (32 bits, little endian), raw deflate
/// data, CRC-32 and size of the plain bytes. The subfield lets a reader find the next member
/// without inflating this one; other readers skip it. bgzip does the same under its own name.
inline constexpr std::size_t k_gzip_header_size = 20;
inline constexpr std::size_t k_gzip_trailer_size = 8;
/// The largest member for a block of k_block_size: deflate adds far less to what it cannot
/// compress.
inline constexpr std::size_t k_largest_gzip_member = k_block_size + k_block_size / 16;

/// Makes `out` a member; it already has `deflated_size` bytes of raw deflate data at offset
/// k_gzip_header_size. `plain_crc` and `plain_size` are those of the uncompressed bytes.
void seal_gzip_member(Block& out, std::size_t deflated_size, std::uint32_t plain_crc,
                      std::size_t plain_size);

/// The size of the member according to its `beginning` (k_gzip_header_size bytes); nothing if it
/// does not have the form above. Only a claim, until the member is decompressed.
[[nodiscard]] std::optional<std::size_t> claimed_member_size(base::Bytes beginning) noexcept;

struct GzipMember {
    base::Bytes deflated;
    std::uint32_t plain_crc;
    std::uint32_t plain_size;
};

/// Splits a member of the form above; it must be longer than its header and trailer.
[[nodiscard]] GzipMember open_gzip_member(base::Bytes member) noexcept;

} // namespace dbbackup::stream
