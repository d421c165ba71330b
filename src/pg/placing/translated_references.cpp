#include "pg/placing/placing_references.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::pg {

/// The parent's rows say which number became which.
void ReferencePlacing::translate(const std::string& name, const Places& places, std::size_t parent,
                                 const std::vector<std::string>& parent_columns) {
    TablePlacing& of_parent = draft_.plan.tables[parent];
    const auto originals = find_places(of_parent, parent_columns);
    const bool are_staged = originals && std::ranges::all_of(*originals, [&](std::size_t place) {
                                return of_parent.columns[place].origin == ValueOrigin::source ||
                                       of_parent.columns[place].keeps_original;
                            });
    if (!are_staged) {
        draft_.object(child_,
                      fmt::format("{} refers to columns of {} that the source lacks", name,
                                  dotted(of_parent.target.table)),
                      "Export these columns too, or refer by a natural key (export --ref).");
        return;
    }
    const bool is_in_key = std::ranges::any_of(
        places, [this](std::size_t place) { return std::ranges::count(child_.key, place) > 0; });
    PlacedReference reference{.name = name,
                              .columns = places,
                              .parent = of_parent.target.table,
                              .parent_columns = parent_columns,
                              .parent_placing = parent,
                              .is_in_key = is_in_key};
    if (is_in_key && is_known_late(draft_.plan.tables, number_, reference)) {
        draft_.object(child_,
                      fmt::format("its key contains {}, by which it refers to {}, whose numbers "
                                  "are not known before",
                                  name,
                                  parent == number_ ? "itself" : dotted(of_parent.target.table)),
                      fmt::format("Name other columns that identify a row: --key {}=COLUMN,…",
                                  dotted(child_.target.table)));
    }
    for (const std::size_t place : *originals) {
        of_parent.columns[place].keeps_original = true;
        of_parent.columns[place].only_inserted = true; // rows of the target refer to it
    }
    for (const std::size_t place : places) {
        child_.columns[place].keeps_original = true;
    }
    child_.references.push_back(std::move(reference));
}

/// References that only the map knows of.
void ReferencePlacing::follow_map() {
    const SourceTable& source = draft_.source.tables[child_.sources.front()];
    const TableMap& map = map_of(draft_, source);
    for (const auto& [column, to] : map.references) {
        const auto places = find_places(child_, {column});
        if (!places) {
            continue;
        }
        referring_.insert(places->front());
        if (!to) {
            continue;
        }
        const std::size_t dot = to->rfind('.');
        const std::string parent_column = dot == std::string::npos ? "" : to->substr(dot + 1);
        const std::string parent_table = to->substr(0, dot == std::string::npos ? 0 : dot);
        const auto parent =
            std::ranges::find_if(draft_.plan.tables, [&parent_table](const TablePlacing& table) {
                return dotted(table.target.table) == parent_table ||
                       table.target.table.name == parent_table;
            });
        if (parent == draft_.plan.tables.end() || parent->target.find(parent_column) == nullptr) {
            draft_.object(child_,
                          fmt::format("the map says that {} refers to {}, which is not imported",
                                      column, *to),
                          "Write it as \"table.column\" of an imported table, or as false.");
            continue;
        }
        if (may_differ(draft_, following_, *parent, {parent_column})) {
            const auto number = static_cast<std::size_t>(parent - draft_.plan.tables.begin());
            translate(column, *places, number, {parent_column});
            // No constraint of the server holds it if the parent is a conflict.
            child_.checks.push_back({.name = column,
                                     .columns = *places,
                                     .parent = parent->target.table,
                                     .parent_columns = {parent_column},
                                     .parent_placing = number});
        }
    }
}

} // namespace dbbackup::pg
