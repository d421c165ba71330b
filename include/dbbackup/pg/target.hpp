#pragma once

#include <dbbackup/pg/dump_summary.hpp>
#include <dbbackup/pg/objection.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/pg/table_columns.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The database that a restore writes to: what it holds, what of it must be dropped, and what must
// stay.

namespace dbbackup::pg {

/// What a restore drops first.
enum class DropScope {
    nothing,
    /// The single objects that the dump makes: for a dump of chosen tables.
    dumped_objects,
    /// The schemas that the dump makes, and `public` if the dump makes something in it, with
    /// everything in them; and what the dump makes outside schemas.
    dumped_schemas,
    /// The schemas in DumpInventory::created_schemas, with everything in them, and the single
    /// objects that the dump makes in others: for chosen schemas of a dump.
    chosen_schemas,
    /// Everything that is not PostgreSQL's own: the target will hold only the dump.
    everything,
};

/// What to do if a table to be counted stays locked for longer than lock_timeout.
enum class LockedTables { fail, pass_over };

struct TargetTable {
    std::string schema;
    std::string name;
    std::uint64_t rows = 0; ///< counted
    /// False for a table that this user may not read in full, and for a locked one that was passed
    /// over: `rows` is 0 then.
    bool counted = true;
    bool goes = false; ///< it is dropped or emptied before the restore
    /// If it goes and the dump makes it again, as far as the dump names its columns.
    std::optional<ColumnChanges> columns = std::nullopt;
};

/// An object of the target that a restore neither drops nor sets, because it may not.
struct LeftAlone {
    DumpObject object;
    std::string owner;
};

struct TargetSurvey {
    bool empty = true; ///< it has no objects but those of a new database
    /// Those with their own rows: partitions, not their parents; no foreign tables, no views. By
    /// schema and name.
    std::vector<TargetTable> tables;
    /// What the dump makes, but the target has already and the restore does not drop: it would
    /// fail.
    std::vector<DumpObject> conflicts;
    /// Objects to be kept that depend on dropped ones and would be dropped with them, for people:
    /// "view reporting.totals". A restore must not begin while there are any.
    std::vector<std::string> dependents;
    /// SQL that drops what goes, one statement each. Run it in this order in the restore's
    /// transaction. If `public` is dropped, it is made again as by initdb.
    std::vector<std::string> drop_statements;
    bool keeps_public = false;  ///< `public` is not ours to drop, so only its content can go
    bool clears_public = false; ///< and it does
    /// Outside schemas: what would go, but belongs to a role that ours is not a member of. It
    /// stays.
    std::vector<LeftAlone> left_alone;
    /// Rights that our role lacks. A restore must not begin while there are any.
    std::vector<Objection> objections;
    std::uint64_t locks_to_drop = 0; ///< about how many the transaction holds that runs them
    std::vector<std::string> goes;   ///< for people: "schema shop", "publication news"
    std::vector<std::string> stays;  ///< for people: "schema audit (3 tables)", "extension pg_trgm"
    std::vector<std::string>
        stays_in_short; ///< the same, many schemas as one: "30 other schemas …"
    /// What the restore replaces or removes in the target besides objects, for people: "privileges
    /// of schema public", "value of sequence shop.invoice", "row-level security of table shop.t".
    std::vector<std::string> changes;
    std::vector<std::string> missing_roles;      ///< named in the dump, but missing on the server
    std::vector<std::string> missing_extensions; ///< not installed on the server's machine
};

/// Changes nothing. Throws base::Error, also if a lock could not be acquired within the session's
/// lock_timeout, unless those tables are passed over.
[[nodiscard]] TargetSurvey survey_target(Session& session, const DumpSummary& dump, DropScope scope,
                                         LockedTables locked = LockedTables::fail);

/// Names of all objects outside what `scope` drops, each unique within the database. Call it in the
/// restore's transaction before the drops and at the end: what is missing then was lost.
[[nodiscard]] std::vector<std::string> list_bystanders(Session& session, const DumpSummary& dump,
                                                       DropScope scope);

} // namespace dbbackup::pg
