#pragma once

#include <string>
#include <string_view>

namespace dbbackup::base {

/// `text` safe to show on a terminal: control characters (C0, DEL, C1), bidirectional overrides and
/// bytes that are not UTF-8 become `\xNN` (`\n`, `\r`, `\t` by name). Other UTF-8 stays.
[[nodiscard]] std::string printable(std::string_view text);

/// `json`, a JSON text in UTF-8 whose strings hold no C0 characters, safe to show: the characters
/// that printable() escapes become `\uNNNN`, so that all values stay the same.
[[nodiscard]] std::string printable_json(std::string_view json);

/// Like printable(), but different texts stay different, as with to_valid_utf8(): all escapes are
/// `\xNN`.
[[nodiscard]] std::string printable_unambiguously(std::string_view text);

/// `text` as valid UTF-8: each byte that belongs to no valid sequence becomes `\xNN`, and so does a
/// backslash that could be read as the start of such an escape, so that different names stay
/// different. Control characters stay.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The lines of `text` as one, safe to show: joined by "; ", white space collapsed, the rest as in
/// printable().
[[nodiscard]] std::string printable_line(std::string_view text);

/// The digits at the start of `text`: 15 for "15.20 (Debian)"; 0 if there are none.
[[nodiscard]] int leading_number(std::string_view text) noexcept;

/// "15607" as "15,607".
[[nodiscard]] std::string with_thousands(unsigned long long number);

} // namespace dbbackup::base
