#pragma once

#include <dbbackup/pg/placing_plan.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/stream/pump.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Places rows in the tables of a database, by a plan (plan_placing). All in one transaction, which
// the caller begins and ends.

namespace dbbackup::pg {

struct PlacingRun {
    bool is_dry = false;          ///< rolled back afterwards: uses no number of a sequence
    bool skips_conflicts = false; ///< places all other rows
    std::function<void(const std::string& table)> on_table = {}; ///< which one is being placed
    std::function<void()> before_writing = {}; ///< nothing of the target has changed yet
};

/// A row of the source that is not placed.
struct PlacingConflict {
    RelationName table;
    std::string key;    ///< "id=5", or "row 7" if it has none
    std::string reason; ///< for people; may quote values
};

struct PlacingCounts {
    std::uint64_t source = 0; ///< rows read
    std::uint64_t inserted = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0; ///< there, with the same content
    std::uint64_t kept = 0;      ///< there with other content, which stays
    std::uint64_t deleted = 0;
    std::uint64_t conflicts = 0;
};

struct PlacingResult {
    std::vector<PlacingCounts> tables; ///< as in the plan
    std::vector<PlacingConflict> conflicts;
};

/// Temporary tables with the source's rows. They go when the transaction ends.
class StagedRows {
public:
    /// Creates them. `session` is in the transaction. Throws ServerError.
    StagedRows(Session& session, const PlacingPlan& plan, const RowSource& source);

    /// The tables of the source whose rows are wanted: indexes into RowSource::tables.
    [[nodiscard]] std::vector<std::size_t> wanted() const;

    /// `row` of the source's table is as in ImportSource::RowListener. Throws ServerError.
    void take(std::size_t table, std::string_view row);

    /// After the last row. Throws ServerError.
    void finish();

    /// How many rows of each table of the plan were taken.
    [[nodiscard]] const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }

private:
    void end_table();

    Session& session_;
    std::string encoding_;                          ///< of the rows
    std::map<std::size_t, std::size_t> placing_of_; ///< by the source's table
    std::map<std::size_t, std::string> copies_;     ///< the COPY statement of each
    std::size_t current_ = 0;
    bool is_copying_ = false;
    std::string buffer_;
    std::vector<std::uint64_t> counts_;
};

/// Locks the tables that are written against other writers, and their sequences against everyone,
/// so that a rollback gives back the numbers, too. Makes sure that no policy hides rows. Throws
/// ServerError.
void lock_placed_tables(Session& session, const PlacingPlan& plan,
                        std::chrono::milliseconds lock_timeout);

/// Places the staged rows. If there are conflicts and they are not skipped, nothing more is placed
/// than was needed to find them, and the caller must roll back. Throws ServerError, and
/// base::Error{refused} if the numbers of the source cannot be those of the target.
[[nodiscard]] PlacingResult place_rows(Session& session, const PlacingPlan& plan,
                                       const StagedRows& staged, const PlacingRun& run);

/// The columns that identify a row of a table whose rows were inserted.
struct InsertedKey {
    RelationName table;
    std::vector<std::string> key;
};

/// Shows an MD5 of each inserted row as text and its key to `observer`, in COPY's text format, for
/// one table of the plan. Returns how many rows. Throws ServerError.
std::uint64_t read_inserted_keys(Session& session, const PlacingPlan& plan, std::size_t table,
                                 stream::Observer& observer);

/// What became of the inserted rows of one table.
struct RemovedRows {
    std::uint64_t deleted = 0;
    std::uint64_t changed = 0; ///< since they were inserted, so they stay
    std::uint64_t gone = 0;
    std::uint64_t in_use = 0; ///< other rows refer to them, so they stay
};

/// Deletes rows that were inserted. `session` is in a transaction, which the caller ends.
class InsertedRows {
public:
    /// `tables` in the order in which they were written. Throws ServerError.
    InsertedRows(Session& session, std::vector<InsertedKey> tables);

    /// `row` is as read_inserted_keys() gave it, without its line end. A table's rows come
    /// together. Throws ServerError.
    void take(std::size_t table, std::string_view row);

    /// After the last row. Throws ServerError.
    void finish();

    /// Then. Throws ServerError, and base::Error{refused} if a table is not as it was or has
    /// triggers that `triggers` does not allow.
    [[nodiscard]] std::vector<RemovedRows> remove(const PlacingTarget& target,
                                                  PlacingTriggers triggers,
                                                  std::chrono::milliseconds lock_timeout);

private:
    void lock_children(const PlacingTarget& target);
    [[nodiscard]] RemovedRows remove_from(const PlacingTarget& target, std::size_t number);

    Session& session_;
    std::vector<InsertedKey> tables_;
    std::vector<std::uint64_t> counts_;
    std::optional<std::size_t> current_;
    std::string buffer_;
};

} // namespace dbbackup::pg
