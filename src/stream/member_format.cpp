#include "stream/member_format.hpp"

#include "stream/gzip_member.hpp"

#include <dbbackup/stream/decoder.hpp>

#include <algorithm>
#include <array>
#include <zstd.h>

namespace dbbackup::stream {

namespace {

bool begins_gzip_member(base::Bytes beginning) noexcept {
    return beginning.size() >= 2 && beginning[0] == std::byte{0x1F} &&
           beginning[1] == std::byte{0x8B};
}

std::optional<std::size_t> find_whole_gzip_member(InputWindow& input) {
    const auto size = claimed_member_size(input.peek(k_gzip_header_size));
    if (!size || *size <= k_gzip_header_size + k_gzip_trailer_size ||
        *size > k_largest_gzip_member) {
        return std::nullopt;
    }
    const base::Bytes at_hand = input.peek(*size);
    if (at_hand.size() < *size ||
        open_gzip_member(at_hand.first(*size)).plain_size > k_block_size) {
        return std::nullopt;
    }
    return size;
}

std::unique_ptr<MemberDecoder> make_gzip_member_decoder() {
#ifdef DBBACKUP_HAVE_ISAL
    return make_isal_member_decoder();
#else
    return make_zlib_member_decoder();
#endif
}

/// The magic number of RFC 8878, little endian; 0 if there are fewer bytes.
std::uint32_t zstd_magic(base::Bytes beginning) noexcept {
    std::uint32_t magic = 0;
    for (std::size_t i = 0; i < 4 && beginning.size() >= 4; ++i) {
        magic |= std::to_integer<std::uint32_t>(beginning[i]) << (8 * i);
    }
    return magic;
}

/// Not the formats before RFC 8878, which the library may read as well.
bool begins_zstd_frame(base::Bytes beginning) noexcept {
    const std::uint32_t magic = zstd_magic(beginning);
    return magic == ZSTD_MAGICNUMBER ||
           (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

/// For a block of k_block_size.
constexpr std::size_t k_largest_zstd_frame = ZSTD_COMPRESSBOUND(k_block_size);

std::optional<std::size_t> find_whole_zstd_frame(InputWindow& input) {
    constexpr std::size_t k_most_header_size = 18;
    base::Bytes at_hand = input.peek(k_most_header_size);
    if (zstd_magic(at_hand) != ZSTD_MAGICNUMBER ||
        // For an unknown size it returns a value larger than any size.
        ZSTD_getFrameContentSize(at_hand.data(), at_hand.size()) > k_block_size) {
        return std::nullopt;
    }
    std::size_t size = ZSTD_findFrameCompressedSize(at_hand.data(), at_hand.size());
    // Reads on only as far as the frame needs: a failed read must not lose the bytes before it.
    while (ZSTD_isError(size) != 0 && at_hand.size() < k_largest_zstd_frame) {
        const std::size_t seen = at_hand.size();
        at_hand = input.peek(seen + 1);
        if (at_hand.size() == seen) {
            break;
        }
        size = ZSTD_findFrameCompressedSize(at_hand.data(), at_hand.size());
    }
    return ZSTD_isError(size) != 0 ? std::nullopt : std::optional{size};
}

constexpr MemberFormat k_gzip{"gzip member", &begins_gzip_member, &find_whole_gzip_member,
                              &make_gzip_member_decoder, &make_zlib_member_stream};
constexpr MemberFormat k_zstd{"zstd frame", &begins_zstd_frame, &find_whole_zstd_frame,
                              &make_zstd_member_decoder, &make_zstd_member_stream};

} // namespace

const MemberFormat& format_of(CompressionMethod method) noexcept {
    return method == CompressionMethod::zstd ? k_zstd : k_gzip;
}

CompressionMethod detect_compression(base::Bytes beginning) noexcept {
    for (const auto method : {CompressionMethod::gzip, CompressionMethod::zstd}) {
        if (format_of(method).begins_member(beginning)) {
            return method;
        }
    }
    return CompressionMethod::none;
}

} // namespace dbbackup::stream
