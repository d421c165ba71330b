#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::cli {

/// Those of `known` that `word` may be a slip for, the nearest alone: by letters that are wrong,
/// missing, too many or swapped, or as the beginning of a longer one. None if nothing is near.
[[nodiscard]] std::vector<std::string> nearest_words(std::string_view word,
                                                     const std::vector<std::string>& known);

/// "Did you mean pin or unpin?", or nothing if `words` is empty.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& words);

} // namespace dbbackup::cli
