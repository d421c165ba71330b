#include "pg/inventory/table_selection.hpp"

#include "pg/inventory/statement_schema.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/sql/object_kind.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/pg/select_tables.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace dbbackup::pg {

TableSelection::TableSelection(const ChosenPart& chosen, const std::vector<TablePart>& parts)
    : whole_(chosen.whole), schemas_(chosen.schemas.begin(), chosen.schemas.end()),
      extensions_(chosen.extensions.begin(), chosen.extensions.end()) {
    for (const RelationName& relation : chosen.relations) {
        tables_.insert({relation.schema, relation.name});
    }
    for (bool grows = true; grows;) { // partitions may have partitions
        grows = false;
        for (const TablePart& part : parts) {
            grows = (part.kind == "partition" && wants(part) &&
                     partitions_.insert({part.schema, part.name}).second) ||
                    grows;
        }
    }
    for (const TablePart& part : parts) {
        if (wants(part)) {
            (part.kind == "statistics" ? statistics_ : relations_).insert({part.schema, part.name});
        }
    }
}

bool TableSelection::wants_schema(const std::string& schema) const {
    return whole_ || schemas_.contains(schema);
}

bool TableSelection::is_chosen(const QualifiedName& table) const {
    return tables_.contains(table) || schemas_.contains(table.schema) ||
           partitions_.contains(table);
}

bool TableSelection::wants_relation(const QualifiedName& name) const {
    return whole_ || is_chosen(name) || relations_.contains(name);
}

bool TableSelection::wants(const TablePart& part) const {
    return whole_ || is_chosen({part.table_schema, part.table});
}

bool TableSelection::wants(const DumpObject& object) const {
    const QualifiedName name{object.schema, object.name};
    if (whole_) {
        return true;
    }
    if (object.kind == "statistics") {
        return statistics_.contains(name);
    }
    if (object.kind == "index") {
        return relations_.contains(name);
    }
    return is_relation(object.kind) ? wants_relation(name) : schemas_.contains(object.schema);
}

bool TableSelection::wants(const ScriptStatement& statement) const {
    if (whole_ || is_setting(statement.head)) {
        return true;
    }
    // One that stays attaches the indexes of its partitions by itself, see comes_last().
    const auto whole_index = find_whole_index(statement);
    const auto subject = find_subject(statement);
    if (!subject) {
        return wants_outside_tables(statement);
    }
    if (whole_index && !wants_relation(*whole_index)) {
        return false;
    }
    return subject->kind == TableSubject::Kind::statistics ? statistics_.contains(subject->name)
                                                           : wants_relation(subject->name);
}

/// A function, a type, a schema, or an extension in one of the schemas.
bool TableSelection::wants_outside_tables(const ScriptStatement& statement) const {
    if (const auto extension = find_extension_of(statement.head)) {
        return extensions_.contains(*extension);
    }
    return !schemas_.empty() && schemas_.contains(find_schema_of(statement));
}

bool TableSelection::comes_last(const ScriptStatement& statement) const {
    if (whole_ || statement.head.verb() != Verb::alter) {
        return false;
    }
    const auto part = find_table_part(statement);
    return part && part->kind == "partition" && !wants(*part);
}

std::vector<std::string> find_tables_without_rows(const DumpSummary& dump, const ChosenPart& part) {
    const auto& [contents, inventory] = dump;
    const TableSelection selection{part, inventory.table_parts};
    std::set<QualifiedName> with_rows;
    for (const ScannedTable& table : contents.tables) {
        if (table.rows > 0) {
            with_rows.insert({table.schema, table.name});
        }
    }
    for (const InsertedTable& table : inventory.inserted) {
        with_rows.insert({table.schema, table.name});
    }
    std::map<QualifiedName, QualifiedName> parents;
    for (const TablePart& one : inventory.table_parts) {
        if (one.kind == "partition") {
            parents[{one.schema, one.name}] = {one.table_schema, one.table};
        }
    }
    std::vector<std::string> without;
    for (const auto& [partition, parent] : parents) {
        bool elsewhere = false;
        for (auto above = parents.find(partition); above != parents.end() && !elsewhere;
             above = parents.find(above->second)) {
            elsewhere = !selection.is_chosen(above->second) && with_rows.contains(above->second);
        }
        if (elsewhere && selection.is_chosen(partition)) {
            without.push_back(partition.schema + "." + partition.name);
        }
    }
    return without;
}

DumpSummary select_part(const DumpSummary& dump, const ChosenPart& part) {
    const auto& [contents, inventory] = dump;
    const TableSelection selection{part, inventory.table_parts};
    DumpSummary selected;
    const auto is_chosen = [&selection](const auto& table) {
        return selection.is_chosen({table.schema, table.name});
    };
    const auto is_inside = [&selection](const auto& one) {
        return selection.wants_schema(one.schema);
    };
    const auto wants = [&selection](const auto& one) { return selection.wants(one); };
    const auto is_wanted = [&selection](const RelationName& one) {
        return selection.wants_relation({one.schema, one.name});
    };
    selected.contents.schemas = part.schemas;
    std::ranges::copy_if(contents.tables, std::back_inserter(selected.contents.tables), is_chosen);
    DumpInventory& chosen = selected.inventory;
    std::ranges::copy_if(inventory.created_schemas, std::back_inserter(chosen.created_schemas),
                         [&](const auto& schema) { return selection.wants_schema(schema); });
    if (selection.wants_schema("public") &&
        std::ranges::count(chosen.created_schemas, "public") == 0) {
        chosen.created_schemas.emplace_back("public"); // in every database, so dumps may omit it
    }
    std::ranges::copy_if(inventory.extensions, std::back_inserter(chosen.extensions), is_inside);
    std::ranges::copy_if(inventory.outside_functions, std::back_inserter(chosen.outside_functions),
                         is_inside);
    std::ranges::copy_if(inventory.inserted, std::back_inserter(chosen.inserted), is_chosen);
    std::ranges::copy_if(inventory.columns, std::back_inserter(chosen.columns), is_chosen);
    std::ranges::copy_if(inventory.secured_tables, std::back_inserter(chosen.secured_tables),
                         is_wanted);
    std::ranges::copy_if(inventory.forced_tables, std::back_inserter(chosen.forced_tables),
                         is_wanted);
    std::ranges::copy_if(inventory.objects, std::back_inserter(chosen.objects), wants);
    std::ranges::copy_if(inventory.table_parts, std::back_inserter(chosen.table_parts), wants);
    std::ranges::copy_if(inventory.set_sequences, std::back_inserter(chosen.set_sequences),
                         is_wanted);
    const auto wants_trait = [&](const DumpedTrait& trait) {
        return trait.of == "schema" && selection.wants_schema(trait.name);
    };
    std::ranges::copy_if(inventory.traits, std::back_inserter(chosen.traits), wants_trait);
    std::ranges::copy_if(inventory.default_privileges,
                         std::back_inserter(chosen.default_privileges), wants_trait,
                         &DefaultPrivilegeChange::trait);
    std::set<std::string> roles;
    for (const RelationRole& need : inventory.relation_roles) {
        if (need.relation.empty() ? selection.wants_schema(need.schema)
                                  : selection.wants_relation({need.schema, need.relation})) {
            roles.insert(need.role);
            chosen.relation_roles.push_back(need);
        }
    }
    chosen.roles.assign(roles.begin(), roles.end());
    if (selection.wants_schema("public")) {
        chosen.of_public = inventory.of_public;
    }
    chosen.encoding = inventory.encoding;
    chosen.server_version = inventory.server_version;
    chosen.pg_dump_version = inventory.pg_dump_version;
    return selected;
}

} // namespace dbbackup::pg
