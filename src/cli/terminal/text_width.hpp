#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbbackup::cli {

/// How many columns of a terminal `text`, in UTF-8, takes: two for a Chinese character or an emoji,
/// none for a combining accent. Our own colours take none.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// `text`, which has no colours, in at most `width` columns: if it is wider, cut between
/// characters, with `…` at its end.
[[nodiscard]] std::string cut_to_width(const std::string& text, std::size_t width);

/// The longest start of `text` that fits into `width` columns.
[[nodiscard]] std::string_view first_columns(std::string_view text, std::size_t width);

} // namespace dbbackup::cli
