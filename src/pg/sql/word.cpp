#include "pg/sql/word.hpp"

#include "pg/sql/sql_chars.hpp"

#include <algorithm>

namespace dbbackup::pg {

bool is_keyword(const Word& word, std::string_view lower) noexcept {
    return word.kind == TokenKind::identifier && equals_folded(word.text, lower);
}

bool is_symbol(const Word& word, std::string_view symbol) noexcept {
    return word.kind == TokenKind::symbol && word.text == symbol;
}

bool is_name(const Word& word) noexcept {
    return word.kind == TokenKind::identifier || word.kind == TokenKind::quoted_identifier;
}

bool has_keywords(WordSpan words, std::string_view first, std::string_view second) noexcept {
    return std::ranges::adjacent_find(words, [&](const Word& left, const Word& right) {
               return is_keyword(left, first) && is_keyword(right, second);
           }) != words.end();
}

WordSpan first_group(WordSpan words) noexcept {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (is_symbol(words[at], "(")) {
            ++depth;
        } else if (at == 0) {
            break;
        } else if (is_symbol(words[at], ")") && --depth == 0) {
            return words.first(at + 1);
        }
    }
    return {};
}

WordSpan first_item(WordSpan words) noexcept {
    unsigned depth = 0;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (is_symbol(words[at], "(") || is_symbol(words[at], "[")) {
            ++depth;
        } else if (is_symbol(words[at], ")") || is_symbol(words[at], "]")) {
            --depth;
        } else if (depth == 0 && is_symbol(words[at], ",")) {
            return words.first(at);
        }
    }
    return words;
}

} // namespace dbbackup::pg
