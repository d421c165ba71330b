#include "pg/inventory/set_sequence.hpp"

#include "pg/sql/read_sql.hpp"
#include "pg/sql/statement_facts.hpp"

#include <utility>

namespace dbbackup::pg {

std::optional<SetSequence> find_set_value(const ScriptStatement& statement) {
    if (find_called_function(statement.head) != "setval") {
        return std::nullopt;
    }
    const Statement arguments = read_statement(text_in_parentheses(statement.sql));
    WordReader reader{arguments.words()};
    const auto word = reader.take_word();
    if (!word || word->kind != TokenKind::string) {
        return std::nullopt;
    }
    // The string is a name as in SQL, including quotes.
    const Statement argument = read_statement(word->text);
    auto name = WordReader{argument.words()}.take_qualified_name();
    if (!name) {
        return std::nullopt;
    }
    reader.take_symbol(",");
    std::string value = reader.take_symbol("-") ? "-" : "";
    if (const auto digits = reader.take_word()) {
        value += digits->text;
    }
    const bool is_called = !reader.take_symbol(",") || !reader.take_keyword("false");
    return SetSequence{.sequence = statement.qualified(std::move(*name)),
                       .value = std::move(value),
                       .is_called = is_called ? "true" : "false"};
}

std::optional<QualifiedName> find_set_sequence(const ScriptStatement& statement) {
    auto set = find_set_value(statement);
    return set ? std::optional{std::move(set->sequence)} : std::nullopt;
}

} // namespace dbbackup::pg
