#include "ops/target/lock_room.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/lock_need.hpp>

#include <fmt/format.h>
#include <string_view>

namespace dbbackup::ops {

namespace {

/// Every server has room for this many: no need to ask it.
constexpr std::uint64_t k_always_fit = 200;

std::string setting_to_make(const pg::LockTable& table, std::uint64_t locks) {
    return fmt::format("set max_locks_per_transaction = {} in postgresql.conf and restart the "
                       "server",
                       table.setting_for(locks));
}

} // namespace

std::string find_lock_shortage(const RestoreRequest& request, const TargetServer& server,
                               const pg::DumpSummary& restored, const pg::TargetSurvey& target) {
    const std::uint64_t needed = pg::locks_to_create(restored.inventory) + target.locks_to_drop;
    if (request.jobs > 0 || needed <= k_always_fit) {
        return {}; // --jobs is not one transaction
    }
    pg::Session session = server.target_exists() ? server.open() : server.open_maintenance();
    const pg::LockTable table = pg::read_lock_table(session);
    if (needed <= table.room()) {
        return {};
    }
    return fmt::format("the server's lock table has room for about {} locks, and this restore "
                       "takes about {}: it may fail, and change nothing. To be safe, {}; or "
                       "restore an archive (dump -F custom) with --jobs",
                       base::with_thousands(table.room()), base::with_thousands(needed),
                       setting_to_make(table, needed));
}

std::string find_lock_hint(const base::Error& failure, const ServerAccess& access) {
    if (std::string_view{failure.what()}.find("max_locks_per_transaction") ==
        std::string_view::npos) {
        return {};
    }
    try {
        pg::Session session = access.open();
        const std::uint64_t locks = pg::locks_to_dump(session);
        const pg::LockTable table = pg::read_lock_table(session);
        return fmt::format("pg_dump locks each of the {} tables, and the server has room for "
                           "about {} locks. On the server, {}.",
                           base::with_thousands(locks), base::with_thousands(table.room()),
                           setting_to_make(table, locks));
    } catch (const base::Error&) {
        return {}; // the failure matters more than its hint
    }
}

} // namespace dbbackup::ops
