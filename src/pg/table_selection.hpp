#pragma once

#include "pg/script_listener.hpp"

#include <set>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Chooses the statements of a dump that make some of its tables: the tables with all that
/// pg_dump writes for them (rows, defaults, indexes, constraints, triggers, rules, policies,
/// comments, privileges) and the sequences that they own. Without tables it wants everything.
class TableSelection {
public:
    /// Each as "table" or "schema.table", unquoted.
    explicit TableSelection(const std::vector<std::string>& tables);

    /// Statements come in the order of the dump.
    [[nodiscard]] bool wants(const ScriptStatement& statement);

    /// True for the table itself.
    [[nodiscard]] bool wants_table(const QualifiedName& table) const;

private:
    [[nodiscard]] bool wants_statement(const Statement& statement);

    std::set<std::string> tables_;
};

} // namespace dbbackup::pg
