#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <utility>

namespace dbbackup::pg {

bool WordReader::take_if(bool fits) {
    words_ = words_.subspan(fits ? 1 : 0);
    return fits;
}

bool WordReader::take_keyword(std::string_view keyword) {
    return take_if(!words_.empty() && is_keyword(words_.front(), keyword));
}

bool WordReader::take_any_keyword(std::span<const std::string_view> keywords) {
    return std::ranges::any_of(keywords,
                               [this](std::string_view keyword) { return take_keyword(keyword); });
}

bool WordReader::take_symbol(std::string_view symbol) {
    return take_if(!words_.empty() && is_symbol(words_.front(), symbol));
}

bool WordReader::take_group() {
    const std::size_t length = first_group(words_).size();
    words_ = words_.subspan(length);
    return length > 0;
}

std::optional<Word> WordReader::take_word() {
    if (words_.empty()) {
        return std::nullopt;
    }
    const Word word = words_.front();
    words_ = words_.subspan(1);
    return word;
}

std::optional<std::string> WordReader::take_name() {
    return !words_.empty() && is_name(words_.front())
               ? std::optional{std::string{take_word()->text}}
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
    std::optional<QualifiedName> table;
    std::optional<std::string> name = take_name();
    while (name && take_symbol(".")) {
        table = QualifiedName{table ? std::move(table->name) : "", std::move(*name)};
        name = take_name();
    }
    return name ? table : std::nullopt;
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
