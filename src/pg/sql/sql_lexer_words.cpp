#include "pg/sql/sql_chars.hpp"
#include "pg/sql/sql_lexer.hpp"

#include <utility>

// Words, numbers and symbols.

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

constexpr unsigned k_variable_test_length = 3;

/// How much of `:{?` has been seen after `c`, if it was `seen` before.
constexpr unsigned advance_variable_test(unsigned seen, char c) {
    return (seen == 1 && c == '{') || (seen == 2 && c == '?') ? seen + 1 : 0;
}

/// The two-byte symbols, including psql's `\;` and `\:`, which it sends without the backslash.
constexpr bool is_symbol_pair(char first, char second) {
    return (first == ':' && (second == ':' || second == '=')) || (first == '.' && second == '.') ||
           (first == '\\' && (second == ';' || second == ':'));
}

} // namespace

std::size_t SqlLexer::take_plain(std::string_view rest) {
    const char c = rest.front();
    const unsigned variable_test = std::exchange(variable_test_, 0);
    if (is_sql_space(c)) {
        return run_length(rest, is_sql_space);
    }
    if (continues_name(c)) {
        begin(is_digit(c) ? Mode::number : Mode::identifier);
        number_ = NumberShape::integer();
        tests_variable_ = variable_test == k_variable_test_length;
        return 0;
    }
    switch (c) {
    case '\'':
        begin_quoted(plain_quote());
        return 1;
    case '"':
        begin_quoted(Quote::identifier);
        return 1;
    case '$':
        begin(Mode::dollar_tag);
        dollar_tag_.clear();
        return 1;
    case '-':
    case '/':
    case ':':
    case '.':
    case '\\':
        begin_held(c);
        return 1;
    default:
        take_symbol(c);
        variable_test_ = advance_variable_test(variable_test, c);
        return 1;
    }
}

void SqlLexer::take_symbol(char c) {
    begin(Mode::plain);
    if (c == ')' && parentheses_ > 0) {
        --parentheses_;
    }
    if (c == ';' && parentheses_ == 0 && body_.depth() == 0) {
        body_.forget_words();
        in_statement_ = false;
        listener_.on_statement_end(token_start_ + 1);
        return;
    }
    emit(TokenKind::symbol, {&c, 1});
    if (c == '(') {
        ++parentheses_;
    }
}

std::size_t SqlLexer::take_held(char next) {
    if (is_symbol_pair(held_, next)) {
        if (next == ';') {
            body_.forget_words();
        }
        const char pair[] = {held_, next};
        emit(TokenKind::symbol, {pair, 2});
        return 1;
    }
    if (held_ == '-' && next == '-') {
        mode_ = Mode::line_comment;
        keep("--");
        return 1;
    }
    if (held_ == '/' && next == '*') {
        mode_ = Mode::block_comment;
        comment_depth_ = 1;
        comment_previous_ = '\0';
        return 1;
    }
    if (held_ == '&' && (next == '\'' || next == '"')) {
        begin_quoted(next == '"' ? Quote::identifier : Quote::unicode);
        return 1;
    }
    if (held_ == ':' && continues_name(next)) {
        mode_ = Mode::variable;
        return 0;
    }
    if (held_ == '.' && is_digit(next)) {
        mode_ = Mode::number;
        number_ = NumberShape::fraction();
        keep(".");
        return 0;
    }
    end_held();
    variable_test_ = held_ == ':' && next == '{' ? 1 : 0;
    return 0;
}

void SqlLexer::end_held() {
    if (held_ == '\\') {
        mode_ = Mode::meta_command;
        return;
    }
    if (held_ == '&') {
        emit(TokenKind::symbol, text_); // a `U&` without a quote: no identifier for psql
        ++token_start_;
    }
    emit(TokenKind::symbol, {&held_, 1});
}

std::size_t SqlLexer::take_identifier(std::string_view rest) {
    const bool may_be_mark = token_start_ == 0 && text_.size() < k_byte_order_mark.size();
    const std::size_t length =
        run_length(may_be_mark ? rest.substr(0, 1) : rest, continues_identifier);
    keep(rest.substr(0, length));
    if (may_be_mark && text_ == k_byte_order_mark) {
        mode_ = Mode::plain;
        return length;
    }
    if (length == rest.size() || may_be_mark) {
        return length > 0 ? length : end_identifier_before(rest.front());
    }
    return length + end_identifier_before(rest[length]);
}

/// Some single letters are the prefix of a quoted string, not separate words.
std::size_t SqlLexer::end_identifier_before(char next) {
    const char letter = text_.size() == 1 ? to_lower(text_.front()) : '\0';
    if (next == '\'' && letter == 'e') {
        begin_quoted(Quote::escape);
        return 1;
    }
    if (next == '\'' && (letter == 'b' || letter == 'x')) {
        begin_quoted(Quote::bits);
        return 1;
    }
    if (next == '\'' && letter == 'n') {
        begin_quoted(plain_quote());
        return 1;
    }
    if (next == '&' && letter == 'u') {
        mode_ = Mode::held;
        held_ = '&';
        return 1;
    }
    if (next == '}' && tests_variable_) {
        emit(TokenKind::variable, text_);
        return 0;
    }
    end_identifier();
    return 0;
}

void SqlLexer::end_identifier() {
    body_.take_word(text_, parentheses_);
    emit(TokenKind::identifier, text_);
}

std::size_t SqlLexer::take_variable(std::string_view rest) {
    const std::size_t length = run_length(rest, continues_name);
    keep(rest.substr(0, length));
    if (length < rest.size()) {
        emit(TokenKind::variable, text_);
    }
    return length;
}

std::size_t SqlLexer::take_number(std::string_view rest) {
    const std::size_t length = run_length(rest, [this](char c) { return number_.takes(c); });
    keep(rest.substr(0, length));
    if (length == rest.size()) {
        return length;
    }
    const bool at_range = number_.ends_in_point() && rest[length] == '.';
    emit(TokenKind::number, text_);
    if (at_range) {
        emit(TokenKind::symbol, "..");
    }
    return at_range ? length + 1 : length;
}

} // namespace dbbackup::pg
