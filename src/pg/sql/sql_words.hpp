#pragma once

#include "pg/sql/sql_lexer.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// How '…' is read: by standard_conforming_strings.
enum class Backslashes { plain, escaping };

/// A token as it is written, quotes and all.
struct SqlWord {
    TokenKind kind;
    std::string_view text;
};

using SqlWords = std::vector<SqlWord>;
using SqlWordSpan = std::span<const SqlWord>;

/// All words of one statement, as views of it; its semicolon is none.
[[nodiscard]] SqlWords split_words(std::string_view sql, Backslashes backslashes);

[[nodiscard]] bool is_keyword(const SqlWord& word, std::string_view lower) noexcept;
[[nodiscard]] bool is_symbol(const SqlWord& word, std::string_view symbol) noexcept;
[[nodiscard]] bool begins_with(SqlWordSpan words, std::string_view lower) noexcept;
/// Of the group that `words` begin with, its two brackets included; 0 where there is none.
[[nodiscard]] std::size_t group_length(SqlWordSpan words, std::string_view open,
                                       std::string_view close) noexcept;
/// An identifier, quoted or not.
[[nodiscard]] bool is_name(const SqlWord& word) noexcept;

} // namespace dbbackup::pg
