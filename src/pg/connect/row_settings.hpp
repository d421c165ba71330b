#pragma once

#include <string_view>

// The settings, besides those that pg_dump sets, on which the text of rows depends. Fingerprints
// need the same values, whatever the role, the database or the server prefers.

namespace dbbackup::pg {

/// Times with a time zone are written in the session's time zone.
inline constexpr std::string_view k_row_time_zone = "UTC";
inline constexpr std::string_view k_row_bytea_output = "hex";

} // namespace dbbackup::pg
