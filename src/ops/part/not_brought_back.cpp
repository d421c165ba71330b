#include "ops/part/not_brought_back.hpp"

#include "ops/restore/restore_transaction.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/left_behind.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

void note_not_brought_back(const TargetServer& server, const CheckedDump& dump,
                           const pg::DumpSummary& restored, RestorePlan& plan) {
    if (!plan.target_exists || plan.target_empty || plan.jobs > 0) {
        return;
    }
    pg::Session session = server.open();
    set_client_encoding(session, dump.inventory.encoding);
    pg::LeftBehind found = pg::find_left_behind(session, dump.inventory, restored.inventory);
    plan.not_brought_back = std::move(found.missing);
    if (!found.lost_tables.empty()) {
        const pg::RelationName& first = found.lost_tables.front();
        const std::size_t more = found.lost_tables.size() - 1;
        plan.warnings.push_back(fmt::format(
            "the target lacks {}{}. Objects dropped by DROP … CASCADE (foreign keys of other "
            "tables, views, entries in publications) come back only if you restore them too",
            base::printable(first.schema + "." + first.name),
            more == 0   ? ""
            : more == 1 ? " and 1 more table that you chose"
                        : fmt::format(" and {} more tables that you chose", more)));
    }
}

} // namespace dbbackup::ops
