#include "pg/table_selection.hpp"

#include "pg/word_reader.hpp"

namespace dbbackup::pg {

namespace {

/// The table, or the object of a table, that a statement is about.
std::optional<QualifiedName> find_subject(const Statement& statement) {
    WordReader reader{statement};
    if (auto copied = find_copied_table(statement)) {
        return copied;
    }
    if (reader.take_keyword("create")) {
        reader.take_keyword("unlogged");
        if (reader.take_keyword("table") || reader.take_keyword("sequence")) {
            return reader.take_qualified_name();
        }
        // CREATE [UNIQUE] INDEX … ON t, TRIGGER … ON t, POLICY … ON t, STATISTICS … FROM t,
        // RULE … ON event TO t
        const bool is_rule = WordReader{statement}.take_keywords({"create", "rule"});
        const bool is_statistics = WordReader{statement}.take_keywords({"create", "statistics"});
        if (!reader.skip_past(is_rule ? "to" : is_statistics ? "from" : "on")) {
            return std::nullopt;
        }
        reader.take_keyword("only");
        return reader.take_qualified_name();
    }
    if (reader.take_keyword("alter")) {
        if (reader.take_keyword("table") || reader.take_keyword("sequence")) {
            reader.take_keyword("only");
            return reader.take_qualified_name();
        }
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

TableSelection::TableSelection(const std::vector<std::string>& tables)
    : tables_(tables.begin(), tables.end()) {
}

bool TableSelection::wants_table(const QualifiedName& table) const {
    return tables_.contains(table.name) || tables_.contains(table.schema + "." + table.name);
}

bool TableSelection::wants(const ScriptStatement& statement) {
    return tables_.empty() || wants_statement(statement.head);
}

bool TableSelection::wants_statement(const Statement& statement) {
    if (WordReader{statement}.take_keyword("set")) {
        return true;
    }
    const auto subject = find_subject(statement);
    return subject && wants_table(*subject);
}

} // namespace dbbackup::pg
