#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace dbbackup::pg {

/// A whole number in an answer of the server; 0 if it is none.
[[nodiscard]] inline std::uint64_t answered_number(std::string_view text) noexcept {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace dbbackup::pg
