#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// What restoring a part leaves out although the dump holds it.
struct LeftBehind {
    /// Restored tables that the target lacks: what depended on them may have been dropped with
    /// them. By schema and name.
    std::vector<RelationName> lost_tables;
    /// What the target lacks, for people: foreign keys of other tables that reference restored ones
    /// ("foreign key fk of shop.lines"), and if tables are lost, views ("view shop.totals").
    std::vector<std::string> missing;
};

/// `whole` is the dump, `chosen` the part of it that is restored.
[[nodiscard]] LeftBehind find_left_behind(Session& session, const DumpInventory& whole,
                                          const DumpInventory& chosen);

} // namespace dbbackup::pg
