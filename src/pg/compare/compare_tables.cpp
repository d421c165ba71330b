#include "pg/compare/name_pairs.hpp"
#include "pg/compare/outline_findings.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace dbbackup::pg {

namespace {

/// A table as in one of the dumps.
struct TableRows {
    DumpObject table;
    std::uint64_t copied = 0;
    std::uint64_t inserted = 0;
    Fingerprint fingerprint = {};
    std::vector<std::string> columns = {}; ///< of its COPY, if that names any

    [[nodiscard]] std::uint64_t all() const { return copied + inserted; }
};

DumpObject table_named(const std::string& schema, const std::string& name) {
    return {.kind = "table", .schema = schema, .name = name};
}

std::vector<TableRows> list_rows(const DumpOutline& outline) {
    std::map<DumpObject, std::uint64_t> inserted;
    for (const InsertedTable& table : outline.inventory().inserted) {
        inserted[table_named(table.schema, table.name)] = table.rows;
    }
    std::map<DumpObject, std::vector<std::string>> columns;
    for (const CopiedTable& table : outline.details().copied_tables) {
        columns[table_named(table.schema, table.name)] = table.columns;
    }
    std::vector<TableRows> all;
    for (const ScannedTable& table : outline.scanner().contents().tables) {
        const DumpObject name = table_named(table.schema, table.name);
        all.push_back({.table = name,
                       .copied = table.rows,
                       .inserted = std::exchange(inserted[name], 0),
                       .fingerprint = table.fingerprint,
                       .columns = columns[name]});
    }
    for (const auto& [table, rows] : inserted) { // only INSERTs, into what the dump does not make
        if (rows > 0) {
            all.push_back({.table = table, .inserted = rows});
        }
    }
    return all;
}

TableMatch match(const TableRows& dump, const TableRows& copy) {
    if (dump.all() != copy.all()) {
        return TableMatch::rows_differ;
    }
    if (dump.all() == 0) {
        return TableMatch::equal;
    }
    if (dump.inserted + copy.inserted > 0) {
        return TableMatch::rows_counted;
    }
    if (dump.columns == copy.columns || dump.columns.empty() || copy.columns.empty()) {
        return dump.fingerprint == copy.fingerprint ? TableMatch::equal
                                                    : TableMatch::contents_differ;
    }
    return std::ranges::is_permutation(dump.columns, copy.columns) ? TableMatch::columns_reordered
                                                                   : TableMatch::contents_differ;
}

std::vector<DumpObject> names_of(const std::vector<TableRows>& tables) {
    std::vector<DumpObject> names;
    std::ranges::transform(tables, std::back_inserter(names), &TableRows::table);
    return names;
}

} // namespace

std::vector<ComparedTable> compare_tables(const DumpOutline& dump, const DumpOutline& copy) {
    const std::vector<TableRows> in_dump = list_rows(dump);
    const std::vector<TableRows> in_copy = list_rows(copy);
    const NamePairs pairs = pair_names(names_of(in_dump), names_of(in_copy));
    std::vector<ComparedTable> compared;
    for (std::size_t at = 0; at < in_dump.size(); ++at) {
        const TableRows& table = in_dump[at];
        const auto partner = pairs.partners[at];
        compared.push_back(
            {.schema = table.table.schema,
             .name = table.table.name,
             .rows_in_dump = table.all(),
             .rows_in_copy = partner ? in_copy[*partner].all() : 0,
             .match = partner ? match(table, in_copy[*partner]) : TableMatch::missing});
    }
    for (const std::size_t at : pairs.unpaired) {
        const TableRows& table = in_copy[at];
        compared.push_back({.schema = table.table.schema,
                            .name = table.table.name,
                            .rows_in_dump = 0,
                            .rows_in_copy = table.all(),
                            .match = TableMatch::unexpected});
    }
    return compared;
}

} // namespace dbbackup::pg
