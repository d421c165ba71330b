#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

enum class ExportFormat {
    json,  ///< one document
    jsonl, ///< a row a line
    csv,   ///< a directory, a table a file
};

/// TABLE.COL=PARENT.COL[,COL…], as people write it; see ExportRequest.
struct WantedReference {
    std::string column;
    std::string parent; ///< its first column too: "customers.email"
    std::vector<std::string> more_columns;
};

/// TABLE:COL=VALUE.
struct WantedRoot {
    std::string table;
    std::string column;
    std::string value;
};

/// Tables and columns are named as "table" or "schema.table", and "table.column" or
/// "schema.table.column".
struct ExportRequest {
    pg::Connection connection;
    /// The new file, or for CSV the new directory; if not set, a name is made from the database and
    /// the time, in the current directory.
    std::optional<std::filesystem::path> output;
    bool to_stdout = false;
    ExportFormat format = ExportFormat::json;
    bool compressed = true;
    std::filesystem::path dump_directory; ///< where no export may go
    std::vector<std::string> tables;      ///< patterns; none: all
    std::vector<std::string> excluded_tables;
    std::vector<std::string> excluded_columns;
    std::vector<WantedReference> references;
    std::optional<WantedRoot> root;
    std::optional<base::UtcTime> since; ///< from here
    std::optional<base::UtcTime> until; ///< until before here
    std::vector<std::string> date_columns;
    std::string app_version = {};
    std::chrono::milliseconds lock_timeout{};
    bool dry_run = false; ///< only count the rows
    base::CommandLine command_line = {};
};

/// A foreign key that leads from the root to a table.
struct ExportPath {
    std::string constraint;
    std::vector<std::string> columns;
    pg::RelationName parent;
    std::uint64_t rows = 0; ///< that were first reached by it
};

struct ExportedTable {
    pg::RelationName table;
    std::uint64_t rows = 0;
    std::string date_column;            ///< empty: not limited by date
    std::uint64_t undated = 0;          ///< rows left out because their date is NULL
    std::vector<ExportPath> reached_by; ///< with a root; empty for the root itself
};

struct ExportReport {
    std::string database;
    std::string server;              ///< "localhost:5432"
    std::optional<std::string> path; ///< nothing: stdout, or a dry run
    ExportFormat format = ExportFormat::json;
    bool dry_run = false;
    std::uint64_t size = 0;              ///< bytes written
    std::uint64_t uncompressed_size = 0; ///< before compression
    std::string sha256;                  ///< of the bytes written; empty for CSV
    std::string schema_version;          ///< the newest migration; empty if unknown
    std::vector<ExportedTable> tables;
    std::optional<WantedRoot> root;
    std::optional<base::UtcTime> since;
    std::optional<base::UtcTime> until;
    std::chrono::milliseconds duration{};

    [[nodiscard]] std::uint64_t rows() const noexcept;
    [[nodiscard]] bool is_limited_by_date() const noexcept { return since || until; }
};

/// Writes rows of a database, as of one moment, into a new file or directory that other programs
/// can read. It has its name only once it is complete and durable; however else this ends, nothing
/// is left. Throws base::Error: {usage} for what makes no sense or does not exist, {refused} if
/// rows would be hidden or references not be clear; and base::Interrupted.
[[nodiscard]] ExportReport export_rows(const ExportRequest& request, const Context& context);

} // namespace dbbackup::ops
