#include "pg/sql/sql_lexer.hpp"

// Lines, and the transitions between modes. Words and symbols are in sql_lexer_words.cpp, quotes
// and comments in sql_lexer_quoted.cpp.

namespace dbbackup::pg {

std::size_t SqlLexer::lex(std::string_view text) {
    const std::size_t line_end = text.find('\n');
    std::string_view line = text.substr(0, line_end);
    while (!line.empty()) {
        const std::size_t taken = step(line);
        offset_ += taken;
        line.remove_prefix(taken);
    }
    if (line_end == std::string_view::npos) {
        return text.size();
    }
    end_line();
    return line_end + 1;
}

void SqlLexer::finish() {
    if (mode_ == Mode::line_comment) {
        mode_ = Mode::plain;
    } else {
        end_token();
    }
}

SqlLexer::Inside SqlLexer::inside() const noexcept {
    switch (mode_) {
    case Mode::quoted:
        return is_string(quote_) ? Inside::string : Inside::quoted_identifier;
    case Mode::dollar_body:
        return Inside::string;
    case Mode::block_comment:
        return Inside::comment;
    case Mode::meta_command:
        return Inside::meta_command;
    case Mode::plain:
    case Mode::continuation:
    case Mode::line_comment:
        return in_statement_ ? Inside::statement : Inside::nothing;
    default:
        return held_ == '\\' && mode_ == Mode::held ? Inside::meta_command : Inside::statement;
    }
}

std::size_t SqlLexer::step(std::string_view rest) {
    switch (mode_) {
    case Mode::plain:
        return take_plain(rest);
    case Mode::held:
        return take_held(rest.front());
    case Mode::identifier:
        return take_identifier(rest);
    case Mode::variable:
        return take_variable(rest);
    case Mode::number:
        return take_number(rest);
    case Mode::dollar_tag:
        return take_dollar_tag(rest);
    case Mode::dollar_body:
        return take_dollar_body(rest);
    case Mode::quoted:
        return take_quoted(rest);
    case Mode::quote_seen:
        return take_quote_seen(rest.front());
    case Mode::continuation:
        return take_continuation(rest.front());
    case Mode::line_comment:
        return take_line_comment(rest);
    case Mode::block_comment:
        return take_block_comment(rest.front());
    case Mode::meta_command:
        keep(rest);
        return rest.size();
    }
    return rest.size();
}

void SqlLexer::begin(Mode mode) {
    mode_ = mode;
    token_start_ = offset_;
    text_.clear();
    in_continuation_ = false;
    tests_variable_ = false;
    unicode_ = false;
}

void SqlLexer::begin_held(char c) {
    begin(Mode::held);
    held_ = c;
}

void SqlLexer::keep(std::string_view text) {
    text_.append(text.substr(0, k_token_text - text_.size()));
}

void SqlLexer::emit(TokenKind kind, std::string_view text) {
    mode_ = Mode::plain;
    in_statement_ = true;
    listener_.on_token({{kind, text}, token_start_, parentheses_ + body_.depth(), unicode_});
}

void SqlLexer::end_line() {
    end_token();
    variable_test_ = 0;
    ++offset_;
    line_start_ = offset_;
    standard_strings_ = next_standard_strings_;
}

void SqlLexer::end_token() {
    switch (mode_) {
    case Mode::plain:
        return;
    case Mode::held:
        end_held();
        return mode_ == Mode::meta_command ? end_meta_command() : void();
    case Mode::identifier:
        return end_identifier();
    case Mode::variable:
        return emit(TokenKind::variable, text_);
    case Mode::number:
        return emit(TokenKind::number, text_);
    case Mode::dollar_tag:
        give_up_dollar_tag();
        return mode_ == Mode::identifier ? end_identifier() : void();
    case Mode::dollar_body:
        dollar_matched_ = 0;
        return;
    case Mode::quoted:
        keep("\n");
        escaped_ = false;
        return;
    case Mode::quote_seen:
        return end_quoted();
    case Mode::continuation:
        mode_ = continuation_fresh_ ? Mode::continuation : Mode::plain;
        return;
    case Mode::line_comment:
        return end_line_comment(Mode::plain);
    case Mode::block_comment:
        comment_previous_ = '\0';
        return;
    case Mode::meta_command:
        return end_meta_command();
    }
}

void SqlLexer::end_meta_command() {
    mode_ = Mode::plain;
    listener_.on_meta_command({text_, token_start_, token_start_ == line_start_, in_statement_});
}

} // namespace dbbackup::pg
