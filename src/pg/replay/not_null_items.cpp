#include "pg/replay/not_null_items.hpp"

#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

namespace dbbackup::pg {

namespace {

std::string_view text_of(WordSpan words) {
    const char* const begin = words.front().text.data();
    const std::string_view last = words.back().text;
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

/// [CONSTRAINT name] NOT NULL column: the column.
std::optional<std::string_view> find_not_null_column(WordSpan item) {
    WordReader reader{item};
    if (reader.take_keyword("constraint")) {
        reader.take_word();
    }
    if (!reader.take_phrase("not null")) {
        return std::nullopt;
    }
    const auto column = reader.take_word();
    return column && is_name(*column) && reader.at_end() ? std::optional{column->text}
                                                         : std::nullopt;
}

} // namespace

std::optional<OlderCreateTable> without_not_null_items(const ScriptStatement& statement,
                                                       Backslashes backslashes) {
    if (!statement.head.is(Verb::create, "table")) {
        return std::nullopt;
    }
    const Words words = split_words(statement.sql, backslashes);
    const auto is_keyword_table = [](const Word& word) { return is_keyword(word, "table"); };
    const auto is_open = [](const Word& word) { return is_symbol(word, "("); };
    const auto table = std::ranges::find_if(words, is_keyword_table);
    const auto open = std::find_if(table, words.end(), is_open);
    const WordSpan group = first_group(WordSpan{open, words.end()});
    if (group.size() < 3 || table + 1 >= open) {
        return std::nullopt;
    }
    const std::string_view name = text_of(WordSpan{table + 1, open});
    WordSpan list = group.subspan(1, group.size() - 2);
    std::vector<std::string_view> kept;
    OlderCreateTable older;
    for (bool more = true; more;) {
        const WordSpan item = first_item(list);
        if (const auto column = find_not_null_column(item)) {
            older.then.push_back(
                fmt::format("ALTER TABLE ONLY {} ALTER COLUMN {} SET NOT NULL", name, *column));
        } else if (!item.empty()) {
            kept.push_back(text_of(item));
        }
        more = item.size() < list.size();
        list = list.subspan(item.size() + (more ? 1 : 0));
    }
    if (older.then.empty()) {
        return std::nullopt;
    }
    const std::string_view sql = statement.sql;
    const auto begin = static_cast<std::size_t>(group.front().text.data() - sql.data());
    const auto end = static_cast<std::size_t>(group.back().text.data() - sql.data());
    older.create =
        fmt::format("{}({}{}", sql.substr(0, begin), fmt::join(kept, ", "), sql.substr(end));
    return older;
}

} // namespace dbbackup::pg
