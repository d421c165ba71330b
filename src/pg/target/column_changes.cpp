#include "pg/target/column_changes.hpp"

#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace dbbackup::pg {

namespace {

using ColumnsOfTables = std::map<std::string, std::vector<TableColumn>>;

/// By the tables' OIDs.
ColumnsOfTables read_columns(Session& session, const std::vector<std::string>& oids) {
    ColumnsOfTables columns;
    for (const Session::Row& row : session.query(
             "select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) "
             "from pg_catalog.pg_attribute a "
             "where a.attrelid = any ($1::pg_catalog.oid[]) and a.attnum > 0 "
             "and not a.attisdropped order by a.attrelid, a.attnum",
             {array_parameter(oids)})) {
        columns[row[0]].push_back({row[1], row[2]});
    }
    return columns;
}

const TableColumn* find_column(const std::vector<TableColumn>& columns, const std::string& name) {
    const auto found = std::ranges::find(columns, name, &TableColumn::name);
    return found == columns.end() ? nullptr : &*found;
}

} // namespace

ColumnChanges find_column_changes(const std::vector<TableColumn>& now,
                                  const std::vector<TableColumn>& after) {
    ColumnChanges changes;
    for (const TableColumn& column : after) {
        const TableColumn* before = find_column(now, column.name);
        if (before == nullptr) {
            changes.added.push_back(column.name);
        } else if (!column.type.empty() && !before->type.empty() &&
                   normalized_types(column.type) != normalized_types(before->type)) {
            changes.changed.push_back({column.name, before->type, column.type});
        }
    }
    for (const TableColumn& column : now) {
        if (find_column(after, column.name) == nullptr) {
            changes.gone.push_back(column.name);
        }
    }
    return changes;
}

void compare_columns(Session& session, const std::vector<const TargetObject*>& objects,
                     const DumpInventory& inventory, std::vector<TargetTable>& tables) {
    std::map<std::pair<std::string, std::string>, const DumpedColumns*> dumped;
    for (const DumpedColumns& columns : inventory.columns) {
        dumped[{columns.schema, columns.name}] = &columns;
    }
    std::vector<std::pair<std::size_t, const DumpedColumns*>> compared;
    std::vector<std::string> oids;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto found = dumped.find({objects[i]->id.schema, objects[i]->id.name});
        if (objects[i]->goes() && found != dumped.end()) {
            compared.emplace_back(i, found->second);
            oids.push_back(objects[i]->oid);
        }
    }
    if (compared.empty()) {
        return;
    }
    const ColumnsOfTables now = read_columns(session, oids);
    for (const auto& [i, after] : compared) {
        const auto found = now.find(objects[i]->oid);
        tables.at(i).columns = find_column_changes(
            found == now.end() ? std::vector<TableColumn>{} : found->second, after->columns);
    }
}

} // namespace dbbackup::pg
