#pragma once

#include <string>
#include <string_view>

namespace dbbackup::base {

/// `text` safe to show on a terminal: control characters (C0, DEL, C1), bidirectional overrides and
/// bytes that are not UTF-8 come out as `\xNN` (`\n`, `\r`, `\t` by name). Other UTF-8 stays.
[[nodiscard]] std::string printable(std::string_view text);

/// `json`, a JSON text in UTF-8 whose strings hold no C0 characters, safe to show: the characters
/// that printable() escapes come out as `\uNNNN`, so that all values stay what they are.
[[nodiscard]] std::string printable_json(std::string_view json);

/// As printable(), but different texts stay different, as with to_valid_utf8(): all escapes are
/// `\xNN`.
[[nodiscard]] std::string printable_unambiguously(std::string_view text);

/// `text` as valid UTF-8: each byte that belongs to no valid sequence comes out as `\xNN`, and so
/// does a backslash that such an escape could be read into, so that different names stay different.
/// Control characters stay.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// `text` of several lines as one, safe to show: lines joined by "; ", white space run together,
/// the rest as printable() has it.
[[nodiscard]] std::string printable_line(std::string_view text);

/// The digits that `text` begins with: 15 for "15.20 (Debian)"; 0 if there are none.
[[nodiscard]] int leading_number(std::string_view text) noexcept;

/// "15607" as "15,607".
[[nodiscard]] std::string with_thousands(unsigned long long number);

} // namespace dbbackup::base
