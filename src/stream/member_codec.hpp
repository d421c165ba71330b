#pragma once

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/stream/block.hpp>
#include <dbbackup/stream/encoder.hpp>

#include <memory>

namespace dbbackup::stream {

/// Compresses one block at a time into a gzip member or zstd frame that is independent of others.
/// An object reuses its tables and serves one thread.
class MemberCodec {
public:
    virtual ~MemberCodec() = default;

    /// The largest result of encode() for `size` bytes.
    [[nodiscard]] virtual std::size_t max_encoded_size(std::size_t size) = 0;
    /// Replaces what `out` held; its capacity must be at least max_encoded_size(in.size()).
    virtual void encode(base::Bytes in, Block& out) = 0;
};

/// The codec for a method other than none.
[[nodiscard]] std::unique_ptr<MemberCodec> make_member_codec(const Compression& compression);

/// gzip by ISA-L, levels 1 to k_isal_highest_level. Exists only if DBBACKUP_HAVE_ISAL is
/// defined.
inline constexpr int k_isal_highest_level = 3;
[[nodiscard]] std::unique_ptr<MemberCodec> make_isal_member_codec(int level);
/// gzip by zlib, levels 1 to 9.
[[nodiscard]] std::unique_ptr<MemberCodec> make_zlib_member_codec(int level);
/// zstd, levels 1 to 22.
[[nodiscard]] std::unique_ptr<MemberCodec> make_zstd_member_codec(int level);

} // namespace dbbackup::stream
