#include "pg/inventory/statement_schema.hpp"

#include "pg/inventory/created_object.hpp"
#include "pg/inventory/object_kind.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/sql/word_reader.hpp"

namespace dbbackup::pg {

namespace {

/// `[schema.]name`, of which the name may be an operator.
std::string schema_of_name(WordReader& reader, const ScriptStatement& statement) {
    const auto first = reader.take_name();
    return first && reader.take_symbol(".") ? *first : std::string{statement.search_schema};
}

/// What stands behind ALTER, COMMENT ON, GRANT … ON and the like: a kind and a name.
std::string schema_of_named(WordReader reader, const ScriptStatement& statement) {
    if (reader.take_keyword("schema")) {
        return reader.take_name().value_or("");
    }
    if (reader.take_keyword("constraint")) { // of a domain: those of tables have a subject
        reader.take_name();
        return reader.take_phrase("on domain") ? schema_of_name(reader, statement) : "";
    }
    const std::string kind = take_kind(reader);
    return !kind.empty() && lives_in_schema(kind) ? schema_of_name(reader, statement) : "";
}

std::string schema_of_default_privileges(WordReader reader) {
    return reader.skip_past("in") && reader.take_keyword("schema") ? reader.take_name().value_or("")
                                                                   : "";
}

} // namespace

std::string find_schema_of(const ScriptStatement& statement) {
    if (const auto subject = find_subject(statement)) {
        return subject->name.schema;
    }
    WordReader reader{statement.head};
    if (reader.take_phrase("alter default privileges")) {
        return schema_of_default_privileges(reader);
    }
    if (reader.take_keyword("alter") || reader.take_phrase("comment on")) {
        return schema_of_named(reader, statement);
    }
    if (reader.take_keyword("grant") || reader.take_keyword("revoke") ||
        reader.take_phrase("security label")) {
        return reader.skip_past("on") ? schema_of_named(reader, statement) : "";
    }
    return find_schema_created_in(statement.head, std::string{statement.search_schema});
}

std::optional<std::string> find_extension_of(const Statement& statement) {
    if (auto created = find_created_extension(statement)) {
        return std::move(created->name);
    }
    WordReader reader{statement};
    return reader.take_phrase("comment on extension") || reader.take_phrase("alter extension")
               ? reader.take_name()
               : std::nullopt;
}

} // namespace dbbackup::pg
