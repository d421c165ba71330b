#include "pg/compare/normal_form.hpp"

#include "pg/compare/sorted_list.hpp"
#include "pg/sql/sql_casts.hpp"

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

} // namespace

Words significant_words(std::string_view sql, Backslashes backslashes) {
    return without_given_names(without_casts(split_words(sql, backslashes)));
}

Words normal_form(WordSpan words) {
    return with_sorted_list(NeedlessParentheses{words}.left());
}

} // namespace dbbackup::pg
