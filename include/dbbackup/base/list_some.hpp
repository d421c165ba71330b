#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dbbackup::base {

/// "a, b, c", each through printable().
[[nodiscard]] std::string list_all(const std::vector<std::string>& items);

/// The same, but "a, b and 7 more" if there are more than `most`.
[[nodiscard]] std::string list_some(const std::vector<std::string>& items, std::size_t most = 10);

} // namespace dbbackup::base
