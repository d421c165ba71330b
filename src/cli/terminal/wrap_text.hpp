#pragma once

#include "cli/terminal/screen.hpp"

#include <string>

namespace dbbackup::cli {

/// `text` with every line that is wider than the screen wrapped between words; the rest of such a
/// line is indented below its text. Words are never broken. If a line is too long, each command to
/// paste (`…: dbbackup restore …`) goes on a line of its own, unbroken. Lines that begin with four
/// spaces are not broken either: SQL, or a command on its own line. Unchanged if the screen is not
/// a terminal.
[[nodiscard]] std::string wrap_text(const std::string& text, const Screen& screen);

/// One line wrapped to `width` columns, all but the first indented by `indent` spaces.
[[nodiscard]] std::string wrap_line(const std::string& line, std::size_t width, std::size_t indent);

} // namespace dbbackup::cli
