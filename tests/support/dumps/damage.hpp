#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dbbackup::test {

/// Whether sweeps are complete (DBBACKUP_TEST_LONG), or samples.
[[nodiscard]] bool is_long();

/// All of `size` places in a long run, otherwise `some` of them, including the first and the last
/// ones; always the same.
[[nodiscard]] std::vector<std::size_t> places(std::size_t size, std::size_t some);

/// `content` with one bit flipped, counted from the lowest bit of its first byte.
[[nodiscard]] std::string flipped(std::string content, std::size_t bit);

} // namespace dbbackup::test
