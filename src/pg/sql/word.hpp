#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

enum class TokenKind {
    identifier,        ///< unquoted, in its original case
    quoted_identifier, ///< "…" or U&"…", without its quotes
    string,        ///< '…', E'…', U&'…', N'…', B'…' or X'…', without prefix and quotes
    dollar_string, ///< $tag$…$tag$; without text
    number,        ///< also $1, and letters glued to a number
    variable,      ///< psql's :name or :{?name}, which psql may replace: without the rest
    symbol,        ///< any other byte, or one of :: := .. and psql's \; and \:
};

/// A word of SQL, as a view of its source: a Token, the words of a Statement, and those of
/// split_words(), which alone keeps the quotes.
struct Word {
    TokenKind kind;
    std::string_view text;
};

using Words = std::vector<Word>;
using WordSpan = std::span<const Word>;

/// This keyword, unquoted and in any case; `lower` is in lower case.
[[nodiscard]] bool is_keyword(const Word& word, std::string_view lower) noexcept;
[[nodiscard]] bool is_symbol(const Word& word, std::string_view symbol) noexcept;
/// An identifier, quoted or not.
[[nodiscard]] bool is_name(const Word& word) noexcept;

/// True if the two are adjacent.
[[nodiscard]] bool has_keywords(WordSpan words, std::string_view first,
                                std::string_view second) noexcept;

/// The parentheses at the start of `words` and all in them, or nothing.
[[nodiscard]] WordSpan first_group(WordSpan words) noexcept;

/// `words` up to the first comma outside brackets.
[[nodiscard]] WordSpan first_item(WordSpan words) noexcept;

} // namespace dbbackup::pg
