#include "pg/connect/answered_number.hpp"

#include <dbbackup/pg/lock_need.hpp>

#include <algorithm>

namespace dbbackup::pg {

namespace {

/// A table, its TOAST table, and that one's index.
constexpr std::uint64_t k_locks_of_new_table = 3;

} // namespace

std::uint64_t LockTable::setting_for(std::uint64_t locks) const noexcept {
    constexpr std::uint64_t k_step = 64; // PostgreSQL's default, for a round number
    const std::uint64_t least = locks / std::max<std::uint64_t>(transactions, 1) + 1;
    return (least + k_step - 1) / k_step * k_step;
}

LockTable read_lock_table(Session& session) {
    // All processes that have a slot in it (PostgreSQL's InitializeMaxBackends); one is
    // autovacuum's launcher.
    const Session::Row row =
        session
            .query("select pg_catalog.current_setting('max_locks_per_transaction'), "
                   "1 + pg_catalog.sum(s.setting::pg_catalog.int8) from pg_catalog.pg_settings s "
                   "where s.name in ('max_connections', 'max_prepared_transactions', "
                   "'autovacuum_max_workers', 'max_worker_processes', 'max_wal_senders')")
            .at(0);
    return {.per_transaction = answered_number(row[0]), .transactions = answered_number(row[1])};
}

std::uint64_t locks_to_create(const DumpInventory& inventory) {
    std::uint64_t locks = inventory.created_schemas.size() + inventory.large_objects.size();
    for (const DumpObject& object : inventory.objects) {
        const bool has_rows = object.kind == "table" || object.kind == "materialized view";
        locks += has_rows ? k_locks_of_new_table : 1;
    }
    // Those of constraints; others are among the objects.
    const auto indexes = static_cast<std::uint64_t>(
        std::ranges::count(inventory.table_parts, "index", &TablePart::kind));
    const auto known = static_cast<std::uint64_t>(
        std::ranges::count(inventory.objects, "index", &DumpObject::kind));
    return locks + indexes - std::min(indexes, known);
}

std::uint64_t locks_to_dump(Session& session) {
    return answered_number(session
                               .query("select pg_catalog.count(*) from pg_catalog.pg_class c "
                                      "where c.relkind in ('r', 'p') and c.relpersistence <> 't' "
                                      "and c.oid >= 16384")
                               .at(0)
                               .at(0));
}

} // namespace dbbackup::pg
