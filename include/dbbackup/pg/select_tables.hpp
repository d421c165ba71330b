#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <string>
#include <vector>

// A dump as far as some of its tables go. They are given as "table", in whatever schema, or
// "schema.table"; views and sequences count as tables too.

namespace dbbackup::pg {

/// Those of `tables` that the dump does not hold.
[[nodiscard]] std::vector<std::string> find_missing_tables(const DumpContents& contents,
                                                           const DumpInventory& inventory,
                                                           const std::vector<std::string>& tables);

/// Partitions among `tables` whose rows the dump has in a table above them, which is not among
/// `tables` (pg_dump --load-via-partition-root).
[[nodiscard]] std::vector<std::string>
find_tables_without_rows(const DumpContents& contents, const DumpInventory& inventory,
                         const std::vector<std::string>& tables);

struct SelectedTables {
    DumpContents contents;
    DumpInventory inventory;
};

/// What DumpReplayer runs of a dump with ReplayOptions::tables: the tables with their rows, their
/// indexes, statistics, partitions and owned sequences, and the roles that all these need. No
/// schemas, types, extensions or large objects.
[[nodiscard]] SelectedTables select_tables(const DumpContents& contents,
                                           const DumpInventory& inventory,
                                           const std::vector<std::string>& tables);

} // namespace dbbackup::pg
