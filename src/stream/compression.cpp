#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/stream/encoder.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace dbbackup::stream {

namespace {

struct MethodTraits {
    std::string_view name;
    CompressionMethod method;
    int lowest_level;
    int highest_level;
    int default_level;
};

/// A method without levels has 0 for each.
constexpr std::array k_methods{
    MethodTraits{"none", CompressionMethod::none, 0, 0, 0},
    MethodTraits{"gzip", CompressionMethod::gzip, 1, 9, 2},
    MethodTraits{"zstd", CompressionMethod::zstd, 1, 22, 3},
};

const MethodTraits& traits_of(CompressionMethod method) {
    return *std::ranges::find(k_methods, method, &MethodTraits::method);
}

[[noreturn]] void reject(std::string_view text) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("unknown compression '{}'", base::printable(text)),
                      "Use gzip, gzip:1 to gzip:9, zstd, zstd:1 to zstd:22, or none."};
}

std::optional<int> parse_level(std::string_view digits) {
    int level = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped_at, error] = std::from_chars(digits.data(), end, level);
    if (error != std::errc{} || stopped_at != end) {
        return std::nullopt;
    }
    return level;
}

} // namespace

Compression parse_compression(std::string_view text) {
    const std::size_t colon = text.find(':');
    const auto traits = std::ranges::find(k_methods, text.substr(0, colon), &MethodTraits::name);
    if (traits == k_methods.end()) {
        reject(text);
    }
    if (colon == std::string_view::npos) {
        return {traits->method, std::nullopt};
    }
    const std::optional<int> level = parse_level(text.substr(colon + 1));
    if (traits->method == CompressionMethod::none || !level || *level < traits->lowest_level ||
        *level > traits->highest_level) {
        reject(text);
    }
    return {traits->method, level};
}

std::string to_string(const Compression& compression) {
    const std::string_view name = traits_of(compression.method).name;
    if (compression.method == CompressionMethod::none) {
        return std::string{name};
    }
    return fmt::format("{}:{}", name, effective_level(compression));
}

int effective_level(const Compression& compression) {
    return compression.level.value_or(traits_of(compression.method).default_level);
}

} // namespace dbbackup::stream
