#include "pg/placing/placing_draft.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

/// An option that names what nobody has is a mistake, and leaving it out would hide that.
template <typename Value>
void require_known_tables(const PlacingDraft& draft, const std::map<std::string, Value>& by_table,
                          const char* where) {
    for (const auto& [name, value] : by_table) {
        const auto is_named = [&name](const RelationName& table) {
            return dotted(table) == name || table.name == name;
        };
        const bool is_known =
            name.empty() ||
            std::ranges::any_of(draft.source.tables, is_named, &SourceTable::table) ||
            std::ranges::any_of(
                draft.plan.tables,
                [&](const TablePlacing& table) { return is_named(table.target.table); }) ||
            std::ranges::any_of(draft.source.tables, [&](const SourceTable& table) {
                return table.partitioned && is_named(*table.partitioned);
            });
        if (!is_known) {
            std::vector<std::string> names;
            for (const SourceTable& table : draft.source.tables) {
                names.push_back(dotted(table.table));
            }
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("{}: there is no table {} in the source", where, base::printable(name)),
                fmt::format("Its tables: {}.", base::list_some(names))};
        }
    }
}

/// The triggers and rules that would do something of their own.
void check_triggers(PlacingDraft& draft, const TablePlacing& table) {
    if (!table.target.rules.empty()) {
        draft.object(table,
                     fmt::format("rules change what is written to it: {}",
                                 base::list_some(table.target.rules)),
                     "Disable them first (ALTER TABLE … DISABLE RULE), and enable them again "
                     "afterwards.");
    }
    if (draft.plan.options.triggers != PlacingTriggers::refuse) {
        return;
    }
    std::vector<std::string> firing;
    for (const PlacingTrigger& trigger : table.target.triggers) {
        const bool fires = trigger.on_insert || (trigger.on_update && table.updates) ||
                           (trigger.on_delete && draft.plan.options.mode == PlacingMode::replace);
        if (fires && std::ranges::count(firing, trigger.name) == 0) {
            firing.push_back(trigger.name);
        }
    }
    if (!firing.empty()) {
        draft.object(table,
                     fmt::format("triggers would fire, and might do what they did once before: {}",
                                 base::list_some(firing)),
                     "Choose with --triggers skip (they are off for these rows) or --triggers "
                     "fire.");
    }
}

/// All rows of a partitioned table go, whichever of its partitions are imported.
void check_partitions(PlacingDraft& draft, const TablePlacing& table) {
    std::vector<std::string> missing;
    for (const RelationName& leaf : table.target.leaves) {
        const bool is_imported = std::ranges::any_of(table.sources, [&](std::size_t source) {
            const RelationName& from = draft.source.tables[source].table;
            return from == leaf || from == table.target.table ||
                   !draft.target.partitions.contains(from);
        });
        if (!is_imported) {
            missing.push_back(dotted(leaf));
        }
    }
    if (!missing.empty()) {
        draft.object(table,
                     fmt::format("the rows of all its partitions would be deleted, and these are "
                                 "not imported: {}",
                                 base::list_some(missing)),
                     "Import all of its partitions, or use --mode merge.");
    }
}

/// Rows of which nothing can be imported would only be deleted.
void check_columns(PlacingDraft& draft, const TablePlacing& table) {
    const bool has_rows = std::ranges::any_of(table.sources, [&draft](std::size_t source) {
        return draft.source.tables[source].rows > 0;
    });
    const bool has_values = std::ranges::any_of(table.columns, [](const PlacedColumn& column) {
        return column.origin == ValueOrigin::source || column.keeps_original || column.is_looked_up;
    });
    if (has_rows && !has_values) {
        draft.object(table, "no column of its rows can be imported",
                     "Leave the table out with -t, or in a map: ignore = true.");
    }
}

/// What DELETE does to tables that are not replaced.
void check_outsiders(PlacingDraft& draft) {
    for (const auto& [name, outside] : draft.target.tables) {
        if (draft.placing_of.contains(name)) {
            continue;
        }
        for (const PlacingReference& reference : outside.references) {
            const bool changes_child = reference.on_delete == 'c' || reference.on_delete == 'n' ||
                                       reference.on_delete == 'd';
            if (changes_child && draft.placing_of.contains(reference.parent)) {
                draft.object(
                    fmt::format("{}: its rows would be {} when those of {} are replaced (foreign "
                                "key {})",
                                dotted(name), reference.on_delete == 'c' ? "deleted" : "changed",
                                dotted(reference.parent), reference.name),
                    fmt::format("Replace {} too, or use --mode merge.", dotted(name)));
            }
        }
    }
}

} // namespace

const PlacedColumn* find_placed(const TablePlacing& table, const std::string& column) {
    const auto found = std::ranges::find_if(
        table.columns, [&column](const PlacedColumn& one) { return one.column.name == column; });
    return found == table.columns.end() ? nullptr : &*found;
}

std::optional<std::vector<std::size_t>> find_places(const TablePlacing& table,
                                                    const std::vector<std::string>& columns) {
    std::vector<std::size_t> places;
    for (const std::string& column : columns) {
        const PlacedColumn* placed = find_placed(table, column);
        if (placed == nullptr) {
            return std::nullopt;
        }
        places.push_back(static_cast<std::size_t>(placed - table.columns.data()));
    }
    return places;
}

void choose_newer(PlacingDraft& draft) {
    const PlacingOptions& options = draft.plan.options;
    if (options.mode != PlacingMode::merge) {
        return;
    }
    bool any = false;
    for (TablePlacing& table : draft.plan.tables) {
        const std::string* own = find_for_table(options.newer_by, table.target.table);
        const auto general = options.newer_by.find("");
        const std::string column = own != nullptr                      ? *own
                                   : general != options.newer_by.end() ? general->second
                                                                       : "";
        const auto places = column.empty() ? std::nullopt : find_places(table, {column});
        const bool usable = places && table.columns[places->front()].origin == ValueOrigin::source;
        if (usable && table.columns[places->front()].column.type.greater.empty()) {
            draft.object(table, fmt::format("values of {} cannot be ordered", column),
                         "Name another column with --newer-by.");
        }
        if (usable) {
            table.newer_by = places->front();
            any = true;
        } else if (own != nullptr) {
            draft.object(table, fmt::format("source or target have no column {}", column),
                         "Name another column with --newer-by TABLE=COLUMN.");
        } else if (!options.prefer_source) {
            draft.plan.notes.push_back(fmt::format(
                "{}: nothing tells which row is newer, so rows that are there stay as they are",
                dotted(table.target.table)));
        }
        table.updates = table.newer_by.has_value() || options.prefer_source;
    }
    if (!any && !options.newer_by.empty() && draft.plan.objections.empty()) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("--newer-by: no table has the column {} in source and target",
                                      base::printable(options.newer_by.begin()->second)),
                          "Name the column of the time of the last change, such as updated_at."};
    }
}

void check_surroundings(PlacingDraft& draft) {
    for (const TablePlacing& table : draft.plan.tables) {
        check_triggers(draft, table);
        check_columns(draft, table);
        if (draft.plan.options.mode == PlacingMode::replace) {
            check_partitions(draft, table);
        }
    }
    if (draft.plan.options.mode == PlacingMode::replace) {
        check_outsiders(draft);
    }
}

PlacingPlan plan_placing(const RowSource& source, const PlacingTarget& target, const ImportMap& map,
                         const PlacingOptions& options) {
    PlacingDraft draft{source, target, map, {}, {}};
    draft.plan.options = options;
    place_tables(draft);
    require_known_tables(draft, options.keys, "--key");
    require_known_tables(draft, options.newer_by, "--newer-by");
    require_known_tables(draft, map, "the map");
    place_columns(draft);
    choose_keys(draft);
    choose_newer(draft);
    put_in_order(draft);
    follow_references(draft);
    check_surroundings(draft);
    return std::move(draft.plan);
}

} // namespace dbbackup::pg
