#include "stream/gzip_member.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::stream {

namespace {

/// No file name, no time (equal input gives equal output), no operating system.
constexpr std::array<unsigned char, k_gzip_header_size - 4> k_header_before_member_size{
    0x1F, 0x8B, 8,                // gzip, deflate
    4,                            // FLG: FEXTRA
    0,    0,    0,   0,   0, 255, // MTIME, XFL, OS: unknown
    8,    0,    'D', 'B', 4, 0,   // XLEN; subfield id and length
};

std::byte* put_u32(std::byte* at, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        *at++ = static_cast<std::byte>(value >> shift);
    }
    return at;
}

std::uint32_t u32_at(base::Bytes bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    }
    return value;
}

} // namespace

void seal_gzip_member(Block& out, std::size_t deflated_size, std::uint32_t plain_crc,
                      std::size_t plain_size) {
    out.resize(k_gzip_header_size + deflated_size + k_gzip_trailer_size);

    std::byte* at = std::ranges::transform(k_header_before_member_size, out.data(), [](auto byte) {
                        return static_cast<std::byte>(byte);
                    }).out;
    put_u32(at, static_cast<std::uint32_t>(out.size()));

    at = out.data() + k_gzip_header_size + deflated_size;
    at = put_u32(at, plain_crc);
    put_u32(at, static_cast<std::uint32_t>(plain_size));
}

std::optional<std::size_t> claimed_member_size(base::Bytes beginning) noexcept {
    const auto same = [](unsigned char expected, std::byte found) {
        return expected == std::to_integer<unsigned char>(found);
    };
    if (beginning.size() < k_gzip_header_size ||
        !std::equal(k_header_before_member_size.begin(), k_header_before_member_size.end(),
                    beginning.begin(), same)) {
        return std::nullopt;
    }
    return u32_at(beginning, k_header_before_member_size.size());
}

GzipMember open_gzip_member(base::Bytes member) noexcept {
    const std::size_t trailer = member.size() - k_gzip_trailer_size;
    return {member.subspan(k_gzip_header_size, trailer - k_gzip_header_size),
            u32_at(member, trailer), u32_at(member, trailer + 4)};
}

} // namespace dbbackup::stream
