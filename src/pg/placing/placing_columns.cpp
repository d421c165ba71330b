#include "pg/placing/placing_draft.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/name_pattern.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

constexpr std::uint32_t k_timestamp = 1114; // catalog/pg_type.dat
constexpr std::uint32_t k_timestamptz = 1184;

/// The table of the target in which rows of `table` belong, by its name.
std::optional<RelationName> find_target(const PlacingDraft& draft, const SourceTable& table) {
    const TableMap& map = map_of(draft, table);
    std::vector<RelationName> names;
    if (map.rename.empty()) {
        names.push_back(table.table);
        if (table.partitioned) {
            names.push_back(*table.partitioned);
        }
    } else {
        const std::size_t dot = map.rename.find('.');
        names.push_back({table.table.schema, map.rename});
        if (dot != std::string::npos) {
            names.push_back({map.rename.substr(0, dot), map.rename.substr(dot + 1)});
        }
    }
    for (const RelationName& name : names) {
        if (const auto partition = draft.target.partitions.find(name);
            partition != draft.target.partitions.end()) {
            return partition->second;
        }
        if (draft.target.tables.contains(name)) {
            return name;
        }
    }
    return std::nullopt;
}

/// Why there is no table, and what to do.
void object_to_missing(PlacingDraft& draft, const SourceTable& table) {
    const std::string name = dotted(table.table);
    const std::string& rename = map_of(draft, table).rename;
    if (!rename.empty()) {
        draft.object(
            fmt::format("{}: the map renames it to {}, which the database lacks", name, rename),
            "Correct the name in the map.");
        return;
    }
    std::string like;
    for (const auto& [other, known] : draft.target.tables) {
        if (other.name == table.table.name) {
            like = dotted(other);
        }
    }
    draft.object(fmt::format("{}: the database has no such table, and the source has {} rows of it",
                             name, table.rows),
                 fmt::format("If it has another name now, say so in a map: [table.\"{}\"] rename = "
                             "\"{}\". To leave it out: ignore = true.",
                             name, like.empty() ? "schema.name" : like));
}

bool is_chosen(const std::vector<NamePattern>& patterns, const SourceTable& table,
               std::vector<bool>& used) {
    bool fits = patterns.empty();
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (patterns[i].fits(table.table.schema, table.table.name) ||
            (table.partitioned &&
             patterns[i].fits(table.partitioned->schema, table.partitioned->name))) {
            fits = true;
            used[i] = true;
        }
    }
    return fits;
}

void require_used(const PlacingDraft& draft, const std::vector<bool>& used) {
    const auto unused = std::ranges::find(used, false);
    if (unused == used.end()) {
        return;
    }
    std::vector<std::string> names;
    for (const SourceTable& table : draft.source.tables) {
        names.push_back(dotted(table.table));
    }
    const auto place = static_cast<std::size_t>(unused - used.begin());
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("no table with rows in the source fits '{}'",
                                  base::printable(draft.plan.options.tables[place])),
                      fmt::format("{}Its tables: {}.",
                                  advice_on_list(draft.plan.options.tables[place], "-t"),
                                  names.empty() ? "none" : base::list_some(names))};
}

void place_table(PlacingDraft& draft, std::size_t index) {
    const SourceTable& table = draft.source.tables[index];
    if (map_of(draft, table).is_ignored) {
        draft.plan.notes.push_back(fmt::format("{}: left out, as the map says ({} rows)",
                                               dotted(table.table), table.rows));
        return;
    }
    const auto name = find_target(draft, table);
    if (!name) {
        if (table.rows > 0) {
            object_to_missing(draft, table);
        }
        return;
    }
    const PlacingTable& found = draft.target.tables.at(*name);
    if (found.kind != 'r' && found.kind != 'p') {
        if (table.rows > 0) {
            draft.object(
                fmt::format("{}: it is a view or a foreign table in the database", dotted(*name)),
                "Name its table in a map (rename), or leave it out (ignore = true).");
        }
        return;
    }
    const auto known = std::ranges::find_if(draft.plan.tables, [&](const TablePlacing& placing) {
        return placing.target.table == *name;
    });
    if (known == draft.plan.tables.end()) {
        TablePlacing placing;
        placing.target = found;
        placing.sources = {index};
        draft.plan.tables.push_back(std::move(placing));
    } else {
        known->sources.push_back(index);
    }
}

/// Which column of the target each staged one belongs to, by its name; empty if to none.
std::string target_of(const TableMap& map, const std::string& column) {
    const auto renamed = map.columns.find(column);
    return renamed == map.columns.end() ? column : renamed->second;
}

/// Fills in what depends on the types of both sides.
void note_types(PlacingDraft& draft, const TablePlacing& table, const TableMap& map,
                const SourceColumn& from, PlacedColumn& to) {
    to.source_type = from.type;
    if (const auto known = draft.target.source_types.find(from.type);
        known != draft.target.source_types.end()) {
        to.known_source_type = known->second;
    }
    const std::uint32_t now = to.column.type.plain_oid;
    const bool needs_zone =
        (to.known_source_type.plain_oid == k_timestamp && now == k_timestamptz) ||
        (to.known_source_type.plain_oid == k_timestamptz && now == k_timestamp);
    if (!needs_zone) {
        return;
    }
    to.timezone = map.timezone.empty() ? draft.source.timezone : map.timezone;
    if (to.timezone.empty()) {
        draft.object(table,
                     fmt::format("{} is {} in the source and {} now, and the time zone is unknown",
                                 to.column.name, from.type, to.column.type.name),
                     "Name it in a map: timezone = \"Europe/Berlin\".");
    }
}

/// The columns that the sources of a table have, each once.
std::vector<SourceColumn> join_columns(const PlacingDraft& draft, const TablePlacing& table) {
    std::vector<SourceColumn> joined;
    for (const std::size_t source : table.sources) {
        for (const SourceColumn& column : draft.source.tables[source].columns) {
            if (std::ranges::count(joined, column.name, &SourceColumn::name) == 0) {
                joined.push_back(column);
            }
        }
    }
    return joined;
}

void require_map_fits(PlacingDraft& draft, const TablePlacing& table, const TableMap& map) {
    const auto require_staged = [&](const std::string& column) {
        if (std::ranges::count(table.staged, column) == 0) {
            draft.object(table, fmt::format("the map names {}, which the source lacks", column),
                         "Correct the name in the map.");
        }
    };
    for (const auto& [column, renamed] : map.columns) {
        require_staged(column);
    }
    std::ranges::for_each(map.ignored_columns, require_staged);
    for (const auto& [column, values] : map.values) {
        require_staged(column);
    }
    const auto require_target = [&](const std::string& column) {
        if (table.target.find(column) == nullptr) {
            draft.object(table, fmt::format("the map names {}, which the database lacks", column),
                         "Correct the name in the map.");
        }
    };
    for (const auto& [column, renamed] : map.columns) {
        require_target(renamed);
    }
    for (const auto& [column, value] : map.fill) {
        require_target(column);
        if (find_placed(table, column) != nullptr &&
            find_placed(table, column)->origin == ValueOrigin::source) {
            draft.object(table, fmt::format("the map fills {}, which the source has", column),
                         "Take it out of fill, or ignore the source's column.");
        }
    }
    for (const auto& [column, reference] : map.references) {
        require_target(column);
    }
}

/// A column of the target that the source lacks.
void place_missing(PlacingDraft& draft, TablePlacing& table, const TableMap& map,
                   const PlacingColumn& column) {
    if (const auto filled = map.fill.find(column.name); filled != map.fill.end()) {
        table.columns.push_back(
            {.column = column, .origin = ValueOrigin::fill, .fill = filled->second});
        return;
    }
    if (column.is_numbered()) {
        table.columns.push_back(
            {.column = column, .origin = ValueOrigin::sequence, .only_inserted = true});
        table.defaulted.push_back(column.name);
        return;
    }
    if (column.is_not_null && !column.has_default) {
        draft.object(table,
                     fmt::format("{} must not be NULL and has no default, and the source lacks it",
                                 column.name),
                     fmt::format("Give a value in a map: [table.\"{}\"] fill = {{ {} = \"…\" }}.",
                                 dotted(table.target.table), column.name));
        return;
    }
    table.defaulted.push_back(column.name);
}

void place_columns_of(PlacingDraft& draft, TablePlacing& table) {
    const std::vector<SourceColumn> joined = join_columns(draft, table);
    const TableMap& map = map_of(draft, draft.source.tables[table.sources.front()]);
    std::map<std::string, std::size_t> staged_for; ///< by the target's columns
    for (const SourceColumn& column : joined) {
        const std::string to = target_of(map, column.name);
        const PlacingColumn* found = table.target.find(to);
        const bool is_left_out =
            map.ignored_columns.contains(column.name) || found == nullptr || found->is_generated;
        if (is_left_out) {
            table.ignored.push_back(column.name);
        } else if (!staged_for.emplace(to, table.staged.size()).second) {
            draft.object(table, fmt::format("two columns of the source belong to {}", to),
                         "Ignore one of them in the map.");
        }
        table.staged.push_back(column.name);
    }
    for (const PlacingColumn& column : table.target.columns) {
        const auto staged = staged_for.find(column.name);
        if (column.is_generated) {
            continue;
        }
        if (staged == staged_for.end()) {
            place_missing(draft, table, map, column);
            continue;
        }
        const SourceColumn& from = joined[staged->second];
        PlacedColumn placed{.column = column,
                            .origin = ValueOrigin::source,
                            .staged = staged->second,
                            .may_be_rounded = map.rounded.contains(from.name),
                            .is_looked_up = from.reference.has_value()};
        if (const auto values = map.values.find(from.name); values != map.values.end()) {
            placed.values = values->second;
        }
        if (!placed.is_looked_up) {
            note_types(draft, table, map, from, placed);
        }
        table.columns.push_back(std::move(placed));
    }
    require_map_fits(draft, table, map);
}

} // namespace

const TableMap& map_of(const PlacingDraft& draft, const SourceTable& table) {
    static const TableMap nothing;
    const TableMap* found = find_for_table(draft.map, table.table);
    if (found == nullptr && table.partitioned) {
        found = find_for_table(draft.map, *table.partitioned);
    }
    return found == nullptr ? nothing : *found;
}

void place_tables(PlacingDraft& draft) {
    std::vector<NamePattern> patterns;
    for (const std::string& pattern : draft.plan.options.tables) {
        patterns.emplace_back(pattern, "--table");
    }
    std::vector<bool> used(patterns.size(), false);
    for (std::size_t i = 0; i < draft.source.tables.size(); ++i) {
        if (is_chosen(patterns, draft.source.tables[i], used)) {
            place_table(draft, i);
        }
    }
    require_used(draft, used);
}

void place_columns(PlacingDraft& draft) {
    for (TablePlacing& table : draft.plan.tables) {
        place_columns_of(draft, table);
    }
}

} // namespace dbbackup::pg
