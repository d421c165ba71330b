#include <dbbackup/pg/dump_summary.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace dbbackup::pg {

std::uint64_t DumpSummary::rows() const noexcept {
    std::uint64_t inserted = 0;
    for (const InsertedTable& table : inventory.inserted) {
        inserted += table.rows;
    }
    return contents.total_rows() + inserted;
}

bool DumpSummary::holds_rows_alone() const noexcept {
    return rows() > 0 && std::ranges::none_of(inventory.objects, [](const DumpObject& object) {
               return object.kind == "table";
           });
}

std::vector<RelationName> DumpSummary::tables_without_data() const {
    std::set<RelationName> with_data;
    for (const ScannedTable& table : contents.tables) {
        if (table.has_data) {
            with_data.insert({table.schema, table.name});
        }
    }
    if (with_data.empty() || contents.insert_statements > 0) {
        return {};
    }
    std::map<RelationName, RelationName> parents;
    for (const TablePart& part : inventory.table_parts) {
        if (part.kind == "partition") {
            parents[{part.schema, part.name}] = {part.table_schema, part.table};
        }
    }
    std::vector<RelationName> without;
    for (const ScannedTable& table : contents.tables) {
        const RelationName name{table.schema, table.name};
        bool has_data = with_data.contains(name);
        for (auto above = parents.find(name); above != parents.end() && !has_data;
             above = parents.find(above->second)) {
            has_data = with_data.contains(above->second);
        }
        if (!has_data) {
            without.push_back(name);
        }
    }
    return without;
}

} // namespace dbbackup::pg
