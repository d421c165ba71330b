#include "pg/table_selection.hpp"

#include "pg/object_kind.hpp"
#include "pg/table_subject.hpp"
#include "pg/word_reader.hpp"

#include <dbbackup/pg/select_tables.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace dbbackup::pg {

namespace {

bool is_setting(const Statement& statement) {
    WordReader reader{statement};
    if (reader.take_keyword("set") || reader.take_keyword("reset")) {
        return true;
    }
    if (!reader.take_keyword("select")) {
        return false;
    }
    const auto function = reader.take_qualified_name();
    return function && function->name == "set_config";
}

} // namespace

TableSelection::TableSelection(const std::vector<std::string>& tables,
                               const std::vector<TablePart>& parts)
    : tables_(tables.begin(), tables.end()) {
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

bool TableSelection::names(const QualifiedName& table) const {
    return tables_.contains(table.name) || tables_.contains(table.schema + "." + table.name);
}

bool TableSelection::is_chosen(const QualifiedName& table) const {
    return names(table) || partitions_.contains(table);
}

bool TableSelection::wants_relation(const QualifiedName& name) const {
    return tables_.empty() || is_chosen(name) || relations_.contains(name);
}

bool TableSelection::wants(const TablePart& part) const {
    return tables_.empty() || is_chosen({part.table_schema, part.table});
}

bool TableSelection::wants(const DumpObject& object) const {
    const QualifiedName name{object.schema, object.name};
    if (tables_.empty()) {
        return true;
    }
    if (object.kind == "statistics") {
        return statistics_.contains(name);
    }
    return is_relation(object.kind) ? wants_relation(name)
                                    : object.kind == "index" && relations_.contains(name);
}

bool TableSelection::wants(const ScriptStatement& statement) const {
    if (tables_.empty() || is_setting(statement.head)) {
        return true;
    }
    // One that stays takes the indexes of its partitions up by itself, see comes_last().
    const auto whole_index = find_whole_index(statement);
    const auto subject = find_subject(statement);
    if (!subject || (whole_index && !wants_relation(*whole_index))) {
        return false;
    }
    return subject->kind == TableSubject::Kind::statistics ? statistics_.contains(subject->name)
                                                           : wants_relation(subject->name);
}

bool TableSelection::comes_last(const ScriptStatement& statement) const {
    if (tables_.empty() || !WordReader{statement.head}.take_keyword("alter")) {
        return false;
    }
    const auto part = find_table_part(statement);
    return part && part->kind == "partition" && !wants(*part);
}

std::vector<std::string> find_missing_tables(const DumpContents& contents,
                                             const DumpInventory& inventory,
                                             const std::vector<std::string>& tables) {
    std::set<std::string> known;
    const auto add = [&known](const std::string& schema, const std::string& name) {
        known.insert(name);
        known.insert(schema + "." + name);
    };
    for (const DumpObject& object : inventory.objects) {
        if (is_relation(object.kind)) {
            add(object.schema, object.name);
        }
    }
    for (const ScannedTable& table : contents.tables) {
        add(table.schema, table.name);
    }
    for (const InsertedTable& table : inventory.inserted) {
        add(table.schema, table.name);
    }
    std::vector<std::string> missing;
    std::ranges::copy_if(tables, std::back_inserter(missing),
                         [&known](const std::string& table) { return !known.contains(table); });
    return missing;
}

std::vector<std::string> find_tables_without_rows(const DumpContents& contents,
                                                  const DumpInventory& inventory,
                                                  const std::vector<std::string>& tables) {
    const TableSelection selection{tables, inventory.table_parts};
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
    for (const TablePart& part : inventory.table_parts) {
        if (part.kind == "partition") {
            parents[{part.schema, part.name}] = {part.table_schema, part.table};
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

SelectedTables select_tables(const DumpContents& contents, const DumpInventory& inventory,
                             const std::vector<std::string>& tables) {
    const TableSelection selection{tables, inventory.table_parts};
    SelectedTables selected;
    const auto is_chosen = [&selection](const auto& table) {
        return selection.is_chosen({table.schema, table.name});
    };
    std::ranges::copy_if(contents.tables, std::back_inserter(selected.contents.tables), is_chosen);
    DumpInventory& chosen = selected.inventory;
    std::ranges::copy_if(inventory.inserted, std::back_inserter(chosen.inserted), is_chosen);
    std::ranges::copy_if(inventory.objects, std::back_inserter(chosen.objects),
                         [&](const DumpObject& object) { return selection.wants(object); });
    std::ranges::copy_if(inventory.table_parts, std::back_inserter(chosen.table_parts),
                         [&](const TablePart& part) { return selection.wants(part); });
    std::set<std::string> roles;
    for (const RelationRole& need : inventory.relation_roles) {
        if (selection.wants_relation({need.schema, need.relation})) {
            roles.insert(need.role);
            chosen.relation_roles.push_back(need);
        }
    }
    chosen.roles.assign(roles.begin(), roles.end());
    chosen.encoding = inventory.encoding;
    chosen.server_version = inventory.server_version;
    chosen.pg_dump_version = inventory.pg_dump_version;
    return selected;
}

} // namespace dbbackup::pg
