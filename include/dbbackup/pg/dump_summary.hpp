#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <cstdint>

namespace dbbackup::pg {

/// What was learned by reading a dump, or what of that applies to a part of the dump.
struct DumpSummary {
    DumpContents contents;   ///< the rows that it holds
    DumpInventory inventory; ///< what it makes

    /// Of all tables, copied or inserted.
    [[nodiscard]] std::uint64_t rows() const noexcept;
    /// True if there are rows, but no table is made for them: the target must have the tables.
    [[nodiscard]] bool holds_rows_alone() const noexcept;
};

} // namespace dbbackup::pg
