#include "pg/gate/dump_gate.hpp"

#include "pg/gate/allowed_statements.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

constexpr std::size_t k_shown = 60; ///< bytes of an offence that a message repeats

[[noreturn]] void refuse(std::uint64_t offset, const std::string& what) {
    throw base::Error{
        base::ErrorKind::damaged,
        fmt::format("the dump is not safe to run: at byte {} of its SQL {}",
                    base::with_thousands(offset), what),
        "pg_dump does not write this without --create, and pg_dumpall does not write dumps of one "
        "database. Use a dump that dbbackup or pg_dump made, unchanged."};
}

bool creates_routine(const Statement& statement) {
    return statement.is(Verb::create, "function") || statement.is(Verb::create, "procedure");
}

} // namespace

DumpGate::DumpGate(ScriptListener& listener)
    : listener_(listener), shape_(allowed_statements()), rows_(listener) {
}

void DumpGate::expect(std::string_view piece, std::uint64_t offset) {
    text_.show(piece, offset, listener_.longest_statement());
}

void DumpGate::settle(const SqlLexer& lexer) {
    if (lexer.at_line_start()) {
        if (awaits_rows_ && lexer.inside() != SqlLexer::Inside::nothing) {
            refuse(last_start_, "the rows of a COPY would be in the middle of something");
        }
        strings_change_ = false;
    }
    text_.settle(lexer);
}

void DumpGate::take_token(const Token& token) {
    if (awaits_rows_) {
        refuse(token.offset, "SQL follows a COPY on the same line");
    }
    if (completed_) {
        refuse(token.offset, "SQL follows pg_dump's completion line");
    }
    if (token.kind == TokenKind::symbol && token.text.starts_with('\\')) {
        refuse(token.offset, fmt::format("there is psql's '{}'",
                                         base::mark_outside(base::printable(token.text))));
    }
    if (strings_change_) {
        refuse(token.offset,
               "SQL follows a change of standard_conforming_strings on the same line");
    }
    if (token.unicode) {
        refuse(token.offset, "there are Unicode escapes (U&), which would hide what they mean");
    }
    const bool is_string = token.kind == TokenKind::string;
    if (is_string && behind_string_) {
        refuse(token.offset,
               "a string continues in another one, which not every program reads the same way");
    }
    behind_string_ = is_string;
    text_.begin_at(token.offset);
    shape_.take(token);
    library_.take(token);
}

void DumpGate::require_allowed(const Statement& statement, std::string_view sql) const {
    if (shape_.fits() || find_transaction_mark(statement)) {
        return;
    }
    const std::string offence = find_offence(statement);
    refuse(text_.start(),
           offence.empty() ? fmt::format("there is a statement that pg_dump does not write: '{}'",
                                         base::mark_outside(shown_beginning(sql)))
                           : offence);
}

void DumpGate::take_statement(std::uint64_t end, const Statement& statement,
                              std::string_view search_schema) {
    behind_string_ = false;
    if (!text_.begun()) {
        return; // only a semicolon
    }
    const std::uint64_t start = text_.start();
    const std::string_view sql = text_.up_to(end);
    const bool whole = sql.size() == end - start;
    require_allowed(statement, sql);
    if (sql.find('\0') != std::string_view::npos) {
        refuse(start, "a statement holds a NUL byte");
    }
    any_statement_ = true;
    if (const auto mark = find_transaction_mark(statement)) {
        take_transaction_mark(*mark);
    } else {
        awaits_rows_ = copies_plainly(statement);
        last_start_ = start;
        strings_change_ = find_standard_strings(statement).has_value();
        const std::string outside_file =
            creates_routine(statement) ? library_.outside_file() : std::string{};
        listener_.on_statement({sql, start, statement, whole, search_schema, outside_file});
    }
    text_.end();
    shape_.clear();
    library_.clear();
}

void DumpGate::take_transaction_mark(TransactionMark mark) {
    const bool begins = mark == TransactionMark::begin;
    if (begins == in_block_) {
        refuse(text_.start(), begins ? "there is a BEGIN within a transaction"
                                     : "there is a COMMIT without a BEGIN");
    }
    in_block_ = begins;
}

void DumpGate::take_meta_command(const MetaCommand& command, bool completed) {
    const bool ends_restriction = completed && command.text.starts_with("unrestrict ");
    const bool begins_restriction =
        !any_statement_ && !any_restrict_ && command.text.starts_with("restrict ");
    const bool harmless = (ends_restriction || begins_restriction) && command.at_line_start &&
                          !command.in_statement && !awaits_rows_ && is_restriction(command.text);
    if (!harmless) {
        // Only its first word: a \connect may have a password after it.
        const std::string_view word = command.text.substr(0, command.text.find_first_of(" \t"));
        refuse(command.offset,
               fmt::format("there is a psql command '\\{}'",
                           base::mark_outside(base::printable(word.substr(0, k_shown)))));
    }
    any_restrict_ = true;
}

void DumpGate::take_comment(const LineComment& comment) {
    if (comment.at_line_start && !comment.in_statement) {
        listener_.on_comment(comment.text);
        completed_ = completed_ || comment.text == k_completion_line;
        if (completed_ && in_block_) {
            refuse(comment.offset, "there is a BEGIN without a COMMIT");
        }
    }
}

void DumpGate::take_rows(std::string_view lines, bool ended, std::uint64_t rows_of_block) {
    awaits_rows_ = false;
    rows_.take(lines, ended, rows_of_block);
}

void DumpGate::take_nul() {
    throw base::Error{base::ErrorKind::damaged, k_nul_byte};
}

} // namespace dbbackup::pg
