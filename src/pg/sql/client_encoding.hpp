#pragma once

#include <string_view>

namespace dbbackup::pg {

/// True for the client-only encodings whose characters may contain the byte of an ASCII quote or
/// backslash: SQL in them cannot be lexed byte by byte. `name` as PostgreSQL accepts it, in any
/// case, with or without punctuation.
[[nodiscard]] bool is_unsafe_encoding(std::string_view name);

} // namespace dbbackup::pg
