#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <cstdint>
#include <vector>

namespace dbbackup::pg {

/// What was learned by reading a dump, or what of that applies to a part of the dump.
struct DumpSummary {
    DumpContents contents;   ///< the rows that it holds
    DumpInventory inventory; ///< what it makes

    /// Of all tables, copied or inserted.
    [[nodiscard]] std::uint64_t rows() const noexcept;
    /// True if there are rows, but no table is made for them: the target must have the tables.
    [[nodiscard]] bool holds_rows_alone() const noexcept;
    /// Tables that the dump creates and whose rows it left out (pg_dump --exclude-table-data):
    /// other tables have a data section, which pg_dump writes for an empty table too. Not those
    /// whose rows are in a partitioned table above them. None of a dump with INSERT statements,
    /// which an empty table has none of.
    [[nodiscard]] std::vector<RelationName> tables_without_data() const;
};

} // namespace dbbackup::pg
