#include "pg/inventory/statement_schema.hpp"

#include "pg/inventory/created_object.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/sql/object_kind.hpp"

namespace dbbackup::pg {

namespace {

/// `[schema.]name`; the name may be an operator.
std::string schema_of_name(WordReader& reader, const ScriptStatement& statement) {
    const auto first = reader.take_name();
    return first && reader.take_symbol(".") ? *first : std::string{statement.search_schema};
}

/// For ALTER, COMMENT ON, GRANT … ON and the like.
std::string schema_of_named(const ScriptStatement& statement) {
    const std::string_view kind = statement.head.kind();
    WordReader reader = statement.head.object();
    if (kind == "schema") {
        return reader.take_name().value_or("");
    }
    if (kind == "constraint") { // of a domain: those of tables have a subject
        reader.take_name();
        return reader.take_phrase("on domain") ? schema_of_name(reader, statement) : "";
    }
    return lives_in_schema(kind) ? schema_of_name(reader, statement) : "";
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
    switch (statement.head.verb()) {
    case Verb::alter_default_privileges:
        return schema_of_default_privileges(statement.head.object());
    case Verb::alter:
    case Verb::comment:
    case Verb::grant:
    case Verb::revoke:
    case Verb::security_label:
        return schema_of_named(statement);
    default:
        return find_schema_created_in(statement.head, std::string{statement.search_schema});
    }
}

std::optional<std::string> find_extension_of(const Statement& statement) {
    const bool is_about_one = statement.is(Verb::create, "extension") ||
                              statement.is(Verb::comment, "extension") ||
                              statement.is(Verb::alter, "extension");
    return is_about_one ? statement.object().take_name() : std::nullopt;
}

} // namespace dbbackup::pg
