#pragma once

#include <dbbackup/base/clock.hpp>

#include <string_view>

namespace dbbackup::base {

/// Reads a moment as people write it, relative to `now` and in this machine's time zone: "today"
/// and "yesterday" (their first moments), "2026-11-20" (its first moment), "2026-11-20 14:30",
/// "2026-11-20T14:30:15", the same with a zone ("Z", "+01:00", as in RFC 3339), and "2h", "3d",
/// "2w" for that long before now. Throws Error{usage} for anything else, even for "30m", which
/// could be minutes or months.
[[nodiscard]] UtcTime parse_moment(std::string_view text, UtcTime now);

} // namespace dbbackup::base
