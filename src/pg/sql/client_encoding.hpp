#pragma once

#include <string_view>

namespace dbbackup::pg {

/// True for the encodings, clients' only, whose characters may hold a byte that ASCII takes for a
/// quote or a backslash: SQL in them cannot be lexed byte by byte. `name` as PostgreSQL takes it,
/// in any case, with or without punctuation.
[[nodiscard]] bool is_unsafe_encoding(std::string_view name);

} // namespace dbbackup::pg
