#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <cstdint>

namespace dbbackup::pg {

/// What reading a dump told, or as much of it as a part of the dump has.
struct DumpSummary {
    DumpContents contents;   ///< the rows that it holds
    DumpInventory inventory; ///< what it makes

    /// Of all tables, be they copied or inserted.
    [[nodiscard]] std::uint64_t rows() const noexcept;
    /// There are rows, and no table is made for them: the target must have the tables.
    [[nodiscard]] bool holds_rows_alone() const noexcept;
};

} // namespace dbbackup::pg
