#include "pg/placing/placing_draft.hpp"

#include <dbbackup/base/list_some.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

// Which row of the target a row of the source is.

namespace dbbackup::pg {

namespace {

constexpr const char* k_name_the_key =
    "Name the columns that identify a row with --key {}=COLUMN,…";

/// The user's choice, or else the primary key, or else the only other key.
std::vector<std::string> choose_key(PlacingDraft& draft, const TablePlacing& table) {
    const RelationName& name = table.target.table;
    if (const auto* given = find_for_table(draft.plan.options.keys, name)) {
        return *given;
    }
    for (const std::size_t source : table.sources) {
        const RelationName& from = draft.source.tables[source].table;
        if (const auto* given = find_for_table(draft.plan.options.keys, from)) {
            return *given;
        }
    }
    const TableMap& map = map_of(draft, draft.source.tables[table.sources.front()]);
    if (!map.key.empty()) {
        return map.key;
    }
    std::vector<const PlacingUnique*> keys;
    for (const PlacingUnique& unique : table.target.uniques) {
        if (unique.is_primary && unique.is_key) {
            return unique.columns;
        }
        if (unique.is_key) {
            keys.push_back(&unique);
        }
    }
    if (keys.size() == 1) {
        return keys.front()->columns;
    }
    if (draft.updates_or_adds()) {
        std::vector<std::string> names;
        for (const PlacingUnique* key : keys) {
            names.push_back(fmt::format("{} ({})", key->name, fmt::join(key->columns, ", ")));
        }
        draft.object(table,
                     keys.empty() ? "nothing identifies its rows: it has no primary key"
                                  : fmt::format("several keys could identify its rows: {}",
                                                base::list_some(names)),
                     fmt::format(fmt::runtime(k_name_the_key), dotted(name)));
    }
    return {};
}

bool is_unique_in_target(const TablePlacing& table, const std::vector<std::string>& key) {
    const std::set<std::string> wanted(key.begin(), key.end());
    return std::ranges::any_of(table.target.uniques, [&wanted](const PlacingUnique& unique) {
        return unique.is_key &&
               std::set<std::string>(unique.columns.begin(), unique.columns.end()) == wanted;
    });
}

/// A column of the key that cannot be one.
void object_to_key(PlacingDraft& draft, const TablePlacing& table, const std::string& column) {
    const PlacedColumn* placed = find_placed(table, column);
    const bool is_known = table.target.find(column) != nullptr;
    if (!is_known) {
        draft.object(table, fmt::format("there is no column {} to identify its rows", column),
                     fmt::format(fmt::runtime(k_name_the_key), dotted(table.target.table)));
    } else if (placed == nullptr || placed->origin == ValueOrigin::sequence) {
        draft.object(table,
                     fmt::format("{} identifies its rows, and the source does not have it", column),
                     fmt::format(fmt::runtime(k_name_the_key), dotted(table.target.table)));
    } else if (placed->column.type.equals.empty()) {
        draft.object(table,
                     fmt::format("values of {} ({}) cannot be compared, so it is no key", column,
                                 placed->column.type.name),
                     fmt::format(fmt::runtime(k_name_the_key), dotted(table.target.table)));
    }
}

/// The numbers that a database gives say nothing in another one.
void trust_numbers(PlacingDraft& draft, TablePlacing& table) {
    for (const std::size_t place : table.key) {
        const PlacedColumn& column = table.columns[place];
        if (!column.column.is_numbered()) {
            continue;
        }
        table.trusted.push_back(place);
        if (!draft.plan.options.trusts_numbers && !draft.is_same_database()) {
            draft.object(
                table,
                fmt::format("its rows are identified by {}, a number that each database gives, and "
                            "the source is {}",
                            column.column.name,
                            draft.source.identity.is_known() ? "of another database"
                                                             : "not known to be of this database"),
                fmt::format("Name other columns that identify a row: --key {}=COLUMN,… If the "
                            "numbers mean the same in both: --trust-ids.",
                            dotted(table.target.table)));
        }
    }
}

/// Whoever refers to a row does so by its primary key, so that stays if another one is the key.
void keep_primary_key(TablePlacing& table) {
    for (const PlacingUnique& unique : table.target.uniques) {
        if (!unique.is_primary) {
            continue;
        }
        for (const std::string& name : unique.columns) {
            const auto places = find_places(table, {name});
            if (places && std::ranges::count(table.key, places->front()) == 0) {
                table.columns[places->front()].only_inserted = true;
            }
        }
    }
}

/// What else the source numbered: new rows get new numbers, unless they are to keep them.
void number_anew(const PlacingDraft& draft, TablePlacing& table) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        PlacedColumn& column = table.columns[i];
        const bool is_in_key = std::ranges::count(table.key, i) > 0;
        if (!column.column.is_numbered() || is_in_key || column.origin != ValueOrigin::source ||
            !draft.updates_or_adds()) {
            continue;
        }
        column.only_inserted = true;
        if (!draft.plan.options.keeps_numbers) {
            column.origin = ValueOrigin::sequence; // what it was is kept in `staged`
            column.keeps_original = true;
        }
    }
}

} // namespace

void choose_keys(PlacingDraft& draft) {
    for (TablePlacing& table : draft.plan.tables) {
        const std::vector<std::string> key = choose_key(draft, table);
        const std::size_t objections = draft.plan.objections.size();
        for (const std::string& column : key) {
            object_to_key(draft, table, column);
        }
        if (draft.plan.objections.size() != objections) {
            if (draft.updates_or_adds()) {
                continue;
            }
            draft.plan.objections.resize(objections); // nothing is looked for
            continue;
        }
        table.key = find_places(table, key).value_or(std::vector<std::size_t>{});
        table.is_key_unique = is_unique_in_target(table, key);
        if (draft.updates_or_adds()) {
            trust_numbers(draft, table);
            keep_primary_key(table);
            number_anew(draft, table);
        }
    }
}

} // namespace dbbackup::pg
