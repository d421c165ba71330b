#pragma once

#include <dbbackup/pg/dump_summary.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/pg/table_columns.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The database that a restore writes to: what it holds, what of that must go, and what must stay.

namespace dbbackup::pg {

/// What a restore drops first.
enum class DropScope {
    nothing,
    /// The single objects that the dump makes: for a dump of chosen tables.
    dumped_objects,
    /// The schemas that the dump makes or, of `public`, makes something in, with all that is in
    /// them; and what the dump makes outside schemas.
    dumped_schemas,
    /// The schemas that DumpInventory::created_schemas names, with all that is in them, and the
    /// single objects that the dump makes in others: for chosen schemas of a dump.
    chosen_schemas,
    /// All that is not PostgreSQL's own, so that the target ends as the dump alone has it.
    everything,
};

/// What becomes of counting where somebody keeps a table locked for longer than lock_timeout.
enum class LockedTables { fail, pass_over };

struct TargetTable {
    std::string schema;
    std::string name;
    std::uint64_t rows = 0; ///< counted
    /// False for a table that this user may not read, or not every row of, and for a locked one
    /// that was passed over: `rows` is 0 then.
    bool counted = true;
    bool goes = false; ///< it is dropped or emptied first
    /// If it goes and the dump makes it again, as far as the dump tells its columns.
    std::optional<ColumnChanges> columns = std::nullopt;
};

struct TargetSurvey {
    bool empty = true; ///< no object but what a new database has
    /// Those with rows of their own: partitions, not their parents; no foreign tables, no views.
    /// By schema and name.
    std::vector<TargetTable> tables;
    /// Of what the dump makes, that which the target has already and which is not dropped first: a
    /// restore would fail on it.
    std::vector<DumpObject> conflicts;
    /// Objects outside what is dropped that would go with it because they depend on it, for people:
    /// "view reporting.totals". A restore must not begin while there are any.
    std::vector<std::string> dependents;
    /// SQL that drops what goes, each a single statement, to be run in this order in the restore's
    /// transaction. Makes `public` anew as initdb makes it where that is dropped.
    std::vector<std::string> drop_statements;
    std::uint64_t locks_to_drop = 0; ///< about how many a transaction holds that runs them
    std::vector<std::string> goes;   ///< for people: "schema shop", "publication news"
    std::vector<std::string> stays;  ///< for people: "schema audit (3 tables)", "extension pg_trgm"
    std::vector<std::string>
        stays_in_short; ///< the same, many schemas as one: "30 other schemas …"
    /// What the target has of its own and the restore replaces or takes away without dropping any
    /// object, for people: "privileges of schema public", "value of sequence shop.invoice".
    std::vector<std::string> changes;
    std::vector<std::string> missing_roles;      ///< that the dump names and the server lacks
    std::vector<std::string> missing_extensions; ///< not installed on the server's machine
};

/// Looks, and changes nothing. Throws base::Error, also if a lock is in the way for longer than
/// the session's lock_timeout, unless those tables are passed over.
[[nodiscard]] TargetSurvey survey_target(Session& session, const DumpSummary& dump, DropScope scope,
                                         LockedTables locked = LockedTables::fail);

/// Names of all that stands outside what `scope` drops, each unique within the database. To be
/// asked for in the restore's transaction before the drops and at the end: what is missing then was
/// lost.
[[nodiscard]] std::vector<std::string> list_bystanders(Session& session, const DumpSummary& dump,
                                                       DropScope scope);

} // namespace dbbackup::pg
