#include "pg/target/column_changes.hpp"

#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>

namespace dbbackup::pg {

namespace {

std::vector<TableColumn> columns_of(const StateTable& table) {
    std::vector<TableColumn> columns;
    for (const StateColumn& column : table.columns) {
        const bool is_marked = column.is_generated && !column.type.empty();
        columns.push_back(
            {.name = column.name, .type = is_marked ? column.type + " generated" : column.type});
    }
    return columns;
}

bool has_in_rows(const StateTable& table, const std::string& name) {
    return std::ranges::any_of(table.columns, [&name](const StateColumn& column) {
        return column.name == name && !column.is_generated;
    });
}

} // namespace

ColumnChanges compare_columns(const StateTable& then, const StateTable& now) {
    return find_column_changes(columns_of(then), columns_of(now));
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
