#include "pg/sql/statement.hpp"

#include "pg/sql/sql_chars.hpp"
#include "pg/sql/word_reader.hpp"

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

std::string in_lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), to_lower);
    return text;
}

struct CopiedRows {
    QualifiedName table;
    bool is_plain = false;
};

std::optional<CopiedRows> find_copied_rows(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("copy")) {
        return std::nullopt;
    }
    const bool binary = reader.take_keyword("binary");
    const auto table = reader.take_qualified_name();
    if (!table || (reader.take_symbol("(") && !reader.take_symbol(")"))) {
        return std::nullopt;
    }
    reader.take_keywords({"with", "oids"}); // pg_dump --oids, before 12
    if (!reader.take_keyword("from")) {
        return std::nullopt;
    }
    const bool from_stdin = reader.take_keyword("stdin");
    // The server takes STDOUT for STDIN here, so that rows follow either way.
    if (!from_stdin && !reader.take_keyword("stdout")) {
        return std::nullopt;
    }
    return CopiedRows{*table, from_stdin && !binary && reader.at_end()};
}

class TokenListener : public SqlListener {
public:
    void on_statement_end(std::uint64_t) override {}

    void on_line_comment(const LineComment&) override {}

    void on_meta_command(const MetaCommand&) override {}
};

class StatementListener : public TokenListener {
public:
    void on_token(const Token& token) override { statement.add(token); }

    Statement statement;
};

class NameListener : public TokenListener {
public:
    void on_token(const Token& token) override {
        if (token.kind == TokenKind::identifier) {
            names.push_back(in_lower_case(std::string{token.text}));
        } else if (token.kind == TokenKind::quoted_identifier) {
            names.emplace_back(token.text);
        }
    }

    std::vector<std::string> names;
};

void lex(std::string_view sql, TokenListener& listener) {
    SqlLexer lexer{listener};
    while (!sql.empty()) {
        sql.remove_prefix(lexer.lex(sql));
    }
    lexer.finish();
}

} // namespace

void Statement::add(const Token& token) {
    if (token.depth > 0) {
        return;
    }
    groups_ += token.kind == TokenKind::symbol && token.text == "(" ? 1 : 0;
    if (words_.size() < k_words_kept) {
        const bool folds = token.kind == TokenKind::identifier;
        std::string text{token.text};
        words_.push_back({token.kind, folds ? in_lower_case(std::move(text)) : std::move(text)});
    }
}

void Statement::clear() noexcept {
    words_.clear();
    groups_ = 0;
}

Statement read_statement(std::string_view sql) {
    StatementListener listener;
    lex(sql, listener);
    return listener.statement;
}

std::vector<std::string> read_names(std::string_view list) {
    NameListener listener;
    lex(list, listener);
    return listener.names;
}

std::string_view text_in_parentheses(std::string_view sql) {
    std::size_t start = 0;
    unsigned depth = 0;
    char quote = '\0';
    for (std::size_t at = 0; at < sql.size(); ++at) {
        const char c = sql[at];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' && depth++ == 0) {
            start = at + 1;
        } else if (c == ')' && depth > 0 && --depth == 0) {
            return sql.substr(start, at - start);
        }
    }
    return {};
}

std::optional<QualifiedName> find_copied_table(const Statement& statement) {
    const auto copied = find_copied_rows(statement);
    return copied ? std::optional{copied->table} : std::nullopt;
}

bool copies_plainly(const Statement& statement) {
    const auto copied = find_copied_rows(statement);
    return copied && copied->is_plain;
}

std::optional<QualifiedName> find_created_table(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keyword("create")) {
        return std::nullopt;
    }
    reader.take_keyword("unlogged");
    if (!reader.take_keyword("table") || has_keywords(statement, "partition", "by")) {
        return std::nullopt;
    }
    reader.take_keywords({"if", "not", "exists"});
    return reader.take_qualified_name();
}

std::optional<std::string> find_created_schema(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keywords({"create", "schema"})) {
        return std::nullopt;
    }
    reader.take_keywords({"if", "not", "exists"});
    reader.take_keyword("authorization"); // without a name of its own it has its owner's
    return reader.take_name();
}

std::optional<Assignment> find_assignment(const Statement& statement) {
    WordReader reader{statement};
    const bool resets = reader.take_keyword("reset");
    if (!resets) {
        if (!reader.take_keyword("set")) {
            return std::nullopt;
        }
        if (!reader.take_keyword("session")) {
            reader.take_keyword("local");
        }
    }
    const auto name = reader.take_name();
    if (!name ||
        !(resets ? reader.at_end() : reader.take_symbol("=") || reader.take_keyword("to"))) {
        return std::nullopt;
    }
    const auto value = reader.take_word();
    return Assignment{in_lower_case(*name), value ? std::optional{value->text} : std::nullopt};
}

std::optional<std::string> find_setting(const Statement& statement, std::string_view name) {
    const auto assignment = find_assignment(statement);
    return assignment && assignment->parameter == name ? assignment->value : std::nullopt;
}

std::optional<bool> find_standard_strings(const Statement& statement) {
    static constexpr std::array<std::string_view, 5> k_off = {"off", "false", "no", "0", "f"};
    const auto value = find_setting(statement, "standard_conforming_strings");
    return value ? std::optional{std::none_of(
                       k_off.begin(), k_off.end(),
                       [&](std::string_view off) { return equals_folded(*value, off); })}
                 : std::nullopt;
}

std::string find_called_function(const Statement& statement) {
    WordReader reader{statement};
    const auto function =
        reader.take_keyword("select") ? reader.take_qualified_name() : std::nullopt;
    return function && reader.take_symbol("(") ? function->name : "";
}

bool creates_large_object(const Statement& statement) {
    const std::string function = find_called_function(statement);
    return function == "lo_create" || function == "lo_from_bytea";
}

std::optional<InsertedRows> find_inserted_rows(const Statement& statement) {
    WordReader reader{statement};
    if (!reader.take_keywords({"insert", "into"})) {
        return std::nullopt;
    }
    const auto table = reader.take_qualified_name();
    if (!table) {
        return std::nullopt;
    }
    // pg_dump --rows-per-insert writes VALUES (…), (…): more of them than words are kept.
    const std::size_t behind_table = reader.rest().size();
    reader.skip_past("values");
    const auto words =
        statement.words().last(behind_table).first(behind_table - reader.rest().size());
    const auto before_values = static_cast<std::uint64_t>(
        std::ranges::count_if(words, [](const auto& word) { return is_symbol(word, "("); }));
    return InsertedRows{*table, std::max<std::uint64_t>(1, statement.groups() - before_values)};
}

} // namespace dbbackup::pg
