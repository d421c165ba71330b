#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// Adds the character at `at` of `text` as it is within a JSON string; returns its length, which
/// for a character that needs no escape may be that of its first byte only.
std::size_t append_json_character(std::string& json, std::string_view text, std::size_t at);

} // namespace dbbackup::pg
