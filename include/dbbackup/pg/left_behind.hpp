#pragma once

#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/session.hpp>

#include <string>
#include <vector>

namespace dbbackup::pg {

/// What the restore of a part does not bring back, though the dump holds it.
struct LeftBehind {
    /// Tables that are restored and that the target lacks: what depended on them may have gone with
    /// them. By schema and name.
    std::vector<RelationName> lost_tables;
    /// What the target lacks, for people: foreign keys that other tables have onto what is restored
    /// ("foreign key fk of shop.lines"), and where tables are lost, views ("view shop.totals").
    std::vector<std::string> missing;
};

/// `whole` is the dump, `chosen` the part of it that is restored.
[[nodiscard]] LeftBehind find_left_behind(Session& session, const DumpInventory& whole,
                                          const DumpInventory& chosen);

} // namespace dbbackup::pg
