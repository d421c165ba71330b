#include "pg/placing/placing_references.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

const PlacingUnique* find_primary_key(const PlacingTable& table) {
    const auto found = std::ranges::find_if(table.uniques, &PlacingUnique::is_primary);
    return found == table.uniques.end() ? nullptr : &*found;
}

} // namespace

/// A column that has the parent's natural key in place of its number.
void ReferencePlacing::look_up(const std::string& name, const Places& places,
                               const RelationName& parent,
                               const std::vector<std::string>& parent_columns) {
    const std::size_t place = places.front();
    const PlacedColumn& column = child_.columns[place];
    if (places.size() != 1) {
        draft_.object(
            child_,
            fmt::format("{} has several columns, which a single reference cannot fill", name),
            "Export the table without --ref.");
        return;
    }
    const SourceReference* reference = find_source_reference(column);
    const PlacingTable& of_parent = draft_.target.tables.at(parent);
    for (const std::string& found_by : reference->columns) {
        if (of_parent.find(found_by) == nullptr) {
            draft_.object(child_,
                          fmt::format("{} refers to {} by {}, which the database lacks",
                                      column.column.name, dotted(parent), found_by),
                          "Export with another --ref, or add the column.");
            return;
        }
    }
    std::vector<PlacingType> types;
    for (const std::string& found_by : reference->columns) {
        types.push_back(of_parent.find(found_by)->type);
    }
    looked_up_.insert(place);
    child_.references.push_back({.name = name,
                                 .columns = places,
                                 .parent = parent,
                                 .parent_columns = parent_columns,
                                 .parent_placing = placing_of(parent),
                                 .found_by = reference->columns,
                                 .found_by_types = std::move(types),
                                 .staged = column.staged,
                                 .is_in_key = std::ranges::count(child_.key, place) > 0});
}

const SourceReference* ReferencePlacing::find_source_reference(const PlacedColumn& column) const {
    for (const std::size_t source : child_.sources) {
        for (const SourceColumn& from : draft_.source.tables[source].columns) {
            if (from.name == child_.staged[column.staged] && from.reference) {
                return &*from.reference;
            }
        }
    }
    return nullptr;
}

/// References by a natural key for which the target has no foreign key.
void ReferencePlacing::follow_lookups() {
    for (std::size_t place = 0; place < child_.columns.size(); ++place) {
        const PlacedColumn& column = child_.columns[place];
        if (!column.is_looked_up || looked_up_.contains(place)) {
            continue;
        }
        const SourceReference& reference = *find_source_reference(column);
        const auto parent = draft_.target.tables.find(reference.table);
        const auto* key =
            parent == draft_.target.tables.end() ? nullptr : find_primary_key(parent->second);
        if (key == nullptr || key->columns.size() != 1) {
            draft_.object(child_,
                          fmt::format("{} refers to {}, which has no primary key of one column "
                                      "in the database",
                                      column.column.name, dotted(reference.table)),
                          "Declare a foreign key, or export without --ref.");
            continue;
        }
        look_up(column.column.name, {place}, reference.table, key->columns);
        // No constraint of the server holds it if the parent is a conflict.
        child_.checks.push_back({.name = column.column.name,
                                 .columns = {place},
                                 .parent = reference.table,
                                 .parent_columns = key->columns,
                                 .parent_placing = placing_of(reference.table)});
    }
}

} // namespace dbbackup::pg
