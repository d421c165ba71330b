#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <utility>

namespace dbbackup::pg {

using Word = Statement::Word;

bool is_keyword(const Word& word, std::string_view keyword) {
    return word.kind == TokenKind::identifier && word.text == keyword;
}

bool is_symbol(const Word& word, std::string_view symbol) {
    return word.kind == TokenKind::symbol && word.text == symbol;
}

bool is_name(const Word& word) {
    return word.kind == TokenKind::identifier || word.kind == TokenKind::quoted_identifier;
}

bool has_keywords(const Statement& statement, std::string_view first, std::string_view second) {
    const auto words = statement.words();
    return std::adjacent_find(words.begin(), words.end(), [&](const Word& left, const Word& right) {
               return is_keyword(left, first) && is_keyword(right, second);
           }) != words.end();
}

bool WordReader::take_keyword(std::string_view keyword) {
    if (words_.empty() || !is_keyword(words_.front(), keyword)) {
        return false;
    }
    words_ = words_.subspan(1);
    return true;
}

bool WordReader::take_keywords(std::initializer_list<std::string_view> keywords) {
    return std::all_of(keywords.begin(), keywords.end(),
                       [this](std::string_view keyword) { return take_keyword(keyword); });
}

bool WordReader::take_symbol(std::string_view symbol) {
    if (words_.empty() || !is_symbol(words_.front(), symbol)) {
        return false;
    }
    words_ = words_.subspan(1);
    return true;
}

std::optional<Word> WordReader::take_word() {
    if (words_.empty()) {
        return std::nullopt;
    }
    Word word = words_.front();
    words_ = words_.subspan(1);
    return word;
}

std::optional<std::string> WordReader::take_name() {
    return !words_.empty() && is_name(words_.front()) ? std::optional{take_word()->text}
                                                      : std::nullopt;
}

std::optional<QualifiedName> WordReader::take_qualified_name() {
    std::optional<std::string> name = take_name();
    std::string schema;
    while (name && take_symbol(".")) {
        schema = std::move(*name);
        name = take_name();
    }
    return name ? std::optional{QualifiedName{std::move(schema), std::move(*name)}} : std::nullopt;
}

std::optional<QualifiedName> WordReader::take_table_of_column() {
    std::vector<std::string> names;
    std::optional<std::string> name = take_name();
    while (name) {
        names.push_back(std::move(*name));
        name = take_symbol(".") ? take_name() : std::nullopt;
    }
    if (names.size() < 2) {
        return std::nullopt;
    }
    names.pop_back();
    return QualifiedName{names.size() > 1 ? names[names.size() - 2] : "", names.back()};
}

bool WordReader::take_phrase(std::string_view words) {
    WordReader ahead = *this;
    while (!words.empty()) {
        const std::size_t space = std::min(words.find(' '), words.size());
        if (!ahead.take_keyword(words.substr(0, space))) {
            return false;
        }
        words.remove_prefix(std::min(space + 1, words.size()));
    }
    *this = ahead;
    return true;
}

bool WordReader::skip_past(std::string_view keyword) {
    while (!words_.empty()) {
        if (take_keyword(keyword)) {
            return true;
        }
        words_ = words_.subspan(1);
    }
    return false;
}

} // namespace dbbackup::pg
