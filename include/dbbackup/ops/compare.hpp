#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/database_state.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Whether to read the rows or only to count them.
enum class CompareContents { read, count_only };

struct CompareRequest {
    std::filesystem::path directory;
    std::string dump = "latest"; ///< the state then
    store::LatestChoice latest = {};
    /// The state now: another dump, or else the database.
    std::optional<std::string> with_dump;
    std::optional<pg::Connection> connection; ///< must be set if `with_dump` is not
    std::vector<std::string> tables;          ///< patterns (pg::NamePattern); empty: all
    CompareContents contents = CompareContents::read;
    std::optional<std::string> rows_of; ///< a table whose rows are compared one by one
    std::uint64_t limit = 100;          ///< the most rows of each kind to list
    std::chrono::milliseconds lock_timeout{30'000};
    base::CommandLine command_line = {}; ///< for hints
};

/// One of the two states that were compared.
struct ComparedState {
    std::string name;     ///< of the dump's file, or "the database"
    std::string database; ///< its name; empty if unknown
    std::string server;   ///< "host:port", of a database
    base::UtcTime at;     ///< when the dump was started, or now
    std::string server_version;
    std::string part; ///< "only schema a", if it is a dump of a part
};

/// Whether a table's rows are the same.
enum class RowsMatch {
    equal,
    differ,
    not_compared, ///< see ComparedTable::not_compared
};

struct ChangedColumn {
    std::string name;
    std::string then; ///< its type
    std::string now;
};

/// One table in both states, or in only one.
struct ComparedTable {
    pg::RelationName table;
    bool was_there = true;
    bool is_there = true;
    /// Nothing if unknown: the dump has the table without its rows.
    std::optional<std::uint64_t> rows_then;
    std::optional<std::uint64_t> rows_now;
    RowsMatch rows = RowsMatch::equal;
    std::string not_compared; ///< why the contents were not compared, for people; or empty
    std::vector<std::string> added_columns;
    std::vector<std::string> gone_columns;
    std::vector<ChangedColumn> changed_columns; ///< of another type
    /// False if the dump does not say the types of all columns, so they were not all compared.
    bool types_known = true;

    [[nodiscard]] bool differs() const noexcept {
        return !was_there || !is_there || rows == RowsMatch::differ || !added_columns.empty() ||
               !gone_columns.empty() || !changed_columns.empty();
    }
};

struct ComparedSequence {
    pg::RelationName sequence;
    /// The last value; nothing if the sequence is not there. See `is_called`.
    std::optional<std::string> then;
    std::optional<std::string> now;
    bool was_called = true; ///< false: the value itself comes next
    bool is_called = true;
};

struct ComparedMigrations {
    std::string tool;
    pg::RelationName table;
    std::vector<std::string> applied; ///< now, but not then
    std::vector<std::string> gone;    ///< then, but not now
};

/// A row by its key, or all of it if the table has none.
struct RowDifference {
    struct Field {
        std::string column;
        std::optional<std::string> then; ///< nothing: NULL
        std::optional<std::string> now;
    };

    std::vector<std::optional<std::string>> key; ///< the values, as text
    std::vector<Field> changed;                  ///< only of a changed row
};

struct RowDifferences {
    pg::RelationName table;
    std::vector<std::string> key; ///< the columns that identify a row
    bool has_key = true;          ///< false: it has no primary key, so `key` is all columns
    std::uint64_t added = 0;      ///< how many there are
    std::uint64_t gone = 0;
    std::uint64_t changed = 0;
    std::vector<RowDifference> added_rows; ///< the first ones, at most `limit`
    std::vector<RowDifference> gone_rows;
    std::vector<RowDifference> changed_rows;
};

struct CompareReport {
    ComparedState then;
    ComparedState now;
    std::vector<ComparedTable> tables;       ///< all that were compared, by name
    std::vector<ComparedSequence> sequences; ///< those that differ
    std::uint64_t same_sequences = 0;
    std::vector<pg::StatePart> invalid_indexes;     ///< now
    std::vector<pg::StatePart> newly_not_validated; ///< constraints
    std::vector<pg::StatePart> validated_since;     ///< or gone
    std::vector<ComparedMigrations> migrations;     ///< tables of migrations that differ
    std::optional<RowDifferences> row_differences;
    base::UtcTime made_at; ///< the time of this report
    std::chrono::milliseconds duration{};

    [[nodiscard]] bool differs() const noexcept;
};

/// What has changed since a dump was taken. Reads only. Throws base::Error if it cannot be told:
/// {failed} or {damaged} if a state cannot be read, {usage} if a table is named that neither has.
[[nodiscard]] CompareReport compare(const CompareRequest& request, const Context& context);

} // namespace dbbackup::ops
