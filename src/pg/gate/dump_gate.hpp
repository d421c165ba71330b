#pragma once

#include "pg/gate/routine_library.hpp"
#include "pg/gate/script_rules.hpp"
#include "pg/gate/statement_shape.hpp"
#include "pg/scan/copied_rows.hpp"
#include "pg/scan/script_tap.hpp"
#include "pg/sql/script_listener.hpp"
#include "pg/sql/sql_lexer.hpp"
#include "pg/sql/statement_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dbbackup::pg {

/// The gate of a restore: makes a script of what DumpScanner finds, and lets only rows and the
/// statements of allowed_statements() through. Everything that only psql would understand ends the
/// scan with base::Error{damaged}. The only psql commands accepted, and omitted, are the
/// `\restrict` at the very beginning and the `\unrestrict` at the very end, in pg_dump's own form.
/// The BEGIN and COMMIT around large objects are omitted too. What programs may read differently,
/// and pg_dump never writes, ends the scan too: strings continued after a line's end, SQL after a
/// COPY or after a change of standard_conforming_strings in the same line.
class DumpGate : public ScriptTap {
public:
    explicit DumpGate(ScriptListener& listener);

    void expect(std::string_view piece, std::uint64_t offset) override;
    void settle(const SqlLexer& lexer) override;
    void take_token(const Token& token) override;
    void take_statement(std::uint64_t end, const Statement& statement,
                        std::string_view search_schema) override;
    void take_meta_command(const MetaCommand& command, bool completed) override;
    void take_comment(const LineComment& comment) override;
    void take_rows(std::string_view lines, bool ended, std::uint64_t rows_of_block) override;
    [[noreturn]] void take_nul() override;

private:
    void require_allowed(const Statement& statement, std::string_view sql) const;
    void take_transaction_mark(TransactionMark mark);

    ScriptListener& listener_;
    StatementText text_;
    StatementShape shape_;
    RoutineLibrary library_;
    CopiedRows rows_;
    std::uint64_t last_start_ = 0; ///< of the last statement
    bool completed_ = false;
    bool any_statement_ = false;
    bool any_restrict_ = false;
    bool in_block_ = false;       ///< between BEGIN and COMMIT
    bool behind_string_ = false;  ///< the previous token was one
    bool strings_change_ = false; ///< from the next line on
    bool awaits_rows_ = false;    ///< a COPY statement has ended, its rows come in the next line
};

} // namespace dbbackup::pg
