#pragma once

#include "cli/terminal/screen.hpp"

#include <string>

namespace dbbackup::cli {

/// `text`, any number of lines, with those that are wider than the screen wrapped between words;
/// the rest of such a line is indented below its own text. Words are never broken. Each command
/// to paste (`…: dbbackup restore …`) goes on a line of its own, whole, where the line is too long;
/// so does every line that four spaces begin: SQL, or a command that is on its own already.
/// Unchanged if the screen is no terminal.
[[nodiscard]] std::string wrap_text(const std::string& text, const Screen& screen);

/// One line wrapped to `width` columns, all but the first behind `indent` spaces.
[[nodiscard]] std::string wrap_line(const std::string& line, std::size_t width, std::size_t indent);

} // namespace dbbackup::cli
