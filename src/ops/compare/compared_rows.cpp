#include "ops/compare/compared_rows.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/name_pattern.hpp>
#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr const char* k_only_counted = "only counted";

std::string name_of(const pg::RelationName& table) {
    return base::dotted_name(table.schema, table.name);
}

const pg::StateTable& find_table(const ComparedSide& side, const pg::RelationName& name) {
    return *std::ranges::find(side.state().tables, name, &pg::StateTable::table);
}

bool is_in_both(const ComparedTable& table) {
    return table.was_there && table.is_there;
}

/// Marks the tables whose rows one of the states does not know.
void mark_unknown(const ComparedSide& side, bool ComparedTable::*is_in_side,
                  std::vector<ComparedTable>& tables) {
    for (ComparedTable& table : tables) {
        std::string unknown = table.*is_in_side ? side.rows_unknown(table.table) : "";
        if (!unknown.empty()) {
            table.rows = RowsMatch::not_compared;
            table.not_compared = std::move(unknown);
        }
    }
}

/// Tables that only `side` has: their rows are new or gone.
void count_one_sided(ComparedSide& side, bool ComparedTable::*is_in_side,
                     std::optional<std::uint64_t> ComparedTable::*rows,
                     std::vector<ComparedTable>& tables) {
    std::vector<ComparedTable*> one_sided;
    std::vector<pg::RelationName> names;
    for (ComparedTable& table : tables) {
        if (table.*is_in_side && !is_in_both(table) && table.rows != RowsMatch::not_compared) {
            one_sided.push_back(&table);
            names.push_back(table.table);
        }
    }
    const auto counts = side.count_rows(names);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        one_sided[i]->*rows = counts[i];
        one_sided[i]->rows = RowsMatch::differ;
    }
}

void count_both(ComparedSide& then, ComparedSide& now, const std::vector<ComparedTable*>& tables) {
    std::vector<pg::RelationName> names;
    for (const ComparedTable* table : tables) {
        names.push_back(table->table);
    }
    const auto before = then.count_rows(names);
    const auto after = now.count_rows(names);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const bool is_same = before[i] == after[i];
        tables[i]->rows_then = before[i];
        tables[i]->rows_now = after[i];
        tables[i]->rows = is_same ? RowsMatch::not_compared : RowsMatch::differ;
        tables[i]->not_compared = is_same ? k_only_counted : "";
    }
}

void read_both(ComparedSide& then, ComparedSide& now, const std::vector<ComparedTable*>& tables) {
    std::vector<TableColumns> columns;
    for (const ComparedTable* table : tables) {
        columns.push_back(find_common_columns(then, now, table->table));
    }
    const auto before = then.digests(columns);
    const auto after = now.digests(columns);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        ComparedTable& table = *tables[i];
        table.rows_then = before[i].rows;
        table.rows_now = after[i].rows;
        table.rows = before[i] == after[i] ? RowsMatch::equal : RowsMatch::differ;
    }
}

} // namespace

TableColumns find_common_columns(const ComparedSide& then, const ComparedSide& now,
                                 const pg::RelationName& table) {
    return {table, pg::common_columns(find_table(then, table), find_table(now, table))};
}

void compare_rows(ComparedSide& then, ComparedSide& now, CompareContents contents,
                  std::vector<ComparedTable>& tables) {
    mark_unknown(then, &ComparedTable::was_there, tables);
    mark_unknown(now, &ComparedTable::is_there, tables);
    count_one_sided(then, &ComparedTable::was_there, &ComparedTable::rows_then, tables);
    count_one_sided(now, &ComparedTable::is_there, &ComparedTable::rows_now, tables);
    std::vector<ComparedTable*> both;
    for (ComparedTable& table : tables) {
        if (is_in_both(table) && table.rows != RowsMatch::not_compared) {
            both.push_back(&table);
        }
    }
    if (contents == CompareContents::count_only) {
        count_both(then, now, both);
    } else {
        read_both(then, now, both);
    }
}

pg::RelationName find_asked_table(const std::string& asked,
                                  const std::vector<ComparedTable>& tables) {
    const pg::NamePattern pattern{asked, "--rows"};
    std::vector<const ComparedTable*> fitting;
    std::vector<std::string> names;
    std::vector<std::string> all;
    for (const ComparedTable& table : tables) {
        all.push_back(name_of(table.table));
        if (pattern.fits(table.table.schema, table.table.name)) {
            fitting.push_back(&table);
            names.push_back(all.back());
        }
    }
    if (fitting.empty()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("--rows: no table '{}' was compared", base::printable(asked)),
            fmt::format("Compared: {}.", all.empty() ? "no table" : base::list_some(all))};
    }
    if (fitting.size() > 1) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("--rows: '{}' fits several tables: {}",
                                      base::printable(asked), base::list_some(names)),
                          "Name one of them, with its schema."};
    }
    const ComparedTable& table = *fitting.front();
    const std::string name = base::printable(name_of(table.table));
    if (!is_in_both(table)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("--rows: only one of the two has the table {}", name),
                          "All of its rows are new or gone: see the list without --rows."};
    }
    if (table.rows == RowsMatch::not_compared && table.not_compared != k_only_counted) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("--rows: the rows of {} cannot be compared: {}", name, table.not_compared),
            "Leave --rows out, or use another dump."};
    }
    return table.table;
}

} // namespace dbbackup::ops
