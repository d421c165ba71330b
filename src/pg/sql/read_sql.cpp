#include "pg/sql/read_sql.hpp"

#include "pg/sql/sql_chars.hpp"
#include "pg/sql/sql_lexer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dbbackup::pg {

namespace {

class TokenListener : public SqlListener {
public:
    void on_statement_end(std::uint64_t) override {}

    void on_line_comment(const LineComment&) override {}

    void on_meta_command(const MetaCommand&) override {}
};

class WordCollector : public TokenListener {
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

    /// A token's end is not reported: it reaches to the next one, without the space between.
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

    Words words;
    std::uint64_t start = 0; ///< of the statement for the lexer

private:
    std::string_view sql_;
    std::uint64_t end_;
    bool ended_ = false;
};

class StatementListener : public TokenListener {
public:
    void on_token(const Token& token) override { statement.add(token); }

    Statement statement;
};

class NameListener : public TokenListener {
public:
    void on_token(const Token& token) override {
        if (token.kind == TokenKind::identifier) {
            std::ranges::transform(token.text, std::back_inserter(names.emplace_back()), to_lower);
        } else if (token.kind == TokenKind::quoted_identifier) {
            names.emplace_back(token.text);
        }
    }

    std::vector<std::string> names;
};

void lex(std::string_view sql, SqlLexer& lexer) {
    while (!sql.empty()) {
        sql.remove_prefix(lexer.lex(sql));
    }
    lexer.finish();
}

} // namespace

Words split_words(std::string_view sql, Backslashes backslashes) {
    WordCollector collector{sql};
    SqlLexer lexer{collector};
    if (backslashes == Backslashes::escaping) {
        lexer.set_standard_strings(false);
        collector.start = lexer.lex("\n"); // it counts from the next line on
    }
    lex(sql, lexer);
    collector.finish();
    return std::move(collector.words);
}

Statement read_statement(std::string_view sql) {
    StatementListener listener;
    SqlLexer lexer{listener};
    lex(sql, lexer);
    listener.statement.end();
    return std::move(listener.statement);
}

std::vector<std::string> read_names(std::string_view list) {
    NameListener listener;
    SqlLexer lexer{listener};
    lex(list, lexer);
    return std::move(listener.names);
}

std::string_view text_in_parentheses(std::string_view sql) {
    std::size_t start = 0;
    unsigned depth = 0;
    char quote = '\0';
    for (std::size_t at = 0; at < sql.size(); ++at) {
        const char c = sql[at];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' && depth++ == 0) {
            start = at + 1;
        } else if (c == ')' && depth > 0 && --depth == 0) {
            return sql.substr(start, at - start);
        }
    }
    return {};
}

} // namespace dbbackup::pg
