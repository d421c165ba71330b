#include "pg/inventory/unmade_relations.hpp"

#include "pg/inventory/table_subject.hpp"
#include "pg/sql/object_kind.hpp"

#include <algorithm>
#include <iterator>

namespace dbbackup::pg {

namespace {

/// What exists without the dump: pg_dump writes changed privileges on it.
bool is_of_postgresql(const std::string& schema) {
    return schema == "pg_catalog" || schema == "information_schema" || schema == "pg_toast";
}

/// Including what a constraint or an identity column creates with it. A composite type counts too:
/// comments on its columns look like those on a table's.
std::set<RelationName> made_relations(const DumpInventory& inventory) {
    std::set<RelationName> made;
    for (const DumpObject& object : inventory.objects) {
        if (is_relation(object.kind) || object.kind == "index" || object.kind == "type") {
            made.insert({object.schema, object.name});
        }
    }
    for (const TablePart& part : inventory.table_parts) {
        if (part.kind == "index" || part.kind == "sequence") {
            made.insert({part.schema, part.name});
        }
    }
    return made;
}

} // namespace

void UnmadeRelations::take(const ScriptStatement& statement) {
    const auto subject = find_subject(statement);
    if (subject && subject->kind == TableSubject::Kind::relation) {
        need(subject->name);
    }
}

void UnmadeRelations::need(const QualifiedName& relation) {
    if (!relation.schema.empty() && !is_of_postgresql(relation.schema)) {
        needed_.insert({relation.schema, relation.name});
    }
}

std::vector<RelationName> UnmadeRelations::list(const DumpInventory& inventory) const {
    UnmadeRelations all = *this;
    for (const ForeignKey& key : inventory.foreign_keys) {
        all.need({key.referenced.schema, key.referenced.name});
    }
    for (const TablePart& part : inventory.table_parts) {
        all.need({part.table_schema, part.table});
    }
    const std::set<RelationName> made = made_relations(inventory);
    std::vector<RelationName> unmade;
    std::ranges::set_difference(all.needed_, made, std::back_inserter(unmade));
    return unmade;
}

} // namespace dbbackup::pg
