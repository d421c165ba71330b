#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/import_map.hpp>
#include <dbbackup/pg/place_rows.hpp>
#include <dbbackup/pg/placing_plan.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// A map, and the schema version of the sources that it is for.
struct VersionedMap {
    std::optional<std::string> schema_version; ///< nothing: every source
    pg::ImportMap map;
};

struct ImportRequest {
    pg::Connection connection; ///< of the target
    std::filesystem::path directory;
    std::string source = "latest"; ///< a dump (see store::resolve_dump), or the path of an export
    store::LatestChoice latest = {};
    pg::PlacingOptions placing;
    std::vector<VersionedMap> maps = {}; ///< the first that fits is used
    bool is_dry_run = false;
    bool skips_conflicts = false;
    SafetyDump safety_dump = SafetyDump::take; ///< before merge and replace
    std::optional<std::filesystem::path> safety_directory = std::nullopt; ///< else `directory`
    std::chrono::milliseconds lock_timeout{30'000};
    base::CommandLine command_line = {}; ///< for hints
};

/// What an import is about to do.
struct ImportPlan {
    std::string source;          ///< the file, for people
    std::string source_database; ///< empty if unknown
    std::optional<base::UtcTime> source_taken_at;
    std::string schema_version; ///< of the source; empty if unknown
    std::string host;
    int port = 0;
    std::string database;
    bool takes_safety_dump = false;
    std::vector<std::uint64_t> source_rows; ///< of each of placing.tables
    pg::PlacingPlan placing;

    /// Rows of the target may change or go.
    [[nodiscard]] bool asks() const { return placing.options.mode != pg::PlacingMode::add; }
};

struct ImportReport {
    ImportPlan plan;
    pg::PlacingResult result;
    bool is_dry_run = false;
    bool is_committed = false;
    std::optional<std::string> safety_dump; ///< its path
    std::optional<std::string> undo_file;   ///< its path: the rows that `add` inserted
    std::vector<std::string> undo_command;  ///< without the URL; empty if there is none
    std::chrono::milliseconds duration{};
    base::UtcTime made_at;

    [[nodiscard]] pg::PlacingCounts total() const;
};

/// Decides whether an import goes on.
class ImportApprover {
public:
    virtual ~ImportApprover() = default;
    /// Returns if it may; else throws base::Error{refused} or base::Interrupted.
    virtual void require_approval(const ImportPlan& plan) = 0;
};

/// Places the rows of a dump or an export in the tables of a database: all of them, or (with
/// `skips_conflicts`) all that have no conflict, or none. If the report is not committed, nothing
/// was changed: it was a dry run, or there are conflicts. When it throws, the target is unchanged;
/// only if the connection broke during the commit, the error says that the outcome is unknown.
/// Throws base::Error{refused} with all reasons if the rows cannot be placed as asked.
[[nodiscard]] ImportReport import_rows(const ImportRequest& request, ImportApprover& approver,
                                       const Context& context);

struct ImportUndoRequest {
    pg::Connection connection;
    std::filesystem::path file; ///< as ImportReport::undo_file
    pg::PlacingTriggers triggers = pg::PlacingTriggers::refuse;
    bool is_dry_run = false;
    std::chrono::milliseconds lock_timeout{30'000};
    base::CommandLine command_line = {};
};

struct ImportUndoReport {
    struct Table {
        pg::RelationName table;
        std::uint64_t inserted = 0; ///< by the import
        std::uint64_t deleted = 0;
        std::uint64_t changed = 0; ///< meanwhile, so they stay
        std::uint64_t gone = 0;    ///< meanwhile
        std::uint64_t in_use = 0;  ///< other rows refer to them, so they stay
    };

    std::string file;
    std::string database;
    bool is_dry_run = false;
    std::vector<Table> tables;
};

/// Deletes the rows that an import inserted, as far as they are still as it inserted them and no
/// other rows refer to them. All or nothing, as import_rows().
[[nodiscard]] ImportUndoReport undo_import(const ImportUndoRequest& request,
                                           const Context& context);

} // namespace dbbackup::ops
