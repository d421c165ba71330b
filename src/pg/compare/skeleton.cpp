#include "pg/compare/skeleton.hpp"

#include "pg/compare/sorted_list.hpp"
#include "pg/sql/object_kind.hpp"
#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <vector>

namespace dbbackup::pg {

namespace {

/// Stands for an expression.
constexpr Word k_expression{TokenKind::symbol, "…"};

/// Finds the expressions and queries of a statement that makes or changes an object, as pg_dump
/// writes it.
class ExpressionFinder {
public:
    explicit ExpressionFinder(WordSpan words) : words_(words), end_(words.size()) {}

    /// In their order.
    std::vector<WordSpan> find() {
        WordReader reader{words_};
        const bool creates = reader.take_keyword("create");
        if (!creates && !reader.take_keyword("alter")) {
            return {};
        }
        take_adjectives(reader);
        kind_ = take_kind(reader);
        if (creates) {
            find_end();
        }
        for (std::size_t at = 0; at < end_; ++at) {
            at = take(at);
        }
        if (creates) {
            take_end();
        }
        return std::move(found_);
    }

private:
    /// Where the query or the body at the end begins.
    void find_end() {
        if (kind_ == "view" || kind_ == "materialized view") {
            end_ = find_outside(0, "as");
        } else if (kind_ == "rule") {
            const std::size_t condition = find_outside(0, "where");
            const std::size_t action = find_outside(0, "do");
            end_ = std::min(condition, action);
        } else if (kind_ == "function" || kind_ == "procedure") {
            const std::size_t atomic = find_outside(0, "atomic");
            const std::size_t result = find_outside(0, "return");
            end_ = std::min(atomic, result);
        }
    }

    void take_end() {
        if (kind_ == "rule") {
            const std::size_t action = find_outside(end_, "do");
            add(end_, action);
            const bool instead = action + 1 < words_.size() && //
                                 is_keyword(words_[action + 1], "instead");
            add(action + (instead ? 2 : 1), words_.size());
        } else {
            add(end_ + 1, end_of_query());
        }
    }

    /// … WITH [NO] DATA, … WITH LOCAL CHECK OPTION
    [[nodiscard]] std::size_t end_of_query() const {
        for (const std::size_t length : {std::size_t{3}, std::size_t{4}}) {
            if (words_.size() > length) {
                const WordSpan last = words_.last(length);
                const bool follows = WordReader{last}.take_phrase("with no data") ||
                                     WordReader{last}.take_phrase("with local check option") ||
                                     WordReader{last}.take_phrase("with cascaded check option");
                if (follows) {
                    return words_.size() - length;
                }
            }
        }
        return words_.size();
    }

    /// What begins at this word; returns the last word of it.
    std::size_t take(std::size_t at) {
        if (is_symbol(words_[at], "(")) {
            return take_group(at);
        }
        if (is_keyword(words_[at], "on") && kind_ == "statistics") {
            lists_expressions_ = true;
        }
        const bool has_default =
            is_relation(kind_) || kind_ == "domain" || kind_ == "function" || kind_ == "procedure";
        if (has_default && is_keyword(words_[at], "default")) {
            const std::size_t end = end_of_default(at + 1);
            add(at + 1, end);
            return end - 1;
        }
        return at;
    }

    std::size_t take_group(std::size_t at) {
        const std::size_t length = first_group(words_.subspan(at)).size();
        if (at == 0 || length == 0) {
            return at;
        }
        const std::size_t last = at + length - 1;
        if (lists_expressions_ || holds_expression(at)) {
            add(at, last + 1);
            return last;
        }
        if (!lists_keys(at)) {
            return at;
        }
        for (std::size_t inner = at + 1; inner < last; ++inner) {
            const std::size_t size = first_group(words_.subspan(inner)).size();
            if (size > 0) {
                add(inner, inner + size);
                inner += size - 1;
            }
        }
        return last;
    }

    /// CHECK (…), WHERE (…), WHEN (…), USING (…), GENERATED ALWAYS AS (…)
    [[nodiscard]] bool holds_expression(std::size_t at) const {
        const Word& before = words_[at - 1];
        return is_keyword(before, "check") || is_keyword(before, "where") ||
               is_keyword(before, "when") || is_keyword(before, "using") ||
               (at > 1 && has_keywords(words_.subspan(at - 2, 2), "always", "as"));
    }

    /// USING method (…), PARTITION BY strategy (…): columns and expressions.
    [[nodiscard]] bool lists_keys(std::size_t at) const {
        return (at > 1 && is_keyword(words_[at - 2], "using")) ||
               (at > 2 && has_keywords(words_.subspan(at - 3, 2), "partition", "by"));
    }

    /// Up to the next column, argument or constraint.
    [[nodiscard]] std::size_t end_of_default(std::size_t at) const {
        const WordSpan rest = words_.subspan(at, end_ - at);
        unsigned depth = 0;
        for (const Word& word : rest) {
            if (is_symbol(word, "(") || is_symbol(word, "[")) {
                ++depth;
            } else if (depth > 0) {
                depth -= is_symbol(word, ")") || is_symbol(word, "]") ? 1 : 0;
            } else if (is_symbol(word, ")") || is_symbol(word, ",") || is_keyword(word, "not") ||
                       is_keyword(word, "constraint") || is_keyword(word, "collate")) {
                break;
            }
            ++at;
        }
        return at;
    }

    /// The first such word that is no name behind a schema and outside parentheses.
    [[nodiscard]] std::size_t find_outside(std::size_t at, std::string_view keyword) const {
        unsigned depth = 0;
        for (; at < words_.size(); ++at) {
            if (is_symbol(words_[at], "(")) {
                ++depth;
            } else if (is_symbol(words_[at], ")")) {
                --depth;
            } else if (depth == 0 && is_keyword(words_[at], keyword) &&
                       (at == 0 || !is_symbol(words_[at - 1], "."))) {
                break;
            }
        }
        return at;
    }

    void add(std::size_t begin, std::size_t end) {
        if (begin < end) {
            found_.push_back(words_.subspan(begin, end - begin));
        }
    }

    WordSpan words_;
    std::size_t end_; ///< where a query begins that ends the statement
    std::string_view kind_;
    bool lists_expressions_ = false; ///< each group from here on
    std::vector<WordSpan> found_;
};

} // namespace

Words skeleton(WordSpan words) {
    Words kept;
    for (const WordSpan expression : ExpressionFinder{words}.find()) {
        const auto before = static_cast<std::size_t>(expression.data() - words.data());
        kept.insert(kept.end(), words.begin(), words.begin() + static_cast<std::ptrdiff_t>(before));
        kept.push_back(k_expression);
        std::ranges::copy_if(expression, std::back_inserter(kept), [](const Word& word) {
            return word.kind == TokenKind::string || word.kind == TokenKind::number;
        });
        words = words.subspan(before + expression.size());
    }
    kept.insert(kept.end(), words.begin(), words.end());
    return with_sorted_list(std::move(kept));
}

} // namespace dbbackup::pg
