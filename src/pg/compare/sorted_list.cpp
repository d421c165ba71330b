#include "pg/compare/sorted_list.hpp"

#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <vector>

namespace dbbackup::pg {

namespace {

bool comes_before(WordSpan a, WordSpan b) {
    return std::ranges::lexicographical_compare(a, b, {}, &Word::text, &Word::text);
}

/// The comma-separated items of `list`, sorted.
Words sorted_items(WordSpan list) {
    std::vector<WordSpan> items;
    for (bool more = true; more;) {
        items.push_back(first_item(list));
        more = items.back().size() < list.size();
        list = list.subspan(items.back().size() + (more ? 1 : 0));
    }
    std::ranges::sort(items, comes_before);
    Words sorted;
    for (const WordSpan item : items) {
        if (!sorted.empty()) {
            sorted.push_back({TokenKind::symbol, ","});
        }
        sorted.insert(sorted.end(), item.begin(), item.end());
    }
    return sorted;
}

/// A list that means the same in any order: the columns of CREATE TABLE … (columns) INHERITS, of a
/// publication's table, of CREATE STATISTICS … ON columns, written in the table's order; and the
/// roles of CREATE POLICY … TO, written in the order of their creation.
WordSpan find_unordered_list(WordSpan words) {
    const auto find = [](WordSpan in, const auto& is_it) {
        return in.subspan(static_cast<std::size_t>(std::ranges::find_if(in, is_it) - in.begin()));
    };
    const auto is_open = [](const Word& word) { return is_symbol(word, "("); };
    const WordSpan list = find(words, is_open);
    const std::size_t length = first_group(list).size();
    const bool creates = WordReader{words}.take_keyword("create");
    if (length > 1 && ((creates && WordReader{list.subspan(length)}.take_keyword("inherits")) ||
                       WordReader{words}.take_phrase("alter publication"))) {
        return list.subspan(1, length - 2);
    }
    if (WordReader{words}.take_phrase("create statistics")) {
        const WordSpan on = find(words, [](const auto& word) { return is_keyword(word, "on"); });
        const WordSpan from = find(on, [](const auto& word) { return is_keyword(word, "from"); });
        return from.empty() ? WordSpan{} : on.subspan(1, on.size() - from.size() - 1);
    }
    if (WordReader{words}.take_phrase("create policy")) {
        const WordSpan to = find(words, [](const auto& word) { return is_keyword(word, "to"); });
        const WordSpan end = find(to, [](const auto& word) {
            return is_keyword(word, "using") || is_keyword(word, "with") || is_symbol(word, ";");
        });
        return end.empty() ? WordSpan{} : to.subspan(1, to.size() - end.size() - 1);
    }
    return {};
}

} // namespace

Words with_sorted_list(Words words) {
    const WordSpan list = find_unordered_list(words);
    if (!list.empty()) {
        std::ranges::copy(sorted_items(list), words.begin() + (list.data() - words.data()));
    }
    return words;
}

} // namespace dbbackup::pg
