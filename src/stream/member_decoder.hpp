#pragma once

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/stream/block.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace dbbackup::stream {

/// What is wrong with a member or frame, to be read after "gzip member 3 is damaged: "; empty if
/// nothing is.
using Flaw = std::string;

inline constexpr const char* k_wrong_checksum = "its checksum does not match";
inline constexpr const char* k_wrong_size = "its size does not match";

/// Decompresses one whole member at a time, of at most k_block_size plain bytes. An object serves
/// one thread.
class MemberDecoder {
public:
    virtual ~MemberDecoder() = default;
    /// Replaces what `plain` held; its capacity is k_block_size. Returns a flaw unless `member` is
    /// exactly one member, with correct checksums and sizes.
    [[nodiscard]] virtual Flaw decode(base::Bytes member, Block& plain) = 0;
};

/// Decompresses members of any size, piece by piece.
class MemberStream {
public:
    struct Step {
        std::size_t consumed = 0;
        std::size_t produced = 0; ///< correct or not, these bytes came before the flaw
        bool ended = false;       ///< the member, and its checksums and sizes are correct
        Flaw flaw;
    };

    virtual ~MemberStream() = default;
    virtual void begin_member() = 0;
    /// Consumes or produces something, unless more input is needed to do so.
    [[nodiscard]] virtual Step decode(base::Bytes in, std::span<std::byte> out) = 0;
};

/// By ISA-L, for members as in GzipMember. Exists only if DBBACKUP_HAVE_ISAL is defined.
[[nodiscard]] std::unique_ptr<MemberDecoder> make_isal_member_decoder();
/// By zlib, for members as in GzipMember.
[[nodiscard]] std::unique_ptr<MemberDecoder> make_zlib_member_decoder();
/// For anything that RFC 1952 allows.
[[nodiscard]] std::unique_ptr<MemberStream> make_zlib_member_stream();

[[nodiscard]] std::unique_ptr<MemberDecoder> make_zstd_member_decoder();
[[nodiscard]] std::unique_ptr<MemberStream> make_zstd_member_stream();

} // namespace dbbackup::stream
