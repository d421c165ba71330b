#include "pg/scan/unchecked_script.hpp"

namespace dbbackup::pg {

void UncheckedScript::expect(std::string_view piece, std::uint64_t offset) {
    text_.show(piece, offset, listener_.longest_statement());
}

void UncheckedScript::settle(const SqlLexer& lexer) {
    text_.settle(lexer);
}

void UncheckedScript::take_token(const Token& token) {
    text_.begin_at(token.offset);
}

void UncheckedScript::take_statement(std::uint64_t end, const Statement& statement,
                                     std::string_view search_schema) {
    if (!text_.begun()) {
        return; // only a semicolon
    }
    const std::uint64_t start = text_.start();
    const std::string_view sql = text_.up_to(end);
    listener_.on_statement({.sql = sql,
                            .offset = start,
                            .head = statement,
                            .sql_is_whole = sql.size() == end - start,
                            .search_schema = search_schema});
    text_.end();
}

void UncheckedScript::take_comment(const LineComment& comment) {
    if (comment.at_line_start && !comment.in_statement) {
        listener_.on_comment(comment.text);
    }
}

void UncheckedScript::take_rows(std::string_view lines, bool ended, std::uint64_t rows_of_block) {
    rows_.take(lines, ended, rows_of_block);
}

} // namespace dbbackup::pg
