#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::ops {

/// How a file begins that age sealed, and in armor.
inline constexpr std::string_view k_sealed_magic = "age-encryption.org/v1\n";
inline constexpr std::string_view k_armored_magic = "-----BEGIN AGE ENCRYPTED FILE-----";

[[nodiscard]] inline bool begins_sealed(std::string_view beginning) noexcept {
    return beginning.starts_with(k_sealed_magic) || beginning.starts_with(k_armored_magic);
}

/// The length of the header that `beginning` holds: up to the line with its MAC. Nothing if it is
/// not the whole header of a sealed file (C2SP, age.md).
[[nodiscard]] std::optional<std::uint64_t> find_header_size(std::string_view beginning);

/// How long a sealed file with `plain` bytes is after its header.
[[nodiscard]] std::uint64_t sealed_payload_size(std::uint64_t plain) noexcept;

/// What is wrong with a sealed file of `size` bytes that begins with `beginning` and should hold
/// `plain` bytes; empty if nothing is.
[[nodiscard]] std::string find_wrong_size(std::string_view beginning, std::uint64_t size,
                                          std::uint64_t plain);

} // namespace dbbackup::ops
