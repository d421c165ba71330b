#include "pg/inventory/created_object.hpp"

#include "pg/inventory/table_subject.hpp"
#include "pg/sql/object_kind.hpp"
#include "pg/sql/read_sql.hpp"
#include "pg/sql/sql_text.hpp"
#include "pg/sql/statement_facts.hpp"

#include <algorithm>
#include <charconv>

namespace dbbackup::pg {

namespace {

bool creates_object(const Statement& statement) {
    return statement.verb() == Verb::create && is_object_kind(statement.kind());
}

/// `[schema.]===`: symbols come one byte at a time.
QualifiedName take_operator(WordReader& reader) {
    QualifiedName found;
    if (auto schema = reader.take_name(); schema && reader.take_symbol(".")) {
        found.schema = std::move(*schema);
    }
    for (auto word = reader.take_word(); word && !is_symbol(*word, "(");
         word = reader.take_word()) {
        found.name += word->text;
    }
    return found;
}

/// An index is in the schema of its table.
QualifiedName take_index(WordReader& reader) {
    QualifiedName index;
    if (auto name = reader.take_name()) {
        index.name = std::move(*name);
        reader.skip_past("on");
        reader.take_keyword("only");
        index.schema = reader.take_qualified_name().value_or(QualifiedName{}).schema;
    }
    return index;
}

std::string transform_name(std::string_view sql) {
    const std::size_t start = sql.find("FOR ");
    const std::size_t end = std::min(sql.find(" (", start), sql.find(" IS ", start));
    return start == std::string_view::npos ? std::string{}
                                           : std::string{sql.substr(start, end - start)};
}

} // namespace

std::string name_between_types(const ScriptStatement& statement) {
    return normalized_types(statement.head.kind() == "cast" ? text_in_parentheses(statement.sql)
                                                            : transform_name(statement.sql));
}

std::optional<DumpObject> find_created_object(const ScriptStatement& statement) {
    if (!creates_object(statement.head)) {
        return std::nullopt;
    }
    DumpObject object{.kind = std::string{statement.head.kind()}, .schema = {}, .name = {}};
    WordReader reader = statement.head.object();
    QualifiedName name;
    if (object.kind == "cast" || object.kind == "transform") {
        name.name = name_between_types(statement);
    } else if (object.kind == "operator") {
        name = take_operator(reader);
    } else if (object.kind == "index") {
        name = take_index(reader);
    } else {
        name = reader.take_qualified_name().value_or(QualifiedName{});
    }
    object.schema = name.schema.empty() && lives_in_schema(object.kind)
                        ? std::string{statement.search_schema}
                        : std::move(name.schema);
    object.name = std::move(name.name);
    return object.name.empty() ? std::nullopt : std::optional{std::move(object)};
}

std::string find_schema_created_in(const Statement& statement, const std::string& search_schema) {
    if (auto schema = find_created_schema(statement)) {
        return *schema;
    }
    if (statement.verb() != Verb::create) {
        return {};
    }
    const ScriptStatement created{
        .sql = {}, .offset = 0, .head = statement, .search_schema = search_schema};
    if (creates_object(statement)) {
        const auto object = find_created_object(created);
        return object ? object->schema : "";
    }
    const auto subject = find_subject(created); // a trigger, rule or policy is where its table is
    return subject ? subject->name.schema : "";
}

std::optional<DumpedExtension> find_created_extension(const Statement& statement) {
    if (!statement.is(Verb::create, "extension")) {
        return std::nullopt;
    }
    WordReader reader = statement.object();
    DumpedExtension extension{.name = reader.take_name().value_or(""), .schema = {}};
    if (reader.skip_past("schema")) {
        extension.schema = reader.take_name().value_or("");
    }
    return extension;
}

std::optional<std::uint32_t> find_oid(std::string_view arguments) {
    const std::size_t start = arguments.find_first_of("0123456789");
    std::uint32_t oid = 0;
    if (start != std::string_view::npos) {
        std::from_chars(arguments.data() + start, arguments.data() + arguments.size(), oid);
    }
    return oid == 0 ? std::nullopt : std::optional{oid};
}

std::optional<std::uint32_t> find_created_large_object(const ScriptStatement& statement) {
    return creates_large_object(statement.head) ? find_oid(text_in_parentheses(statement.sql))
                                                : std::nullopt;
}

} // namespace dbbackup::pg
