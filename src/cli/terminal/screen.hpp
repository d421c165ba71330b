#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dbbackup::cli {

/// The look of a text, or a part of it, on a terminal.
enum class Tone {
    plain,
    caution, ///< yellow: attention
    bad      ///< red and bold: something is damaged, lost or wrong
};

/// What a stream can show. By default, as in a file or a pipe, lines are not wrapped and there are
/// no colours.
struct Screen {
    std::optional<std::size_t> width = {}; ///< columns of the terminal, if it is one
    bool escapes = false;                  ///< a terminal that supports escape sequences
    bool colour = false;

    /// `text` in that tone. It must be printable already: data never contains an escape sequence.
    [[nodiscard]] std::string paint(std::string_view text, Tone tone) const;

    [[nodiscard]] std::string bad(std::string_view text) const { return paint(text, Tone::bad); }

    [[nodiscard]] std::string caution(std::string_view text) const {
        return paint(text, Tone::caution);
    }
};

/// The screen of the descriptor `fd`. No colours if NO_COLOR is set and not empty (no-color.org),
/// and no escape sequences at all if TERM is unset or "dumb".
[[nodiscard]] Screen screen_of(int fd);

} // namespace dbbackup::cli
