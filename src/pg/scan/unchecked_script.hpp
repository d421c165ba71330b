#pragma once

#include "pg/scan/copied_rows.hpp"
#include "pg/scan/script_tap.hpp"
#include "pg/sql/script_listener.hpp"
#include "pg/sql/statement_text.hpp"

#include <cstdint>
#include <string_view>

namespace dbbackup::pg {

/// The script of a dump that is only read: it refuses nothing, so nothing of it may be run.
class UncheckedScript : public ScriptTap {
public:
    explicit UncheckedScript(ScriptListener& listener) : listener_(listener), rows_(listener) {}

    void expect(std::string_view piece, std::uint64_t offset) override;
    void settle(const SqlLexer& lexer) override;
    void take_token(const Token& token) override;
    void take_statement(std::uint64_t end, const Statement& statement,
                        std::string_view search_schema) override;

    void take_meta_command(const MetaCommand&, bool) override {}

    void take_comment(const LineComment& comment) override;
    void take_rows(std::string_view lines, bool ended, std::uint64_t rows_of_block) override;

    void take_nul() override {}

private:
    ScriptListener& listener_;
    StatementText text_;
    CopiedRows rows_;
};

} // namespace dbbackup::pg
