#pragma once

#include "pg/script_listener.hpp"

#include <dbbackup/pg/dump_inventory.hpp>

#include <set>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Chooses the statements of a dump that make some of its tables: the tables with all that
/// pg_dump --table writes for them (rows, defaults, indexes, constraints, triggers, rules,
/// policies, statistics, comments, privileges), the sequences that they own, and their partitions.
/// Views, materialized views, foreign tables and sequences are tables here too. Without tables it
/// wants everything.
class TableSelection {
public:
    /// Each of `tables` as "table", in whatever schema, or "schema.table"; unquoted.
    TableSelection(const std::vector<std::string>& tables, const std::vector<TablePart>& parts);

    /// True for settings as well, which all statements need.
    [[nodiscard]] bool wants(const ScriptStatement& statement) const;
    [[nodiscard]] bool wants(const DumpObject& object) const;
    [[nodiscard]] bool wants(const TablePart& part) const;
    /// A table, or what has its name among relations: an index, an owned sequence.
    [[nodiscard]] bool wants_relation(const QualifiedName& name) const;

    /// A table that was asked for, or a partition of such a one.
    [[nodiscard]] bool is_chosen(const QualifiedName& table) const;

    /// True where a partition is put into a table that is not among the chosen: the table's own
    /// indexes and keys would come with it, so that the partition's must be there before.
    [[nodiscard]] bool comes_last(const ScriptStatement& statement) const;

private:
    [[nodiscard]] bool names(const QualifiedName& table) const;

    std::set<std::string> tables_;
    std::set<QualifiedName> partitions_;
    std::set<QualifiedName> relations_; ///< parts of the tables
    std::set<QualifiedName> statistics_;
};

} // namespace dbbackup::pg
