#include "ops/seal/armor.hpp"

#include <cstdint>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_bytes_a_line = 48; ///< 64 characters

/// Base64 of RFC 4648, with padding.
std::string base64(std::string_view bytes) {
    constexpr std::string_view k_digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t at) {
            return at < bytes.size()
                       ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]))
                       : 0U;
        };
        const std::uint32_t word = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (unsigned digit = 0; digit < 4; ++digit) {
            text += i + digit > bytes.size() ? '=' : k_digits[word >> (18U - 6U * digit) & 63U];
        }
    }
    return text;
}

} // namespace

std::string armored(std::string_view sealed) {
    std::string text = "-----BEGIN AGE ENCRYPTED FILE-----\n";
    for (std::size_t i = 0; i < sealed.size(); i += k_bytes_a_line) {
        text += base64(sealed.substr(i, k_bytes_a_line)) + "\n";
    }
    return text + "-----END AGE ENCRYPTED FILE-----\n";
}

} // namespace dbbackup::ops
