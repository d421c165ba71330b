#include "ops/compare/row_differences.hpp"

#include "ops/compare/row_matching.hpp"

#include <dbbackup/pg/copied_fields.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace dbbackup::ops {

namespace {

/// The primary key, if both states have its columns; `now` first, which may have another one.
std::vector<std::string> find_key(const ComparedSide& then, const ComparedSide& now,
                                  const TableColumns& common) {
    for (const ComparedSide* side : {&now, &then}) {
        const auto& tables = side->state().tables;
        const auto table = std::ranges::find(tables, common.table, &pg::StateTable::table);
        if (table == tables.end() || table->key.empty()) {
            continue;
        }
        const bool has_all = std::ranges::all_of(table->key, [&](const std::string& column) {
            return std::ranges::count(common.columns, column) > 0;
        });
        if (has_all) {
            return table->key;
        }
    }
    return {};
}

/// The columns with those of the key first.
TableColumns with_key_first(const TableColumns& common, const std::vector<std::string>& key) {
    TableColumns ordered{common.table, key};
    for (const std::string& column : common.columns) {
        if (std::ranges::count(key, column) == 0) {
            ordered.columns.push_back(column);
        }
    }
    return ordered;
}

/// The first `fields` fields of a row.
std::string_view beginning_of(std::string_view row, std::size_t fields) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < fields; ++i) {
        end = row.find('\t', i == 0 ? 0 : end + 1);
        if (end == std::string_view::npos) {
            return row;
        }
    }
    return row.substr(0, end);
}

/// The rows to show, by the hashes of their keys: then and now.
using ShownRows =
    std::map<RowHash, std::pair<std::optional<std::string>, std::optional<std::string>>>;

std::vector<std::optional<std::string>> values_of(std::string_view row, std::size_t most) {
    std::vector<std::optional<std::string>> values;
    for (const std::string_view field : pg::split_copied_row(row)) {
        if (values.size() < most) {
            values.push_back(pg::read_copied_field(field));
        }
    }
    return values;
}

std::vector<RowDifference::Field> changed_fields(const TableColumns& columns, std::size_t key_size,
                                                 std::string_view then, std::string_view now) {
    std::vector<RowDifference::Field> changed;
    const auto before = values_of(then, columns.columns.size());
    const auto after = values_of(now, columns.columns.size());
    for (std::size_t i = key_size; i < std::min(before.size(), after.size()); ++i) {
        if (before[i] != after[i]) {
            changed.push_back({columns.columns[i], before[i], after[i]});
        }
    }
    return changed;
}

} // namespace

RowDifferences find_row_differences(ComparedSide& then, ComparedSide& now,
                                    const TableColumns& common, std::uint64_t limit) {
    RowDifferences differences;
    differences.table = common.table;
    differences.key = find_key(then, now, common);
    differences.has_key = !differences.key.empty();
    if (!differences.has_key) {
        differences.key = common.columns;
    }
    const TableColumns columns = with_key_first(common, differences.key);
    const std::size_t key_size = differences.key.size();
    const auto key_of = [key_size](std::string_view row) {
        return hash_row(beginning_of(row, key_size));
    };

    RowMatching matching;
    for (auto [compared, side] : {std::pair{&then, Side::then}, std::pair{&now, Side::now}}) {
        compared->read_rows(columns, [&, side = side](std::string_view row) {
            matching.add(side, key_of(row), hash_row(row));
        });
    }
    const UnmatchedRows unmatched = matching.finish(limit);
    differences.added = unmatched.added;
    differences.gone = unmatched.gone;
    differences.changed = unmatched.changed;
    if (unmatched.chosen.empty()) {
        return differences;
    }

    ShownRows rows;
    for (const ChosenRow& chosen : unmatched.chosen) {
        rows[chosen.key] = {};
    }
    for (auto [compared, side] : {std::pair{&then, Side::then}, std::pair{&now, Side::now}}) {
        compared->read_rows(columns, [&, side = side](std::string_view row) {
            if (const auto wanted = rows.find(key_of(row)); wanted != rows.end()) {
                (side == Side::then ? wanted->second.first : wanted->second.second) = row;
            }
        });
    }
    for (const auto& [change, number, key] : unmatched.chosen) {
        const auto& [before, after] = rows.at(key);
        RowDifference difference;
        difference.key = values_of(before ? *before : after.value_or(""), key_size);
        if (change == RowChange::changed) {
            difference.changed =
                changed_fields(columns, key_size, before.value_or(""), after.value_or(""));
        }
        (change == RowChange::added  ? differences.added_rows
         : change == RowChange::gone ? differences.gone_rows
                                     : differences.changed_rows)
            .push_back(std::move(difference));
    }
    return differences;
}

} // namespace dbbackup::ops
