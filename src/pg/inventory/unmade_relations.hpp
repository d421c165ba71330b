#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <set>
#include <vector>

namespace dbbackup::pg {

/// Collects the relations that a dump's statements need, to find those that it does not make: only
/// a dump of a part of a database has those, or one with an extension's tables.
class UnmadeRelations {
public:
    /// For each statement except INSERT: need() takes its table.
    void take(const ScriptStatement& statement);
    void need(const QualifiedName& relation);

    /// What is needed and not in `inventory`, whose objects, foreign keys and parts of tables must
    /// be complete.
    [[nodiscard]] std::vector<RelationName> list(const DumpInventory& inventory) const;

private:
    std::set<RelationName> needed_;
};

} // namespace dbbackup::pg
