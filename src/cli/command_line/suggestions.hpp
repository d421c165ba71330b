#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::cli {

/// The nearest of `known` that `word` may be a typo for: with wrong, missing, extra or swapped
/// letters, or as the beginning of a longer word. None if nothing is close.
[[nodiscard]] std::vector<std::string> nearest_words(std::string_view word,
                                                     const std::vector<std::string>& known);

/// "Did you mean pin or unpin?", or nothing if `words` is empty.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& words);

} // namespace dbbackup::cli
