#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dump_inventory.hpp>

#include <set>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// Chooses the statements of a dump that make some of its tables: the tables with all that pg_dump
/// --table writes for them (rows, defaults, indexes, constraints, triggers, rules, policies,
/// statistics, comments, privileges), the sequences that they own, and their partitions. Views,
/// materialized views, foreign tables and sequences count as tables. Of chosen schemas it wants
/// everything in them, and the schemas themselves.
class TableSelection {
public:
    TableSelection(const ChosenPart& chosen, const std::vector<TablePart>& parts);

    /// True for settings as well, which all statements need.
    [[nodiscard]] bool wants(const ScriptStatement& statement) const;
    [[nodiscard]] bool wants(const DumpObject& object) const;
    [[nodiscard]] bool wants(const TablePart& part) const;
    /// A table, or another relation: an index, an owned sequence.
    [[nodiscard]] bool wants_relation(const QualifiedName& name) const;

    /// One of the chosen schemas.
    [[nodiscard]] bool wants_schema(const std::string& schema) const;

    /// A table that was asked for, or a partition of one.
    [[nodiscard]] bool is_chosen(const QualifiedName& table) const;

    /// True if the statement attaches a partition to a table that is not chosen: that would also
    /// create the table's indexes and keys, so the partition's must exist before.
    [[nodiscard]] bool comes_last(const ScriptStatement& statement) const;

private:
    [[nodiscard]] bool wants_outside_tables(const ScriptStatement& statement) const;

    bool whole_;
    std::set<QualifiedName> tables_;
    std::set<std::string> schemas_;
    std::set<std::string> extensions_;
    std::set<QualifiedName> partitions_;
    std::set<QualifiedName> relations_; ///< parts of the tables
    std::set<QualifiedName> statistics_;
};

} // namespace dbbackup::pg
