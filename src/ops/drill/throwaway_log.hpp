#pragma once

#include <string>

namespace dbbackup::ops {

/// What the log of a server without a prefix for its lines says last about an end of it or of its
/// processes: a line that is safe to print, without statements and rows; or nothing.
[[nodiscard]] std::string last_failures(const std::string& log);

} // namespace dbbackup::ops
