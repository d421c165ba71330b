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

/// What of the target is dropped first.
enum class Clean {
    nothing,
    dumped,     ///< what the dump holds
    everything, ///< all of it, so that the target ends as the dump alone has it
};

/// Whether the target is made first, and dropped again if the restore fails.
enum class CreateTarget { no, yes };

enum class SafetyDump { take, skip };

/// What becomes of sessions that are in the way.
enum class OtherSessions { wait_for, disconnect };

/// A dump of a later major version of PostgreSQL than the target's.
enum class Downgrade { refuse, allow };

/// What `tables` and `schemas` of a request name, the dump lacks and the target has.
enum class MissingInDump { keep, drop };

struct RestoreRequest {
    pg::Connection connection; ///< of the target
    std::filesystem::path directory;
    std::string dump = "latest"; ///< as store::resolve_dump takes it
    /// What "latest" chooses from; its database is that of the target.
    store::LatestChoice latest = {};
    Clean clean = Clean::nothing;
    CreateTarget create = CreateTarget::no;
    SafetyDump safety_dump = SafetyDump::take;
    OtherSessions others = OtherSessions::wait_for;
    Downgrade downgrade = Downgrade::refuse;
    pg::OutsideFiles outside_files = pg::OutsideFiles::refuse;
    pg::Treatment owners = pg::Treatment::run;
    pg::Treatment privileges = pg::Treatment::run;
    /// Only these, by exact names ("table", "schema.table") or pg_dump's patterns; all where both
    /// are empty.
    std::vector<std::string> tables = {};
    std::vector<std::string> schemas = {};
    MissingInDump missing_in_dump = MissingInDump::keep;
    /// 0: in the target, in one transaction. Else an archive is restored by so many sessions into a
    /// new database, which then takes the target's name.
    unsigned jobs = 0;
    /// Where the safety dump goes; `directory` where there is none.
    std::optional<std::filesystem::path> safety_directory = std::nullopt;
    std::chrono::milliseconds lock_timeout = std::chrono::seconds{30};
    base::CommandLine command_line = {}; ///< for hints
};

/// A table before and after.
struct TableChange {
    std::string schema;
    std::string name;
    bool in_target = false;
    /// Counted; nothing if the target lacks it, or this user may not count.
    std::optional<std::uint64_t> rows_now;
    std::optional<std::uint64_t> rows_after; ///< nothing if it will vanish
    /// Nothing unless the dump's table takes the place of the target's, and tells its columns.
    std::optional<pg::ColumnChanges> columns = std::nullopt;

    [[nodiscard]] bool columns_differ() const noexcept { return columns && columns->any(); }
};

/// What a restore is about to do.
struct RestorePlan {
    std::string dump_path;
    std::string dump_database; ///< that it was taken of; empty if unknown
    std::string dump_host;     ///< of that database, as the manifest has it; else empty
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
    bool target_empty = true;      ///< it holds no object of its own
    std::uint64_t target_size = 0; ///< bytes on the server's disk

    /// What of a database is restored, in plain words ("only schema tenant_5"); empty for all of
    /// it.
    std::string part;
    /// "the dump is of shop on db1:5432, the target is staging on localhost:5432"; empty if both
    /// are the same, as far as anybody can tell.
    std::string other_database;

    Clean clean = Clean::nothing;
    unsigned jobs = 0;
    bool safety_dump = true;
    /// The target holds something, or something of it changes, so that somebody has to confirm the
    /// restore.
    bool asks = true;
    /// Something that the target holds goes or changes.
    bool replaces = true;
    /// Tables of the dump, and those of the target that change, by schema and name.
    std::vector<TableChange> tables;
    std::vector<std::string> goes;           ///< what is dropped first, for people
    std::vector<std::string> stays;          ///< what the target holds besides
    std::vector<std::string> stays_in_short; ///< the same, many schemas as one
    /// What the target has of its own and the restore changes without dropping it, for people:
    /// "privileges of schema public", "value of sequence shop.invoice".
    std::vector<std::string> changes;
    /// What of the dump the target lacks and the part that is restored does not bring: foreign keys
    /// onto it, views; for people.
    std::vector<std::string> not_brought_back;
    std::vector<std::string> warnings;

    /// Rows that the target holds now in tables that are dropped or emptied; nothing if some of
    /// those could not be counted.
    [[nodiscard]] std::optional<std::uint64_t> rows_lost() const noexcept;
    [[nodiscard]] std::uint64_t tables_vanishing() const noexcept;
};

/// What a restore did.
struct RestoreOutcome {
    std::uint64_t rows = 0;
    std::uint64_t tables = 0;
    std::chrono::milliseconds duration{};   ///< from the first drop to the end of the checks
    std::optional<std::string> safety_dump; ///< path
    /// The words of a command line that brings the old state back, without the URL; empty if
    /// there is none.
    std::vector<std::string> undo_command;
    /// What that command leaves as the restore made it, for people.
    std::vector<std::string> undo_leaves;
    /// SQL that brings the old state back, to be run in another database; with `jobs` alone.
    std::vector<std::string> undo_sql;
    std::optional<std::string> kept_database; ///< with `jobs`: the target as it was
    std::vector<std::string> left_out;        ///< of the dump, as was asked for
    std::vector<std::string> not_validated;   ///< constraints, as the dump has them
};

struct RestoreReport {
    RestorePlan plan;
    std::optional<RestoreOutcome> outcome; ///< nothing if it was only planned
};

/// Decides whether a restore goes on.
class Approver {
public:
    virtual ~Approver() = default;
    /// The target holds something, so require_approval() will ask: throws base::Error{refused}
    /// where nobody could answer, before anything is read.
    virtual void require_somebody() {}
    /// Returns where it may; throws base::Error{refused} or base::Interrupted where not.
    virtual void require_approval(const RestorePlan& plan) = 0;
};

/// What restore() would do. Changes nothing and asks nobody. Throws what restore() throws before it
/// asks.
[[nodiscard]] RestorePlan plan_restore(const RestoreRequest& request, const Context& context);

/// Restores one dump. When it returns, the restore is committed. When it throws, the target is as
/// it was; only if the connection broke at the very commit and the server cannot be asked any
/// more does the error say that nobody knows.
[[nodiscard]] RestoreReport restore(const RestoreRequest& request, Approver& approver,
                                    const Context& context);

} // namespace dbbackup::ops
