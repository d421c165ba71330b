#include "ops/seal/sealed_size.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

constexpr std::uint64_t k_nonce = 16;
constexpr std::uint64_t k_chunk = 64 * 1024;
constexpr std::uint64_t k_tag = 16;

} // namespace

std::optional<std::uint64_t> find_header_size(std::string_view beginning) {
    if (!beginning.starts_with(k_sealed_magic)) {
        return std::nullopt;
    }
    const std::size_t last = beginning.find("\n--- ");
    const std::size_t end = last == std::string_view::npos ? last : beginning.find('\n', last + 1);
    return end == std::string_view::npos ? std::nullopt : std::optional{std::uint64_t{end + 1}};
}

std::uint64_t sealed_payload_size(std::uint64_t plain) noexcept {
    const std::uint64_t chunks = std::max<std::uint64_t>(1, (plain + k_chunk - 1) / k_chunk);
    return k_nonce + plain + chunks * k_tag;
}

std::string find_wrong_size(std::string_view beginning, std::uint64_t size, std::uint64_t plain) {
    const auto header = find_header_size(beginning);
    if (!header) {
        return "it does not begin like a sealed file";
    }
    const std::uint64_t expected = *header + sealed_payload_size(plain);
    return size == expected ? "" : fmt::format("it has {} bytes instead of {}", size, expected);
}

} // namespace dbbackup::ops
