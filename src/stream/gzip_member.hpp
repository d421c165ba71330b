#pragma once

#include <dbbackup/stream/block.hpp>

#include <cstdint>

namespace dbbackup::stream {

/// A gzip member (RFC 1952) as written here: the fixed header, an extra field that holds the one
/// subfield 'D' 'B' with the size of the whole member (32 bits, little endian), raw deflate data,
/// CRC-32 and size of the plain bytes. The subfield lets a reader find the next member without
/// inflating this one; other readers skip it. bgzip does the same under its own name.
inline constexpr std::size_t k_gzip_header_size = 20;
inline constexpr std::size_t k_gzip_trailer_size = 8;

/// Makes a member of `out`, in which `deflated_size` bytes of raw deflate data already stand at
/// offset k_gzip_header_size. `plain_crc` and `plain_size` are of the bytes before compression.
void seal_gzip_member(Block& out, std::size_t deflated_size, std::uint32_t plain_crc,
                      std::size_t plain_size);

} // namespace dbbackup::stream
