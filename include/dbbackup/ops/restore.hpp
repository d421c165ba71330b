#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/dump_replayer.hpp>
#include <dbbackup/pg/table_columns.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What is dropped from the target first.
enum class Clean {
    nothing,
    dumped,     ///< the objects that the dump holds
    everything, ///< all objects, so that the target ends up as in the dump
};

/// Whether to create the target first, and drop it again if the restore fails.
enum class CreateTarget { no, yes };

enum class SafetyDump { take, skip };

/// What to do with sessions that block the restore.
enum class OtherSessions { wait_for, disconnect };

/// Whether to restore a dump of a later major version of PostgreSQL than the target's.
enum class Downgrade { refuse, allow };

/// What to do with objects named by `tables` and `schemas` that the target has and the dump lacks.
enum class MissingInDump { keep, drop };

struct RestoreRequest {
    pg::Connection connection; ///< of the target
    std::filesystem::path directory;
    std::string dump = "latest"; ///< see store::resolve_dump
    /// What "latest" chooses from; its database is the target's.
    store::LatestChoice latest = {};
    Clean clean = Clean::nothing;
    CreateTarget create = CreateTarget::no;
    SafetyDump safety_dump = SafetyDump::take;
    OtherSessions others = OtherSessions::wait_for;
    Downgrade downgrade = Downgrade::refuse;
    pg::OutsideFiles outside_files = pg::OutsideFiles::refuse;
    pg::Treatment owners = pg::Treatment::run;
    pg::Treatment privileges = pg::Treatment::run;
    /// Only these, by exact names ("table", "schema.table") or pg_dump's patterns; all, if both are
    /// empty.
    std::vector<std::string> tables = {};
    std::vector<std::string> schemas = {};
    MissingInDump missing_in_dump = MissingInDump::keep;
    /// 0: in the target, in one transaction. Else that many sessions restore an archive into a new
    /// database, which then takes the target's name.
    unsigned jobs = 0;
    /// Where the safety dump goes; `directory`, if not set.
    std::optional<std::filesystem::path> safety_directory = std::nullopt;
    std::chrono::milliseconds lock_timeout = std::chrono::seconds{30};
    base::CommandLine command_line = {}; ///< for hints
};

/// A table before and after.
struct TableChange {
    std::string schema;
    std::string name;
    bool in_target = false;
    /// Counted; nothing if the target lacks the table, or this role may not count its rows.
    std::optional<std::uint64_t> rows_now;
    std::optional<std::uint64_t> rows_after; ///< nothing if it will be dropped
    /// Nothing unless the dump's table replaces the target's and its columns are known.
    std::optional<pg::ColumnChanges> columns = std::nullopt;

    [[nodiscard]] bool columns_differ() const noexcept { return columns && columns->any(); }
};

/// What a restore is about to do.
struct RestorePlan {
    std::string dump_path;
    std::string dump_database; ///< the source; empty if unknown
    std::string dump_host;     ///< of that database, from the manifest; else empty
    int dump_port = 0;         ///< likewise; 0 if unknown
    std::optional<base::UtcTime> dump_taken_at;
    std::optional<std::chrono::seconds> dump_age;
    bool has_manifest = false;
    std::uint64_t dump_size = 0; ///< bytes of the file
    std::uint64_t dump_rows = 0;
    std::uint64_t sql_size = 0; ///< bytes of its SQL

    std::string host;
    int port = 0;
    std::string database;
    std::string server_version;
    bool target_exists = true;
    bool target_empty = true;      ///< it holds no objects of its own
    std::uint64_t target_size = 0; ///< bytes on the server's disk

    /// The part of the database that is restored, for people ("only schema tenant_5"); empty for
    /// all of it.
    std::string part;
    /// "the dump is of shop on db1:5432, the target is staging on localhost:5432"; empty if both
    /// are the same, as far as known.
    std::string other_database;

    Clean clean = Clean::nothing;
    unsigned jobs = 0;
    bool safety_dump = true;
    /// The target holds something, or something in it changes, so the restore must be confirmed.
    bool asks = true;
    /// Something in the target is dropped or changed.
    bool replaces = true;
    /// Tables of the dump, and those of the target that change, by schema and name.
    std::vector<TableChange> tables;
    std::vector<std::string> goes;           ///< what is dropped first, for people
    std::vector<std::string> stays;          ///< what else the target holds
    std::vector<std::string> stays_in_short; ///< the same, with many schemas as one entry
    /// What the restore changes in the target without dropping it, for people: "privileges of
    /// schema public", "value of sequence shop.invoice".
    std::vector<std::string> changes;
    /// Objects of the dump that the target lacks and that the restored part does not include, such
    /// as foreign keys to it and views; for people.
    std::vector<std::string> not_brought_back;
    /// Objects outside schemas that would go, but belong to others and stay, for people:
    /// "publication news (postgres)".
    std::vector<std::string> left_alone;
    std::vector<std::string> warnings;

    /// Current rows of the target's tables that are dropped or emptied; nothing if some could not
    /// be counted.
    [[nodiscard]] std::optional<std::uint64_t> rows_lost() const noexcept;
    [[nodiscard]] std::uint64_t tables_vanishing() const noexcept;
};

/// What a restore did.
struct RestoreOutcome {
    std::uint64_t rows = 0;
    std::uint64_t tables = 0;
    std::chrono::milliseconds duration{};   ///< from the first drop to the end of the checks
    std::optional<std::string> safety_dump; ///< path
    /// The undo command, without the URL; empty if there is none.
    std::vector<std::string> undo_command;
    /// Changes that the undo command does not undo, for people.
    std::vector<std::string> undo_leaves;
    /// SQL that brings the old state back, to run in another database; only with `jobs`.
    std::vector<std::string> undo_sql;
    std::optional<std::string> kept_database; ///< with `jobs`: the old target
    std::vector<std::string> left_out;        ///< of the dump, as requested
    std::vector<std::string> not_validated;   ///< constraints, as in the dump
};

struct RestoreReport {
    RestorePlan plan;
    std::optional<RestoreOutcome> outcome; ///< nothing if it was only planned
};

/// Decides whether a restore goes on.
class Approver {
public:
    virtual ~Approver() = default;
    /// The target is not empty, so require_approval() will ask. Throws base::Error{refused} if
    /// nobody can answer, before anything is read.
    virtual void require_somebody() {}
    /// Returns if the restore may go on; else throws base::Error{refused} or base::Interrupted.
    virtual void require_approval(const RestorePlan& plan) = 0;
};

/// What restore() would do. Changes nothing and does not ask. Throws what restore() throws before
/// it asks.
[[nodiscard]] RestorePlan plan_restore(const RestoreRequest& request, const Context& context);

/// Restores one dump. When it returns, the restore is committed. When it throws, the target is
/// unchanged; only if the connection broke during the commit and the server can no longer be asked,
/// the error says that the outcome is unknown.
[[nodiscard]] RestoreReport restore(const RestoreRequest& request, Approver& approver,
                                    const Context& context);

} // namespace dbbackup::ops
