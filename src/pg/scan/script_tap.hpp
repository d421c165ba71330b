#pragma once

#include "pg/sql/sql_lexer.hpp"
#include "pg/sql/statement.hpp"

#include <cstdint>
#include <string_view>

namespace dbbackup::pg {

/// Why a dump with a NUL byte is not complete; safe to print.
inline constexpr const char* k_nul_byte = "it contains a NUL byte, which no SQL dump does";

/// Makes a script (ScriptListener) of what DumpScanner finds.
class ScriptTap {
public:
    virtual ~ScriptTap() = default;

    /// `piece` is about to be lexed, at most one line.
    virtual void expect(std::string_view piece, std::uint64_t offset) = 0;
    /// It has been, by `lexer`.
    virtual void settle(const SqlLexer& lexer) = 0;

    virtual void take_token(const Token& token) = 0;
    /// `search_schema` is as in ScriptStatement.
    virtual void take_statement(std::uint64_t end, const Statement& statement,
                                std::string_view search_schema) = 0;
    /// `completed`: pg_dump's completion line has passed.
    virtual void take_meta_command(const MetaCommand& command, bool completed) = 0;
    virtual void take_comment(const LineComment& comment) = 0;
    /// `lines` of a COPY block passed; with the last ones, `\.` included, it `ended`.
    virtual void take_rows(std::string_view lines, bool ended, std::uint64_t rows_of_block) = 0;
    /// A NUL byte comes next.
    virtual void take_nul() = 0;
};

} // namespace dbbackup::pg
