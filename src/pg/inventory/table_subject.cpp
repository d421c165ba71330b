#include "pg/inventory/table_subject.hpp"

#include "pg/inventory/object_kind.hpp"
#include "pg/inventory/set_sequence.hpp"
#include "pg/sql/word_reader.hpp"

#include <array>

namespace dbbackup::pg {

namespace {

using Kind = TableSubject::Kind;

struct Found {
    Kind kind = Kind::relation;
    std::optional<QualifiedName> name = {};
};

Found relation(WordReader& reader) {
    reader.take_phrase("if exists");
    reader.take_phrase("if not exists");
    reader.take_keyword("only");
    return {.name = reader.take_qualified_name()};
}

Found relation_past(WordReader reader, std::string_view keyword) {
    return reader.skip_past(keyword) ? relation(reader) : Found{};
}

/// Behind CREATE.
Found in_create(WordReader reader) {
    const std::string kind = take_kind(reader);
    if (is_relation(kind)) {
        return relation(reader);
    }
    if (kind == "statistics") {
        return relation_past(reader, "from");
    }
    reader.take_keyword("constraint");
    if (kind == "index" ||
        (kind.empty() && (reader.take_keyword("trigger") || reader.take_keyword("policy")))) {
        return relation_past(reader, "on");
    }
    // ON event TO table
    return kind.empty() && reader.take_keyword("rule") ? relation_past(reader, "to") : Found{};
}

/// A table or an index, or the partition that it gets.
Found in_alter_table(WordReader& reader) {
    const Found whole = relation(reader);
    return reader.take_phrase("attach partition") ? relation(reader) : whole;
}

/// What stands behind ALTER, COMMENT ON and the like: a kind and a name.
Found named(WordReader reader) {
    if (reader.take_keyword("table") || reader.take_keyword("index")) {
        return in_alter_table(reader);
    }
    if (reader.take_keyword("statistics")) {
        return {Kind::statistics, reader.take_qualified_name()};
    }
    if (reader.take_keyword("column")) {
        return {.name = reader.take_table_of_column()};
    }
    for (const std::string_view part : {"constraint", "trigger", "policy", "rule"}) {
        if (reader.take_keyword(part)) {
            reader.take_name();
            return reader.take_keyword("on") && !reader.take_keyword("domain") ? relation(reader)
                                                                               : Found{};
        }
    }
    return is_relation(take_kind(reader)) ? relation(reader) : Found{};
}

/// Behind GRANT and REVOKE. pg_dump always says what the object is.
Found in_grant(WordReader reader) {
    const bool is_relation =
        reader.skip_past("on") && (reader.take_keyword("table") || reader.take_keyword("sequence"));
    return is_relation ? relation(reader) : Found{};
}

Found find(const ScriptStatement& statement) {
    WordReader reader{statement.head};
    if (reader.take_keyword("create")) {
        return in_create(reader);
    }
    if (reader.take_keyword("alter") || reader.take_phrase("comment on") ||
        reader.take_phrase("refresh")) {
        return named(reader);
    }
    if (reader.take_keyword("grant") || reader.take_keyword("revoke")) {
        return in_grant(reader);
    }
    if (reader.take_phrase("security label")) {
        return reader.skip_past("on") ? named(reader) : Found{};
    }
    if (const auto sequence = find_set_sequence(statement)) {
        return {.name = sequence};
    }
    if (const auto inserted = find_inserted_rows(statement.head)) {
        return {.name = inserted->table};
    }
    return {.name = find_copied_table(statement.head)};
}

TablePart make_part(std::string_view kind, QualifiedName part, QualifiedName table) {
    return {.kind = std::string{kind},
            .schema = std::move(part.schema),
            .name = std::move(part.name),
            .table_schema = std::move(table.schema),
            .table = std::move(table.name)};
}

/// ALTER TABLE … ADD CONSTRAINT: the index behind it, which has its name.
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
    if (!has_keywords(statement.head, "as", "identity")) {
        return std::nullopt;
    }
    const Statement options = read_statement(text_in_parentheses(statement.sql));
    WordReader reader{options};
    return reader.take_phrase("sequence name") ? reader.take_qualified_name() : std::nullopt;
}

/// Behind the name of one table, `phrase` and the other.
std::optional<TablePart> find_partition(const ScriptStatement& statement, WordReader reader,
                                        std::string_view phrase, const QualifiedName& table) {
    const auto other = reader.take_phrase(phrase) ? relation(reader).name : std::nullopt;
    if (!other) {
        return std::nullopt;
    }
    return phrase == "partition of" ? make_part("partition", table, statement.qualified(*other))
                                    : make_part("partition", statement.qualified(*other), table);
}

std::optional<TablePart> find_part_in_alter_table(const ScriptStatement& statement,
                                                  WordReader reader) {
    const auto table = relation(reader).name;
    if (!table) {
        return std::nullopt;
    }
    const QualifiedName whole = statement.qualified(*table);
    if (auto index = take_index_of_constraint(reader)) {
        return make_part("index", {whole.schema, std::move(*index)}, whole);
    }
    if (const auto sequence = find_identity_sequence(statement)) {
        return make_part("sequence", statement.qualified(*sequence), whole);
    }
    return find_partition(statement, reader, "attach partition", whole);
}

std::optional<TablePart> find_part_in_create(const ScriptStatement& statement, WordReader reader) {
    const std::string kind = take_kind(reader);
    if (kind != "index" && kind != "statistics" && kind != "table") {
        return std::nullopt;
    }
    reader.take_phrase("if not exists");
    auto name = reader.take_qualified_name();
    if (kind == "table") {
        return name ? find_partition(statement, reader, "partition of", statement.qualified(*name))
                    : std::nullopt;
    }
    const auto table = find(statement).name;
    if (!name || !table) {
        return std::nullopt;
    }
    const QualifiedName whole = statement.qualified(*table);
    // An index is in the schema of its table, and its name is never qualified.
    const QualifiedName part =
        kind == "index" ? QualifiedName{whole.schema, name->name} : statement.qualified(*name);
    return make_part(kind, part, whole);
}

} // namespace

std::optional<TableSubject> find_subject(const ScriptStatement& statement) {
    Found found = find(statement);
    return found.name ? std::optional{TableSubject{found.kind, statement.qualified(*found.name)}}
                      : std::nullopt;
}

std::optional<QualifiedName> find_whole_index(const ScriptStatement& statement) {
    WordReader reader{statement.head};
    const auto index = reader.take_phrase("alter index") ? relation(reader).name : std::nullopt;
    return index && reader.take_phrase("attach partition")
               ? std::optional{statement.qualified(*index)}
               : std::nullopt;
}

std::optional<TablePart> find_table_part(const ScriptStatement& statement) {
    WordReader reader{statement.head};
    if (reader.take_keyword("create")) {
        return find_part_in_create(statement, reader);
    }
    if (reader.take_phrase("alter table")) {
        return find_part_in_alter_table(statement, reader);
    }
    if (!reader.take_phrase("alter sequence")) {
        return std::nullopt;
    }
    const auto sequence = relation(reader).name;
    if (!sequence || !reader.take_phrase("owned by")) {
        return std::nullopt;
    }
    const auto table = reader.take_table_of_column(); // nothing for NONE
    return table ? std::optional{make_part("sequence", statement.qualified(*sequence),
                                           statement.qualified(*table))}
                 : std::nullopt;
}

std::optional<ForeignKey> find_foreign_key(const ScriptStatement& statement) {
    WordReader reader{statement.head};
    const auto table = reader.take_phrase("alter table") ? relation(reader).name : std::nullopt;
    if (!table || !reader.take_phrase("add constraint")) {
        return std::nullopt;
    }
    auto name = reader.take_name();
    if (!name || !reader.take_phrase("foreign key") || !reader.skip_past("references")) {
        return std::nullopt;
    }
    const auto referenced = reader.take_qualified_name();
    if (!referenced) {
        return std::nullopt;
    }
    const QualifiedName from = statement.qualified(*table);
    const QualifiedName onto = statement.qualified(*referenced);
    return ForeignKey{std::move(*name), {from.schema, from.name}, {onto.schema, onto.name}};
}

} // namespace dbbackup::pg
