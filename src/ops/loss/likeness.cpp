#include "ops/loss/likeness.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace dbbackup::ops {

namespace {

using store::Manifest;

/// Options that say how to make a dump, not what it holds.
constexpr std::array k_manners =
    std::to_array<std::string_view>({"--format=", "--compress=", "--lock-wait-timeout="});

std::vector<std::string_view> content_options(const Manifest& manifest) {
    std::vector<std::string_view> options;
    for (const std::string_view option : manifest.dump.options) {
        if (std::ranges::none_of(
                k_manners, [option](std::string_view name) { return option.starts_with(name); })) {
            options.push_back(option);
        }
    }
    std::ranges::sort(options);
    return options;
}

/// Options of a sealed dump are unknown, but whether it is a part is known.
bool has_same_options(const Manifest& a, const Manifest& b) {
    if (a.knows_contents() && b.knows_contents()) {
        return content_options(a) == content_options(b);
    }
    return store::scope_of(a.dump) == store::Scope::whole &&
           store::scope_of(b.dump) == store::Scope::whole;
}

/// Rounded up: more than a limit of 50 % must not be shown as 50 %.
int percent_lost(std::uint64_t before, std::uint64_t now) {
    return static_cast<int>(
        std::ceil(static_cast<double>(before - now) * 100 / static_cast<double>(before)));
}

} // namespace

bool holds_the_same(const Manifest& a, const Manifest& b) {
    const auto is_whole = [](const Manifest& manifest) {
        return store::scope_of(manifest.dump) == store::Scope::whole;
    };
    return (is_whole(a) && is_whole(b)) || has_same_options(a, b);
}

bool is_written_alike(const Manifest& a, const Manifest& b) {
    return has_same_options(a, b) && a.dump.format == b.dump.format &&
           a.dump.compression == b.dump.compression;
}

bool fell_by_more(std::uint64_t before, std::uint64_t now, unsigned percent) {
    return before > now &&
           static_cast<double>(before - now) * 100 > static_cast<double>(before) * percent;
}

std::string describe_row_loss(std::uint64_t before, std::uint64_t now, unsigned limit) {
    return fmt::format("{} rows, the previous one had {}: {} % fewer, more than the limit of {} %",
                       base::with_thousands(now), base::with_thousands(before),
                       percent_lost(before, now), limit);
}

std::string describe_shrinking(std::uint64_t before, std::uint64_t now, unsigned limit) {
    return fmt::format("{}, the previous one {}: {} % less, more than the limit of {} %",
                       base::format_byte_size(now), base::format_byte_size(before),
                       percent_lost(before, now), limit);
}

} // namespace dbbackup::ops
