#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/session.hpp>

#include <cstdint>

// A server has one table for the locks of all its sessions, whose size is set at its start. A lock
// that does not fit is an error, however long the transaction has worked by then.

namespace dbbackup::pg {

struct LockTable {
    std::uint64_t per_transaction = 0; ///< max_locks_per_transaction
    std::uint64_t transactions = 0;    ///< at most at a time, PostgreSQL's own processes included

    /// Locks that surely fit. More fit if other sessions leave room: on PostgreSQL 15, half as many
    /// again were measured with default settings, several times as many with tiny ones.
    [[nodiscard]] std::uint64_t room() const noexcept { return per_transaction * transactions; }

    /// The max_locks_per_transaction with which `locks` fit.
    [[nodiscard]] std::uint64_t setting_for(std::uint64_t locks) const noexcept;
};

[[nodiscard]] LockTable read_lock_table(Session& session);

/// About how many locks a transaction holds that makes everything a dump does: no fewer than it
/// needs if each table has a TOAST table.
[[nodiscard]] std::uint64_t locks_to_create(const DumpInventory& inventory);

/// How many locks pg_dump needs for the whole database: one for each table.
[[nodiscard]] std::uint64_t locks_to_dump(Session& session);

} // namespace dbbackup::pg
