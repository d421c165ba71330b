#pragma once

#include "pg/sql/number_shape.hpp"
#include "pg/sql/routine_body.hpp"
#include "pg/sql/word.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// A word of SQL outside comments and COPY data. `text` is its first k_token_text bytes, with
/// doubled quotes undone.
struct Token : Word {
    std::uint64_t offset = 0; ///< of its first byte in the stream
    unsigned depth = 0;       ///< how many parentheses and routine bodies are open around it
    bool unicode = false;     ///< U&'…' or U&"…", whose escapes are not undone
};

/// A `-- comment`, from its dashes to the end of the line, first k_token_text bytes.
struct LineComment {
    std::string_view text;
    std::uint64_t offset = 0;
    bool at_line_start = false;
    bool in_statement = false;
};

/// A psql meta-command, from after its backslash to the end of the line, first k_token_text bytes.
/// psql may end it earlier, at another backslash.
struct MetaCommand {
    std::string_view text;
    std::uint64_t offset = 0; ///< of the backslash
    bool at_line_start = false;
    bool in_statement = false;
};

inline constexpr std::size_t k_token_text = 256;

/// Receives what a SqlLexer finds. Views are valid only during the call.
class SqlListener {
public:
    virtual ~SqlListener() = default;
    virtual void on_token(const Token& token) = 0;
    /// A `;` has ended the statement, which may be empty; `end` is the offset after it.
    virtual void on_statement_end(std::uint64_t end) = 0;
    virtual void on_line_comment(const LineComment& comment) = 0;
    virtual void on_meta_command(const MetaCommand& command) = 0;
};

/// Lexes SQL as psql does (src/fe_utils/psqlscan.l of PostgreSQL 16 and later), fed in pieces of
/// any size. psql lexes line by line, and so does this: no token but a quoted one or a block
/// comment continues on the next line, and standard_conforming_strings changes with the line. The
/// caller must remove COPY data.
///
/// It cannot know what only psql knows: the value of a variable, where a meta-command ends within
/// its line, and client encodings with ASCII bytes inside their characters (SJIS, BIG5, GBK, UHC,
/// GB18030).
class SqlLexer {
public:
    /// Where the lexer is.
    enum class Inside { nothing, statement, string, quoted_identifier, comment, meta_command };

    explicit SqlLexer(SqlListener& listener) : listener_(listener) {}

    /// Lexes `text` up to and including its first line end. Returns how much that was.
    std::size_t lex(std::string_view text);

    /// The stream has ended: reports what the end completes. Not a line comment without its line
    /// end: a part of it may be missing.
    void finish();

    /// Whether backslashes in a plain '…' are literal, from the next line on.
    void set_standard_strings(bool standard) noexcept { next_standard_strings_ = standard; }

    /// Skips `bytes` of the stream that were read elsewhere: COPY data, which is made of whole
    /// lines.
    void skip_lines(std::uint64_t bytes) noexcept {
        offset_ += bytes;
        line_start_ += bytes;
    }

    /// The offset of the next byte in the stream.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

    /// The offset of the current token, if there is one.
    [[nodiscard]] std::uint64_t token_start() const noexcept { return token_start_; }

    [[nodiscard]] bool at_line_start() const noexcept { return offset_ == line_start_; }

    [[nodiscard]] Inside inside() const noexcept;

private:
    enum class Mode {
        plain,
        held, ///< after a byte whose meaning depends on the next one
        identifier,
        variable,
        number,
        dollar_tag,
        dollar_body,
        quoted,
        quote_seen,   ///< after a quote that either ends or is the first of two
        continuation, ///< after a string, where a newline and a quote would continue it
        line_comment,
        block_comment,
        meta_command,
    };

    enum class Quote { standard, escape, bits, unicode, identifier };

    // Each takes from the front of `rest`, never empty, and returns how many bytes. None means that
    // another mode must look at the same byte.
    std::size_t step(std::string_view rest);
    std::size_t take_plain(std::string_view rest);
    std::size_t take_held(char next);
    std::size_t take_identifier(std::string_view rest);
    std::size_t take_variable(std::string_view rest);
    std::size_t take_number(std::string_view rest);
    std::size_t take_dollar_tag(std::string_view rest);
    std::size_t take_dollar_body(std::string_view rest);
    std::size_t take_quoted(std::string_view rest);
    std::size_t take_quote_seen(char next);
    std::size_t take_continuation(char next);
    std::size_t take_line_comment(std::string_view rest);
    std::size_t take_block_comment(char next);

    void begin(Mode mode);
    void begin_held(char c);
    void begin_quoted(Quote quote);
    void keep(std::string_view text);
    void take_symbol(char c);
    void end_line();
    void end_token();
    void end_held();
    void end_identifier();
    std::size_t end_identifier_before(char next);
    void end_quoted();
    void end_line_comment(Mode next);
    void end_meta_command();
    void give_up_dollar_tag();
    void emit(TokenKind kind, std::string_view text);

    [[nodiscard]] static bool is_string(Quote quote) noexcept { return quote != Quote::identifier; }

    [[nodiscard]] Quote plain_quote() const noexcept {
        return standard_strings_ ? Quote::standard : Quote::escape;
    }

    [[nodiscard]] std::size_t find_quote_end(std::string_view rest);

    SqlListener& listener_;
    Mode mode_ = Mode::plain;
    std::uint64_t offset_ = 0; ///< of the next byte
    std::uint64_t line_start_ = 0;
    bool in_statement_ = false;
    unsigned parentheses_ = 0;
    RoutineBody body_;

    std::string text_; ///< of the current token
    std::uint64_t token_start_ = 0;
    char held_ = '\0';
    NumberShape number_ = NumberShape::integer();
    unsigned variable_test_ = 0; ///< how much of `:{?` is directly before the next byte
    bool tests_variable_ = false;

    bool standard_strings_ = true;
    bool next_standard_strings_ = true;
    Quote quote_ = Quote::standard;
    bool escaped_ = false; ///< after a backslash in an escape string
    bool unicode_ = false; ///< the current token began with U&

    bool in_continuation_ = false;    ///< the held dash or line comment stands in one
    bool continuation_line_ = false;  ///< a carriage return, psql's newline within a line, was seen
    bool continuation_fresh_ = false; ///< nothing but empty lines since the string

    std::string dollar_tag_;
    std::size_t dollar_matched_ = 0; ///< bytes of `$tag` at the end of the body so far
    unsigned comment_depth_ = 0;
    char comment_previous_ = '\0';
};

} // namespace dbbackup::pg
