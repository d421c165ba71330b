#include "pg/sql/sql_words.hpp"

#include "pg/sql/sql_chars.hpp"

namespace dbbackup::pg {

namespace {

class WordCollector : public SqlListener {
public:
    explicit WordCollector(std::string_view sql) : sql_(sql), end_(sql.size()) {}

    void on_token(const Token& token) override {
        end_last_word(token.offset - start);
        words.push_back({token.kind, sql_.substr(token.offset - start)});
    }

    void on_statement_end(std::uint64_t end) override {
        end_last_word(end - start - 1);
        ended_ = true;
    }

    void on_line_comment(const LineComment&) override {}

    void on_meta_command(const MetaCommand&) override {}

    /// A token's own end is not told: it reaches to the next one, but for the space between.
    void end_last_word(std::uint64_t end) {
        if (words.empty() || ended_) {
            return;
        }
        std::string_view& text = words.back().text;
        text = sql_.substr(static_cast<std::size_t>(text.data() - sql_.data()),
                           end - static_cast<std::size_t>(text.data() - sql_.data()));
        while (!text.empty() && is_sql_space(text.back())) {
            text.remove_suffix(1);
        }
    }

    void finish() { end_last_word(end_); }

    SqlWords words;
    std::uint64_t start = 0; ///< of the statement for the lexer

private:
    std::string_view sql_;
    std::uint64_t end_;
    bool ended_ = false;
};

} // namespace

SqlWords split_words(std::string_view sql, Backslashes backslashes) {
    WordCollector collector{sql};
    SqlLexer lexer{collector};
    if (backslashes == Backslashes::escaping) {
        lexer.set_standard_strings(false);
        collector.start = lexer.lex("\n"); // it counts from the next line on
    }
    for (std::string_view rest = sql; !rest.empty();) {
        rest.remove_prefix(lexer.lex(rest));
    }
    lexer.finish();
    collector.finish();
    return std::move(collector.words);
}

bool is_keyword(const SqlWord& word, std::string_view lower) noexcept {
    return word.kind == TokenKind::identifier && equals_folded(word.text, lower);
}

bool is_symbol(const SqlWord& word, std::string_view symbol) noexcept {
    return word.kind == TokenKind::symbol && word.text == symbol;
}

bool is_name(const SqlWord& word) noexcept {
    return word.kind == TokenKind::identifier || word.kind == TokenKind::quoted_identifier;
}

bool begins_with(SqlWordSpan words, std::string_view lower) noexcept {
    return !words.empty() && is_keyword(words.front(), lower);
}

std::size_t group_length(SqlWordSpan words, std::string_view open,
                         std::string_view close) noexcept {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (is_symbol(words[at], open)) {
            ++depth;
        } else if (at == 0) {
            return 0;
        } else if (is_symbol(words[at], close) && --depth == 0) {
            return at + 1;
        }
    }
    return 0;
}

} // namespace dbbackup::pg
