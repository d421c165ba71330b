#pragma once

#include <dbbackup/store/manifest.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::ops {

/// Whether the rows of two dumps can be compared: whole dumps always, as differences such as `-O`
/// change no row; parts with the same options.
[[nodiscard]] bool holds_the_same(const store::Manifest& a, const store::Manifest& b);

/// Whether the sizes of their files can be compared.
[[nodiscard]] bool is_written_alike(const store::Manifest& a, const store::Manifest& b);

[[nodiscard]] bool fell_by_more(std::uint64_t before, std::uint64_t now, unsigned percent);

/// "10 rows, the previous one had 1,000: 99 % fewer, more than the limit of 50 %".
[[nodiscard]] std::string describe_row_loss(std::uint64_t before, std::uint64_t now,
                                            unsigned limit);
/// "10 kB, the previous one 1 MB: 99 % less, more than the limit of 50 %".
[[nodiscard]] std::string describe_shrinking(std::uint64_t before, std::uint64_t now,
                                             unsigned limit);

} // namespace dbbackup::ops
