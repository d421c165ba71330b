#include "pg/gate/dump_gate.hpp"
#include "pg/scan/contents_collector.hpp"
#include "pg/scan/copy_data.hpp"
#include "pg/scan/dump_ending.hpp"
#include "pg/scan/unchecked_script.hpp"
#include "pg/sql/client_encoding.hpp"
#include "pg/sql/sql_lexer.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <optional>

namespace dbbackup::pg {

struct DumpScanner::State : SqlListener {
    void observe(std::string_view text);
    void read(std::string_view text);

    void on_token(const Token& token) override;
    void on_statement_end(std::uint64_t end) override;

    void on_line_comment(const LineComment& comment) override;

    void on_meta_command(const MetaCommand& command) override;

    void lex(std::string_view& text);
    void take_rows(std::string_view& text);
    void expect_rows(const QualifiedName& name);
    std::string table_with_rows() const;
    std::string open_end() const;

    std::unique_ptr<ScriptTap> script; ///< only with a listener
    SqlLexer lexer{*this};
    Statement statement;
    CopyData copy_data;
    DumpEnding ending;
    ContentsCollector collector;
    /// Tables whose rows come next: more than one if a line holds several COPY statements.
    std::deque<std::size_t> awaiting_rows;
    std::uint64_t rows = 0;
    bool is_empty = true;
    bool has_nul = false;
    std::uint64_t rows_before_block = 0; ///< of the table whose rows are being read
    std::string unsafe_encoding;         ///< that the dump is in, or empty
};

void DumpScanner::State::observe(std::string_view text) {
    is_empty = is_empty && text.empty();
    const std::size_t nul = text.find('\0');
    has_nul = has_nul || nul != std::string_view::npos;
    if (nul != std::string_view::npos && script) {
        read(text.substr(0, nul));
        script->take_nul();
        text.remove_prefix(nul);
    }
    read(text);
}

void DumpScanner::State::read(std::string_view text) {
    while (!text.empty()) {
        if (!awaiting_rows.empty() && lexer.at_line_start()) {
            take_rows(text);
        } else {
            lex(text);
        }
    }
}

void DumpScanner::State::lex(std::string_view& text) {
    if (!script) {
        text.remove_prefix(lexer.lex(text));
        return;
    }
    const std::size_t line_end = text.find('\n');
    const std::string_view piece =
        text.substr(0, line_end == std::string_view::npos ? line_end : line_end + 1);
    script->expect(piece, lexer.offset());
    text.remove_prefix(lexer.lex(piece));
    script->settle(lexer);
}

/// psql reads the rows from the line after the COPY statement; the rest of the statement's line is
/// lexed as SQL.
void DumpScanner::State::take_rows(std::string_view& text) {
    ScannedTable& table = collector.table(awaiting_rows.front());
    const std::uint64_t rows_before = table.rows;
    const std::size_t taken = copy_data.take(text, table);
    rows += table.rows - rows_before;
    lexer.skip_lines(taken);
    if (script) {
        script->take_rows(text.substr(0, taken), copy_data.ended(), table.rows - rows_before_block);
    }
    text.remove_prefix(taken);
    if (copy_data.ended()) {
        awaiting_rows.pop_front();
        copy_data.begin();
        rows_before_block = awaiting_rows.empty() ? 0 : collector.table(awaiting_rows.front()).rows;
    }
}

void DumpScanner::State::on_token(const Token& token) {
    ending.take_sql();
    statement.add(token);
    if (script) {
        script->take_token(token);
    }
}

void DumpScanner::State::on_line_comment(const LineComment& comment) {
    ending.take(comment);
    if (script) {
        script->take_comment(comment);
    }
}

void DumpScanner::State::on_statement_end(std::uint64_t end) {
    ending.take_sql();
    statement.end();
    if (script) {
        script->take_statement(end, statement, collector.search_schema());
    }
    if (const auto copied = find_copied_table(statement)) {
        expect_rows(*copied);
    } else {
        collector.take(statement);
    }
    if (const auto standard = find_standard_strings(statement)) {
        lexer.set_standard_strings(*standard);
    } else if (const auto encoding = find_setting(statement, "client_encoding")) {
        unsafe_encoding = is_unsafe_encoding(*encoding) ? *encoding : unsafe_encoding;
    }
    statement.clear();
}

void DumpScanner::State::on_meta_command(const MetaCommand& command) {
    if (script) {
        script->take_meta_command(command, ending.completed());
    }
    ending.take(command);
    if (command.text.starts_with("connect ")) {
        lexer.set_standard_strings(true); // a new session begins with the server's default
    }
}

void DumpScanner::State::expect_rows(const QualifiedName& name) {
    const std::size_t table = collector.take_copy(name);
    if (awaiting_rows.empty()) {
        rows_before_block = collector.table(table).rows;
    }
    awaiting_rows.push_back(table);
}

std::string DumpScanner::State::table_with_rows() const {
    if (awaiting_rows.empty()) {
        return {};
    }
    const ScannedTable& table = collector.contents().tables[awaiting_rows.front()];
    return base::printable(base::dotted_name(table.schema, table.name));
}

/// What is still open at the stream's end, or nothing.
std::string DumpScanner::State::open_end() const {
    if (!awaiting_rows.empty()) {
        return "it ends inside the rows of " + table_with_rows();
    }
    switch (lexer.inside()) {
    case SqlLexer::Inside::string:
        return "it ends inside a quoted string";
    case SqlLexer::Inside::quoted_identifier:
        return "it ends inside a quoted name";
    case SqlLexer::Inside::comment:
        return "it ends inside a comment";
    case SqlLexer::Inside::statement:
        return "it ends in the middle of a statement";
    case SqlLexer::Inside::meta_command:
    case SqlLexer::Inside::nothing:
        return {};
    }
    return {};
}

DumpScanner::DumpScanner() : state_(std::make_unique<State>()) {
}

DumpScanner::DumpScanner(ScriptListener& script, Gate gate) : DumpScanner() {
    if (gate == Gate::closed) {
        state_->script = std::make_unique<DumpGate>(script);
    } else {
        state_->script = std::make_unique<UncheckedScript>(script);
    }
}

DumpScanner::~DumpScanner() = default;

void DumpScanner::observe(base::Bytes bytes) {
    state_->observe(base::as_text(bytes));
}

void DumpScanner::finish() {
    state_->lexer.finish();
}

std::string DumpScanner::incompleteness() const {
    if (state_->is_empty) {
        return "it is empty";
    }
    if (state_->has_nul) {
        return k_nul_byte;
    }
    if (!state_->unsafe_encoding.empty()) {
        return fmt::format("it is in the encoding {}, whose characters can contain quotes, so its "
                           "end cannot be found; UTF8 is safe",
                           base::printable(state_->unsafe_encoding));
    }
    const std::string open_end = state_->open_end();
    return open_end.empty() ? state_->ending.defect() : open_end;
}

const DumpContents& DumpScanner::contents() const noexcept {
    return state_->collector.contents();
}

std::string DumpScanner::current_table() const {
    return state_->table_with_rows();
}

std::uint64_t DumpScanner::rows_of_current_table() const noexcept {
    if (state_->awaiting_rows.empty()) {
        return 0;
    }
    return state_->collector.table(state_->awaiting_rows.front()).rows - state_->rows_before_block;
}

std::uint64_t DumpScanner::rows() const noexcept {
    return state_->rows;
}

} // namespace dbbackup::pg
