#pragma once

#include "pg/script_listener.hpp"
#include "pg/sql_lexer.hpp"
#include "pg/statement_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// The gate of a restore: makes a script of what DumpScanner comes across, and lets SQL and rows
/// through alone. Everything that only psql would understand ends the scan with
/// base::Error{damaged}; of psql's commands only the `\restrict` at the very beginning and the
/// `\unrestrict` at the very end, in pg_dump's own form, are taken, and left out.
class ScriptReader {
public:
    explicit ScriptReader(ScriptListener& listener) : listener_(listener) {}

    /// `piece` is about to be lexed, at most one line.
    void expect(std::string_view piece, std::uint64_t offset);
    /// It has been.
    void settle(SqlLexer::Inside inside);

    void take_token(const Token& token);
    void take_statement(std::uint64_t end, const Statement& statement);
    /// `completed`: pg_dump's completion line has passed.
    void take_meta_command(const MetaCommand& command, bool completed);
    void take_comment(const LineComment& comment);
    /// `lines` of a COPY block passed; with the last ones, `\.` included, it `ended`.
    void take_rows(std::string_view lines, bool ended, std::uint64_t rows_of_block);

private:
    void pass_rows(std::string_view rows);

    ScriptListener& listener_;
    StatementText text_;
    bool completed_ = false;
    bool any_statement_ = false;
    bool any_restrict_ = false;
    bool awaits_rows_ = false; ///< a COPY statement has ended, its rows come in the next line
    bool at_row_start_ = true;
    std::string held_; ///< the beginning of a row that may turn out to be the `\.`
};

} // namespace dbbackup::pg
