#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dbbackup::test {

/// Whether sweeps are to be whole (DBBACKUP_TEST_LONG), or samples.
[[nodiscard]] bool is_long();

/// All of `size` places in a long run, else `some` of them, the first and the last ones among them;
/// always the same.
[[nodiscard]] std::vector<std::size_t> places(std::size_t size, std::size_t some);

/// `content` with one bit changed, counted from its first byte's lowest.
[[nodiscard]] std::string flipped(std::string content, std::size_t bit);

} // namespace dbbackup::test
