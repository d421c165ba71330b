#include "pg/compare/normal_form.hpp"

#include "pg/sql/sql_casts.hpp"
#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <span>

namespace dbbackup::pg {

namespace {

/// Finds redundant parentheses, from the inside out.
class NeedlessParentheses {
public:
    explicit NeedlessParentheses(WordSpan words) : words_(words), drop_(words.size(), 0) {}

    Words left() {
        for (std::size_t at = 0; at < words_.size(); ++at) {
            take(at);
        }
        Words kept;
        for (std::size_t at = 0; at < words_.size(); ++at) {
            if (drop_[at] == 0) {
                kept.push_back(words_[at]);
            }
        }
        return kept;
    }

private:
    /// An open parenthesis or bracket.
    struct Group {
        std::size_t open;
        std::size_t words = 0; ///< directly in it; a group in it counts as more than one
        bool is_array = false; ///< all that is in it is ARRAY[…]
        bool has_comma = false;
        bool has_and = false;
        bool has_or = false;
    };

    void take(std::size_t at) {
        const Word& word = words_[at];
        if (is_symbol(word, "(") || is_symbol(word, "[")) {
            groups_.push_back({.open = at});
        } else if (!groups_.empty() && (is_symbol(word, ")") || is_symbol(word, "]"))) {
            close(at);
        } else if (!groups_.empty()) {
            Group& group = groups_.back();
            ++group.words;
            group.is_array = false;
            group.has_comma = group.has_comma || is_symbol(word, ",");
            group.has_and = group.has_and || is_keyword(word, "and");
            group.has_or = group.has_or || is_keyword(word, "or");
        }
    }

    void close(std::size_t at) {
        const Group group = groups_.back();
        groups_.pop_back();
        const bool is_parenthesis = is_symbol(words_[at], ")");
        const bool is_word = group.words == 1 || group.is_array;
        const bool needless =
            is_parenthesis && (is_word || is_item(group, at) || is_chain(group, at));
        drop_[group.open] = drop_[at] = needless ? 1 : 0;
        if (groups_.empty()) {
            return;
        }
        Group& outer = groups_.back();
        const bool is_array =
            (group.is_array && needless) || (!is_parenthesis && is_array_at(group.open));
        outer.is_array = is_array && outer.words == (is_parenthesis ? 0U : 1U);
        // A group without its parentheses counts as its content.
        outer.words += needless ? group.words : 2;
    }

    [[nodiscard]] bool is_array_at(std::size_t bracket) const {
        return bracket > 0 && is_keyword(words_[bracket - 1], "array");
    }

    /// One whole item of a list, or of further parentheses.
    [[nodiscard]] bool is_item(const Group& group, std::size_t close) const {
        if (group.has_comma || group.open == 0 || close + 1 >= words_.size()) {
            return false;
        }
        const Word& before = words_[group.open - 1];
        const Word& behind = words_[close + 1];
        return (is_symbol(before, "(") || is_symbol(before, "[") || is_symbol(before, ",")) &&
               (is_symbol(behind, ")") || is_symbol(behind, "]") || is_symbol(behind, ","));
    }

    /// The beginning of a chain: `((a OR b) OR c)`.
    [[nodiscard]] bool is_chain(const Group& group, std::size_t close) const {
        if (group.open == 0 || !is_symbol(words_[group.open - 1], "(") ||
            close + 1 >= words_.size()) {
            return false;
        }
        const Word& behind = words_[close + 1];
        return (group.has_or && !group.has_and && is_keyword(behind, "or")) ||
               (group.has_and && !group.has_or && is_keyword(behind, "and"));
    }

    WordSpan words_;
    std::vector<char> drop_;
    std::vector<Group> groups_;
};

/// A name that PostgreSQL gives to a NOT NULL constraint that has none: "t_a_not_null", or with a
/// number if another constraint of the schema has that name.
bool is_given_to_not_null(const Word& word) {
    std::string_view name = word.text;
    if (name.ends_with('"')) {
        name.remove_suffix(1);
    }
    name = name.substr(0, name.find_last_not_of("0123456789") + 1);
    return is_name(word) && name.ends_with("_not_null");
}

/// From version 18 on, NOT NULL constraints have names, and pg_dump leaves out those that follow
/// from the table's and the column's. A table LIKE another has the other's, so that a restored one
/// may get a number that the dumped one does not have.
Words without_given_names(Words words) {
    constexpr std::size_t k_length = 4; // CONSTRAINT name NOT NULL
    Words kept;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const bool is_given = at + k_length <= words.size() &&
                              is_keyword(words[at], "constraint") &&
                              is_given_to_not_null(words[at + 1]) &&
                              has_keywords(WordSpan{words}.subspan(at + 2, 2), "not", "null");
        if (is_given) {
            ++at; // the name too
        } else {
            kept.push_back(words[at]);
        }
    }
    return kept;
}

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

Words with_sorted_list(Words words) {
    const WordSpan list = find_unordered_list(words);
    if (!list.empty()) {
        std::ranges::copy(sorted_items(list), words.begin() + (list.data() - words.data()));
    }
    return words;
}

} // namespace

std::vector<std::string_view> normal_form(std::string_view sql, Backslashes backslashes) {
    const Words words = without_given_names(without_casts(split_words(sql, backslashes)));
    const Words normal = with_sorted_list(NeedlessParentheses{words}.left());
    std::vector<std::string_view> texts;
    texts.reserve(normal.size());
    std::ranges::transform(normal, std::back_inserter(texts), &Word::text);
    return texts;
}

} // namespace dbbackup::pg
