#pragma once

#include <string>
#include <string_view>

// A message may quote what a server, a program or a dump said, and that may quote rows. Whoever
// runs the command may read it. A log that others read, or that is sent away, may not repeat it. So
// such text is marked where it comes in, and each way out decides: the marks go, or the text does.

namespace dbbackup::base {

/// `text` between marks that only the functions below know. `code` says in public what `text` says
/// in full: an SQLSTATE, our own words for it, or nothing. Marks in `text` go. Empty if `text` is.
[[nodiscard]] std::string mark_outside(std::string_view text, std::string_view code = {});

/// `message` for whoever runs the command: without the marks.
[[nodiscard]] std::string without_marks(std::string_view message);

/// `message` for a log: without what is marked, of which the codes stay.
[[nodiscard]] std::string without_outside(std::string_view message);

} // namespace dbbackup::base
