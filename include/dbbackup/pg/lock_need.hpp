#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>

// A server has one table for the locks of all its sessions, whose size is set at its start. What
// does not fit fails, however long it has worked by then.

namespace dbbackup::pg {

struct LockTable {
    std::uint64_t per_transaction = 0; ///< max_locks_per_transaction
    std::uint64_t transactions = 0;    ///< that may be at a time, PostgreSQL's own processes too

    /// Locks that surely fit. The server has some room to spare: up to as many again, where no
    /// other session needs them.
    [[nodiscard]] std::uint64_t room() const noexcept { return per_transaction * transactions; }

    /// max_locks_per_transaction with which `locks` fit.
    [[nodiscard]] std::uint64_t setting_for(std::uint64_t locks) const noexcept;
};

[[nodiscard]] LockTable read_lock_table(Session& session);

/// About how many locks a transaction holds that makes all that a dump does: no fewer than it needs
/// where each table has a TOAST table.
[[nodiscard]] std::uint64_t locks_to_create(const DumpInventory& inventory);

/// How many locks pg_dump holds of the whole database: one for each table.
[[nodiscard]] std::uint64_t locks_to_dump(Session& session);

} // namespace dbbackup::pg
