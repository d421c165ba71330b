#include "pg/sql/sql_chars.hpp"
#include "pg/sql/sql_lexer.hpp"

#include <algorithm>

// Quotes of every kind, the continuation of strings, and comments.

namespace dbbackup::pg {

namespace {

/// Bytes of a `$tag$` that are kept, far more than anybody writes: a longer one never ends.
constexpr std::size_t k_longest_tag = 64 * 1024;

} // namespace

void SqlLexer::begin_quoted(Quote quote) {
    const std::uint64_t prefix_start = token_start_;
    const bool is_unicode = mode_ == Mode::held; // after the ampersand
    const bool has_prefix = mode_ == Mode::identifier || is_unicode;
    begin(Mode::quoted);
    token_start_ = has_prefix ? prefix_start : token_start_;
    unicode_ = is_unicode;
    quote_ = quote;
    escaped_ = false;
}

std::size_t SqlLexer::take_quoted(std::string_view rest) {
    const std::size_t end = find_quote_end(rest);
    keep(rest.substr(0, end));
    if (end == std::string_view::npos) {
        return rest.size();
    }
    mode_ = Mode::quote_seen;
    return end + 1;
}

/// Megabytes may lie between the quotes, a large object's bytes, so this is a search for one byte
/// wherever the kind of quote allows it.
std::size_t SqlLexer::find_quote_end(std::string_view rest) {
    if (quote_ != Quote::escape) {
        return rest.find(is_string(quote_) ? '\'' : '"');
    }
    for (std::size_t at = 0; at < rest.size(); ++at) {
        if (escaped_) {
            escaped_ = false;
        } else if (rest[at] == '\'') {
            return at;
        } else {
            escaped_ = rest[at] == '\\';
        }
    }
    return std::string_view::npos;
}

std::size_t SqlLexer::take_quote_seen(char next) {
    const char quote = is_string(quote_) ? '\'' : '"';
    if (next == quote && quote_ != Quote::bits) {
        keep({&next, 1});
        mode_ = Mode::quoted;
        return 1;
    }
    end_quoted();
    return 0;
}

void SqlLexer::end_quoted() {
    if (!is_string(quote_)) {
        emit(TokenKind::quoted_identifier, text_);
        return;
    }
    emit(TokenKind::string, text_);
    mode_ = Mode::continuation;
    continuation_line_ = false;
    continuation_fresh_ = true;
}

/// SQL continues a string after a newline, by the string's own escape rules. psql sees no newline
/// but the carriage return, because it lexes line by line; and if the quote ends its line, psql
/// still expects a continuation on the next. Followed to the letter: a lexer that disagrees with
/// psql about the end of a string takes data for commands.
std::size_t SqlLexer::take_continuation(char next) {
    if (next == '\'' && continuation_line_) {
        begin_quoted(quote_);
        return 1;
    }
    if (next == '-') {
        begin_held(next);
        in_continuation_ = true;
        return 1;
    }
    if (is_sql_space(next)) {
        continuation_line_ = continuation_line_ || next == '\r';
        continuation_fresh_ = false;
        return 1;
    }
    mode_ = Mode::plain;
    return 0;
}

std::size_t SqlLexer::take_dollar_tag(std::string_view rest) {
    const char c = rest.front();
    if (c == '$') {
        mode_ = Mode::dollar_body;
        dollar_matched_ = 0;
        return 1;
    }
    if (dollar_tag_.empty() && is_digit(c)) {
        mode_ = Mode::number;
        number_ = NumberShape::parameter();
        keep("$");
        return 0;
    }
    const std::size_t length = run_length(rest, continues_name);
    dollar_tag_.append(rest.substr(0, std::min(length, k_longest_tag + 1 - dollar_tag_.size())));
    if (length < rest.size() && rest[length] != '$') {
        give_up_dollar_tag();
    }
    return length;
}

/// No second `$`: the first was a symbol, and what follows is an identifier.
void SqlLexer::give_up_dollar_tag() {
    emit(TokenKind::symbol, "$");
    if (!dollar_tag_.empty()) {
        const std::uint64_t behind_dollar = token_start_ + 1;
        begin(Mode::identifier);
        token_start_ = behind_dollar;
        keep(dollar_tag_);
    }
}

/// Searches for `$tag$`. The tag itself holds no `$`, so a mismatch never needs a step back.
std::size_t SqlLexer::take_dollar_body(std::string_view rest) {
    if (dollar_matched_ == 0) {
        const std::size_t dollar = rest.find('$');
        dollar_matched_ = dollar == std::string_view::npos ? 0 : 1;
        return dollar_matched_ == 0 ? rest.size() : dollar + 1;
    }
    const char c = rest.front();
    const std::size_t matched_of_tag = dollar_matched_ - 1;
    if (c == '$' && matched_of_tag == dollar_tag_.size() && matched_of_tag <= k_longest_tag) {
        emit(TokenKind::dollar_string, {});
    } else if (c == '$') {
        dollar_matched_ = 1;
    } else if (matched_of_tag < dollar_tag_.size() && c == dollar_tag_[matched_of_tag]) {
        ++dollar_matched_;
    } else {
        dollar_matched_ = 0;
    }
    return 1;
}

std::size_t SqlLexer::take_line_comment(std::string_view rest) {
    const std::size_t end = rest.find('\r');
    keep(rest.substr(0, end));
    if (end == std::string_view::npos) {
        return rest.size();
    }
    end_line_comment(in_continuation_ ? Mode::continuation : Mode::plain);
    continuation_line_ = true;
    return end + 1;
}

void SqlLexer::end_line_comment(Mode next) {
    mode_ = next;
    listener_.on_line_comment({text_, token_start_, token_start_ == line_start_, in_statement_});
}

std::size_t SqlLexer::take_block_comment(char next) {
    if (comment_previous_ == '/' && next == '*') {
        ++comment_depth_;
        comment_previous_ = '\0';
    } else if (comment_previous_ == '*' && next == '/') {
        --comment_depth_;
        comment_previous_ = '\0';
        mode_ = comment_depth_ == 0 ? Mode::plain : mode_;
    } else {
        comment_previous_ = next;
    }
    return 1;
}

} // namespace dbbackup::pg
