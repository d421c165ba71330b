#include "pg/target/column_changes.hpp"

#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>

namespace dbbackup::pg {

namespace {

std::vector<TableColumn> columns_of(const StateTable& table, bool mark_generated) {
    std::vector<TableColumn> columns;
    for (const StateColumn& column : table.columns) {
        const bool is_marked = mark_generated && column.is_generated && !column.type.empty();
        columns.push_back(
            {.name = column.name, .type = is_marked ? column.type + " generated" : column.type});
    }
    return columns;
}

/// Columns that only one of the two has count if the other names all of its own; else only those
/// that rows have.
void leave_out_unknown(const StateTable& named, const StateTable& other,
                       std::vector<std::string>& columns) {
    if (named.has_all_columns) {
        return;
    }
    if (!named.knows_generated) {
        columns.clear(); // it names none
        return;
    }
    std::erase_if(columns, [&other](const std::string& name) {
        return std::ranges::any_of(other.columns, [&name](const StateColumn& column) {
            return column.name == name && column.is_generated;
        });
    });
}

bool has_in_rows(const StateTable& table, const std::string& name) {
    return std::ranges::any_of(table.columns, [&name](const StateColumn& column) {
        return column.name == name && !column.is_generated;
    });
}

} // namespace

ColumnChanges compare_columns(const StateTable& then, const StateTable& now) {
    const bool mark = then.knows_generated && now.knows_generated;
    ColumnChanges changes = find_column_changes(columns_of(then, mark), columns_of(now, mark));
    leave_out_unknown(then, now, changes.added);
    leave_out_unknown(now, then, changes.gone);
    return changes;
}

bool knows_types(const StateTable& table) {
    return table.has_all_columns &&
           std::ranges::none_of(table.columns,
                                [](const StateColumn& column) { return column.type.empty(); });
}

std::vector<std::string> common_columns(const StateTable& then, const StateTable& now) {
    std::vector<std::string> common;
    for (const StateColumn& column : then.columns) {
        if (!column.is_generated && has_in_rows(now, column.name)) {
            common.push_back(column.name);
        }
    }
    return common;
}

std::vector<std::string> copied_columns(const StateTable& table) {
    std::vector<std::string> columns;
    for (const StateColumn& column : table.columns) {
        if (!column.is_generated) {
            columns.push_back(column.name);
        }
    }
    return columns;
}

} // namespace dbbackup::pg
