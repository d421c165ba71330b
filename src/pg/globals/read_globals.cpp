#include "pg/gate/script_rules.hpp"
#include "pg/globals/globals_statement.hpp"
#include "pg/sql/sql_lexer.hpp"
#include "pg/sql/statement_text.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <string_view>

namespace dbbackup::pg {

namespace {

/// A million roles; more is no server's.
constexpr std::size_t k_most_bytes = 256U << 20U;
constexpr std::string_view k_globals_completion_line =
    "-- PostgreSQL database cluster dump complete";

class GlobalsListener : public SqlListener {
public:
    GlobalsListener(std::string_view text, Globals& globals) : text_(text), globals_(globals) {}

    void on_token(const Token& token) override {
        take_sql();
        start_ = start_.value_or(token.offset);
    }

    void on_statement_end(std::uint64_t end) override {
        take_sql();
        if (start_) {
            const std::string_view sql = text_.substr(*start_, end - 1 - *start_);
            if (refused.empty() && !read_globals_statement(sql, globals_)) {
                refused = shown_beginning(sql);
            }
        }
        start_.reset();
    }

    void on_line_comment(const LineComment& comment) override {
        is_complete = is_complete || (comment.at_line_start && !comment.in_statement &&
                                      comment.text == k_globals_completion_line);
    }

    void on_meta_command(const MetaCommand& command) override {
        take_sql();
        const bool is_alone = command.at_line_start && !command.in_statement;
        if (!is_alone || !is_restriction(command.text)) {
            refused = refused.empty() ? "a psql meta-command" : refused;
        }
    }

    bool is_complete = false;
    bool goes_on = false; ///< after the completion line
    std::string refused;

private:
    void take_sql() { goes_on = goes_on || is_complete; }

    std::string_view text_;
    Globals& globals_;
    std::optional<std::uint64_t> start_;
};

} // namespace

const GlobalRole* Globals::find_role(const std::string& name) const noexcept {
    const auto found = std::ranges::find(roles, name, &GlobalRole::name);
    return found == roles.end() ? nullptr : &*found;
}

void GlobalsReader::observe(base::Bytes bytes) {
    text_ += base::as_text(bytes);
    if (text_.size() > k_most_bytes) {
        throw base::Error{base::ErrorKind::damaged, "it is larger than any dump of roles"};
    }
}

void GlobalsReader::finish() {
    GlobalsListener listener{text_, globals_};
    SqlLexer lexer{listener};
    for (std::string_view rest = text_; !rest.empty();) {
        rest.remove_prefix(lexer.lex(rest));
    }
    lexer.finish();
    refused_ = listener.refused;
    if (text_.find('\0') != std::string::npos) {
        incompleteness_ = "it holds a NUL byte";
    } else if (listener.goes_on) {
        incompleteness_ = "there is text after pg_dumpall's completion line";
    } else if (lexer.inside() != SqlLexer::Inside::nothing) {
        incompleteness_ = "it ends in the middle of a statement";
    } else if (!listener.is_complete) {
        incompleteness_ = "it ends without pg_dumpall's completion line";
    }
    text_.clear();
}

} // namespace dbbackup::pg
