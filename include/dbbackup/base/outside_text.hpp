#pragma once

#include <string>
#include <string_view>

// A message may quote what a server, a program or a dump said, and that may quote rows. The user
// who runs the command may read it. A log that others read, or that is sent elsewhere, must not
// repeat it. So such text is marked where it comes in, and each output removes either the marks or
// the text.

namespace dbbackup::base {

/// `text` between marks that only the functions below know. `code` is the public form of `text`: an
/// SQLSTATE, our own words for it, or nothing. Marks in `text` are removed. Empty if `text` is.
[[nodiscard]] std::string mark_outside(std::string_view text, std::string_view code = {});

/// `message` for the user who runs the command: without the marks.
[[nodiscard]] std::string without_marks(std::string_view message);

/// `message` for a log: without the marked text, but with its codes.
[[nodiscard]] std::string without_outside(std::string_view message);

} // namespace dbbackup::base
