#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbbackup::cli {

/// How many columns of a terminal `text` takes, in UTF-8: two for each character of Chinese or an
/// emoji, none for an accent that stands on the one before. Our own colours take none.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// `text`, which holds no colours, in at most `width` columns: cut between characters, with `…` at
/// its end, where it is wider.
[[nodiscard]] std::string cut_to_width(const std::string& text, std::size_t width);

/// The beginning of `text` that takes at most `width` columns.
[[nodiscard]] std::string_view first_columns(std::string_view text, std::size_t width);

} // namespace dbbackup::cli
