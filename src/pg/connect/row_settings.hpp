#pragma once

#include <string_view>

// What the text of rows hangs on besides what pg_dump itself sets, whatever the role, the database
// or the server prefers: fingerprints need one and the same.

namespace dbbackup::pg {

/// Times with a time zone are written in the session's.
inline constexpr std::string_view k_row_time_zone = "UTC";
inline constexpr std::string_view k_row_bytea_output = "hex";

} // namespace dbbackup::pg
