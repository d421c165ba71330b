// For any bytes, only single SQL statements and rows pass the gate of a restore: each statement,
// read alone, is one from beginning to end, contains no psql command and no string that continues
// in another, and is one that pg_dump writes; nothing between them is lost. However a stream is
// split into chunks, the result is the same.

#include "pg/gate/allowed_statements.hpp"
#include "pg/gate/script_rules.hpp"
#include "pg/gate/statement_shape.hpp"
#include "pg/sql/sql_lexer.hpp"
#include "pg/sql/statement_facts.hpp"
#include "unit/pg/read_script.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

using namespace dbbackup;

namespace {

void require(bool condition, const char* what, std::string_view text) {
    if (!condition) {
        std::fprintf(stderr, "violated: %s: '%.*s'\n", what, static_cast<int>(text.size()),
                     text.data());
        std::abort();
    }
}

/// Reads text alone, as the gate should have done.
class Reading : public pg::SqlListener {
public:
    Reading(std::string_view text, bool standard_strings) : text_(text) {
        pg::SqlLexer lexer{*this};
        lexer.set_standard_strings(standard_strings); // from the next line on
        lexer.lex("\n");
        start_ = lexer.offset();
        for (std::string_view rest = text; !rest.empty();) {
            rest.remove_prefix(lexer.lex(rest));
        }
        lexer.finish();
        inside_ = lexer.inside();
    }

    void on_token(const pg::Token& token) override {
        const bool is_string = token.kind == pg::TokenKind::string;
        require(!(is_string && behind_string_), "no string goes on", text_);
        require(token.kind != pg::TokenKind::symbol || token.text.front() != '\\',
                "no symbol of psql's own", text_);
        behind_string_ = is_string;
        statement.add(token);
        shape_.take(token);
    }

    void on_statement_end(std::uint64_t end) override {
        ++ends_;
        end_ = end - start_;
        behind_string_ = false;
        if (ends_ > 1 || statement.words().empty()) {
            return;
        }
        statement.end();
        allowed_ = shape_.fits();
    }

    void on_line_comment(const pg::LineComment&) override {}

    void on_meta_command(const pg::MetaCommand& command) override {
        require(pg::is_restriction(command.text), "no command of psql", text_);
        ++restrictions_;
    }

    void require_single_statement() const {
        require(ends_ == 1 && end_ == text_.size(), "a single statement to its end", text_);
        require(inside_ == pg::SqlLexer::Inside::nothing, "nothing stays open", text_);
        require(restrictions_ == 0, "no command of psql", text_);
        require(pg::find_offence(statement).empty(), "no offence", text_);
        require(allowed_, "pg_dump writes it", text_);
        require(!pg::find_transaction_mark(statement), "no BEGIN or COMMIT", text_);
    }

    pg::Statement statement;

private:
    std::string_view text_;
    std::uint64_t start_ = 0;
    std::uint64_t end_ = 0;
    unsigned ends_ = 0;
    unsigned restrictions_ = 0;
    bool behind_string_ = false;
    pg::StatementShape shape_{pg::allowed_statements()};
    bool allowed_ = false;
    pg::SqlLexer::Inside inside_ = pg::SqlLexer::Inside::nothing;
};

/// Between statements there are only comments, semicolons, BEGIN, COMMIT and restrictions.
void require_nothing_lost(std::string_view gap, bool standard_strings) {
    const Reading reading{gap, standard_strings};
    for (const auto& word : reading.statement.words()) {
        require(word.kind == pg::TokenKind::identifier &&
                    (word.text == "begin" || word.text == "commit" || word.text == "\xEF\xBB\xBF"),
                "nothing is lost between statements", gap);
    }
}

/// The rows of the block that begins on the line after `text`'s first: taken from `rows`.
std::size_t skip_block(std::string_view text, std::string_view& rows) {
    const std::size_t first = text.find('\n') + 1;
    std::size_t at = first;
    while (true) {
        const std::size_t line_end = text.find('\n', at);
        require(line_end != std::string_view::npos, "a block that ended has its end", text);
        const std::string_view line = text.substr(at, line_end + 1 - at);
        at = line_end + 1;
        if (line == "\\.\n" || line == "\\.\r\n") {
            break;
        }
        require(rows.starts_with(line), "rows come as they are", text);
        rows.remove_prefix(line.size());
    }
    const std::size_t mark_end = rows.find('>');
    require(rows.starts_with('<') && mark_end != std::string_view::npos, "a count ends rows", text);
    rows.remove_prefix(mark_end + 1);
    return at;
}

void require_pure(std::string_view text, const pg::Script& script) {
    bool standard_strings = true;
    std::size_t at = 0;
    std::string_view rows = script.rows;
    for (std::size_t i = 0; i < script.statements.size(); ++i) {
        const std::string& sql = script.statements[i];
        const auto offset = static_cast<std::size_t>(script.offsets[i]);
        require(offset >= at && text.substr(offset, sql.size()) == sql, "text as it is", sql);
        require(sql.find('\0') == std::string::npos, "no NUL", sql);
        if (at > 0 || !text.starts_with("\xEF\xBB\xBF")) {
            require_nothing_lost(text.substr(at, offset - at), standard_strings);
        }
        const Reading reading{sql, standard_strings};
        reading.require_single_statement();
        at = offset + sql.size();
        standard_strings = pg::find_standard_strings(reading.statement).value_or(standard_strings);
        const bool is_last = i + 1 == script.statements.size();
        if (pg::find_copied_table(reading.statement) && !is_last) {
            at += skip_block(text.substr(at), rows);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    // The last two bytes choose the splits, so that a seed is a dump and nothing else.
    const std::size_t head = size < 2 ? 1 : data[size - 1] * size / 255 + 1;
    const std::size_t chunk = size < 2 ? 1 : data[size - 2] + 1U;

    const pg::Script whole = pg::read_script(text);
    require(whole == pg::read_script(text, head, chunk), "chunks do not matter", text);
    require(pg::read_script(text, head, chunk, 40) == pg::read_script(text, size, 1, 40),
            "chunks do not matter to cut statements", text);
    require_pure(text, whole);
    return 0;
}
