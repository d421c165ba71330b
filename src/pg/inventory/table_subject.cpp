#include "pg/inventory/table_subject.hpp"

#include "pg/inventory/set_sequence.hpp"
#include "pg/sql/object_kind.hpp"
#include "pg/sql/read_sql.hpp"
#include "pg/sql/statement_facts.hpp"

#include <utility>

namespace dbbackup::pg {

namespace {

using Kind = TableSubject::Kind;

struct Found {
    Kind kind = Kind::relation;
    std::optional<QualifiedName> name = {};
};

Found relation_past(WordReader reader, std::string_view keyword) {
    if (!reader.skip_past(keyword)) {
        return {};
    }
    take_before_name(reader);
    return {.name = reader.take_qualified_name()};
}

Found in_create(std::string_view kind, WordReader object) {
    if (is_relation(kind)) {
        return {.name = object.take_qualified_name()};
    }
    if (kind == "statistics") {
        return relation_past(object, "from");
    }
    if (kind == "index" || kind == "trigger" || kind == "policy") {
        return relation_past(object, "on");
    }
    return kind == "rule" ? relation_past(object, "to") : Found{}; // ON event TO table
}

/// For ALTER, COMMENT ON, GRANT … ON and the like.
Found named(std::string_view kind, WordReader object) {
    if (kind == "table" || kind == "index") { // or the partition that it gets
        const auto whole = object.take_qualified_name();
        const bool attaches = object.take_phrase("attach partition");
        return {.name = attaches ? object.take_qualified_name() : whole};
    }
    if (kind == "statistics") {
        return {Kind::statistics, object.take_qualified_name()};
    }
    if (kind == "column") {
        return {.name = object.take_table_of_column()};
    }
    if (kind == "constraint" || kind == "trigger" || kind == "policy" || kind == "rule") {
        object.take_name();
        const bool is_of_relation = object.take_keyword("on") && !object.take_keyword("domain");
        return is_of_relation ? Found{.name = object.take_qualified_name()} : Found{};
    }
    return is_relation(kind) ? Found{.name = object.take_qualified_name()} : Found{};
}

Found find(const ScriptStatement& statement) {
    const Statement& head = statement.head;
    switch (head.verb()) {
    case Verb::create:
        return in_create(head.kind(), head.object());
    case Verb::alter:
    case Verb::comment:
    case Verb::refresh:
    case Verb::grant: // pg_dump always says what the object is
    case Verb::revoke:
    case Verb::security_label:
        return named(head.kind(), head.object());
    case Verb::select:
        return {.name = find_set_sequence(statement)};
    case Verb::insert: {
        auto inserted = find_inserted_rows(head);
        return inserted ? Found{.name = std::move(inserted->table)} : Found{};
    }
    case Verb::copy:
        return {.name = find_copied_table(head)};
    default:
        return {};
    }
}

/// Nothing unless both are named.
std::optional<TablePart> make_part(std::string_view kind, std::optional<QualifiedName> part,
                                   std::optional<QualifiedName> table) {
    if (!part || !table) {
        return std::nullopt;
    }
    return TablePart{.kind = std::string{kind},
                     .schema = std::move(part->schema),
                     .name = std::move(part->name),
                     .table_schema = std::move(table->schema),
                     .table = std::move(table->name)};
}

std::optional<QualifiedName> name_behind(WordReader& reader, std::string_view phrase) {
    return reader.take_phrase(phrase) ? reader.take_qualified_name() : std::nullopt;
}

/// ALTER TABLE … ADD CONSTRAINT: the index for it, which has its name.
std::optional<std::string> take_index_of_constraint(WordReader reader) {
    if (!reader.take_phrase("add constraint")) {
        return std::nullopt;
    }
    auto name = reader.take_name();
    const bool has_index = reader.take_phrase("primary key") || reader.take_keyword("unique") ||
                           reader.take_keyword("exclude");
    return has_index ? name : std::nullopt;
}

/// ALTER TABLE … ADD GENERATED … AS IDENTITY ( SEQUENCE NAME …
std::optional<QualifiedName> find_identity_sequence(const ScriptStatement& statement) {
    if (!has_keywords(statement.head.words(), "as", "identity")) {
        return std::nullopt;
    }
    const Statement options = read_statement(text_in_parentheses(statement.sql));
    WordReader reader{options.words()};
    return reader.take_phrase("sequence name") ? reader.take_qualified_name() : std::nullopt;
}

std::optional<TablePart> find_part_in_alter_table(const ScriptStatement& statement) {
    WordReader reader = statement.head.object();
    const auto table = statement.qualified(reader.take_qualified_name());
    if (!table) {
        return std::nullopt;
    }
    if (auto index = take_index_of_constraint(reader)) {
        return make_part("index", QualifiedName{table->schema, std::move(*index)}, table);
    }
    if (const auto sequence = find_identity_sequence(statement)) {
        return make_part("sequence", statement.qualified(sequence), table);
    }
    return make_part("partition", statement.qualified(name_behind(reader, "attach partition")),
                     table);
}

std::optional<TablePart> find_part_in_create(const ScriptStatement& statement) {
    const std::string_view kind = statement.head.kind();
    WordReader reader = statement.head.object();
    const auto name = statement.qualified(reader.take_qualified_name());
    if (kind == "table") {
        return make_part("partition", name,
                         statement.qualified(name_behind(reader, "partition of")));
    }
    const auto table = statement.qualified(find(statement).name);
    if (kind == "index" && name && table) { // in its table's schema; its name is never qualified
        return make_part(kind, QualifiedName{table->schema, name->name}, table);
    }
    return kind == "statistics" ? make_part(kind, name, table) : std::nullopt;
}

std::optional<TablePart> find_part_in_alter_sequence(const ScriptStatement& statement) {
    WordReader reader = statement.head.object();
    const auto sequence = statement.qualified(reader.take_qualified_name());
    const auto table = reader.take_phrase("owned by") ? reader.take_table_of_column()
                                                      : std::nullopt; // also for NONE
    return make_part("sequence", sequence, statement.qualified(table));
}

} // namespace

std::optional<TableSubject> find_subject(const ScriptStatement& statement) {
    Found found = find(statement);
    auto name = statement.qualified(std::move(found.name));
    return name ? std::optional{TableSubject{found.kind, std::move(*name)}} : std::nullopt;
}

std::optional<QualifiedName> find_whole_index(const ScriptStatement& statement) {
    WordReader reader = statement.head.object();
    const auto index = statement.qualified(reader.take_qualified_name());
    const bool gets_one =
        statement.head.is(Verb::alter, "index") && reader.take_phrase("attach partition");
    return gets_one ? index : std::nullopt;
}

std::optional<TablePart> find_table_part(const ScriptStatement& statement) {
    const Statement& head = statement.head;
    if (head.verb() == Verb::create) {
        return find_part_in_create(statement);
    }
    if (head.is(Verb::alter, "table")) {
        return find_part_in_alter_table(statement);
    }
    return head.is(Verb::alter, "sequence") ? find_part_in_alter_sequence(statement) : std::nullopt;
}

std::optional<ForeignKey> find_foreign_key(const ScriptStatement& statement) {
    WordReader reader = statement.head.object();
    const auto table = statement.qualified(reader.take_qualified_name());
    if (!table || !statement.head.is(Verb::alter, "table") ||
        !reader.take_phrase("add constraint")) {
        return std::nullopt;
    }
    auto name = reader.take_name();
    const bool refers = reader.take_phrase("foreign key") && reader.skip_past("references");
    const auto onto = statement.qualified(refers ? reader.take_qualified_name() : std::nullopt);
    return name && onto
               ? std::optional{ForeignKey{
                     std::move(*name), {table->schema, table->name}, {onto->schema, onto->name}}}
               : std::nullopt;
}

} // namespace dbbackup::pg
