#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// The character classes of PostgreSQL's lexers (scan.l, psqlscan.l). They know bytes, not locales:
/// every byte from 128 up is a letter, and only ASCII is case-folded.
namespace dbbackup::pg {

[[nodiscard]] constexpr bool is_sql_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool starts_identifier(char c) noexcept {
    const char lower = to_lower(c);
    return (lower >= 'a' && lower <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Also for dollar-quote tags and psql's variable names.
[[nodiscard]] constexpr bool continues_name(char c) noexcept {
    return starts_identifier(c) || is_digit(c);
}

[[nodiscard]] constexpr bool continues_identifier(char c) noexcept {
    return continues_name(c) || c == '$';
}

/// `lower` must be in lower case.
[[nodiscard]] constexpr bool equals_folded(std::string_view text, std::string_view lower) noexcept {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return to_lower(a) == b; });
}

/// The length of the run of `in_class` characters at the start of `text`.
template <typename Class>
[[nodiscard]] constexpr std::size_t run_length(std::string_view text, Class in_class) noexcept {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), in_class) -
                                    text.begin());
}

} // namespace dbbackup::pg
