#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/pg/export_catalog.hpp>
#include <dbbackup/pg/live_state.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

// Which rows of a table an export has, and how they are read. All functions throw ServerError.

namespace dbbackup::pg {

/// Where a row is within its table, for as long as a snapshot sees it: block and item.
using RowId = std::uint64_t;

/// A parent's key in place of the id that refers to it.
struct KeyLookup {
    RelationName parent;
    bool parent_is_partitioned = false;
    std::string parent_column; ///< that the id is one of
    std::string equality;      ///< see LiveForeignKey
    std::vector<std::string> key;
};

struct ExportedColumn {
    std::string name;
    std::optional<KeyLookup> lookup = std::nullopt;
};

/// A moment for columns that have a zone, and as the clock shows it for those that have none.
struct DateBound {
    base::UtcTime moment;
    std::string wall_clock; ///< "2026-11-20 00:00:00"
};

/// From `since` until before `until`.
struct DateLimit {
    std::string column;
    bool has_zone = false;
    std::optional<DateBound> since;
    std::optional<DateBound> until;
};

struct ExportedRows {
    LiveTable table; ///< that has its rows itself
    std::vector<ExportedColumn> columns;
    std::optional<DateLimit> dates = std::nullopt;
};

/// Whether a column of that type can have a DateLimit; its has_zone then.
[[nodiscard]] std::optional<bool> has_time_zone(const std::string& type);

/// COPY … TO STDOUT in the text format: all rows, or those of `ids` only.
[[nodiscard]] std::string copy_statement(const ExportedRows& rows);
[[nodiscard]] std::string copy_statement(const ExportedRows& rows, std::span<const RowId> ids);

/// How many rows copy_statement() would give.
[[nodiscard]] std::uint64_t count_rows(Session& session, const ExportedRows& rows);
[[nodiscard]] std::uint64_t count_rows(Session& session, const ExportedRows& rows,
                                       std::span<const RowId> ids);

/// Rows that no limit can be decided for, because their date is NULL; they are not exported.
[[nodiscard]] std::uint64_t count_undated_rows(Session& session, const ExportedRows& rows);

/// What stands in the way of a key instead of an id.
struct KeyProblems {
    std::uint64_t without_parent = 0; ///< rows whose id is of no row of the parent
    std::uint64_t null_keys = 0;      ///< rows whose parent's key is NULL, in whole or in part
};

[[nodiscard]] KeyProblems find_key_problems(Session& session, const ExportedRows& rows,
                                            const KeyLookup& lookup, const std::string& column);

/// How many keys more than one row of the parent has.
[[nodiscard]] std::uint64_t count_repeated_keys(Session& session, const KeyLookup& lookup);

/// Where the rows are whose `column` is `value`, at most `most` of them: the table's OID, and the
/// row.
[[nodiscard]] std::vector<std::pair<std::uint32_t, RowId>>
find_rows(Session& session, const CatalogTable& table, const std::string& column,
          const std::string& value, std::size_t most);

/// Calls `visit` for each row that refers to one of `parents`, rows of the table `parent`, by
/// `key`: with its table's OID.
void find_children(Session& session, const LiveForeignKey& key, const RelationName& parent,
                   std::span<const RowId> parents,
                   const std::function<void(std::uint32_t table, RowId row)>& visit);

} // namespace dbbackup::pg
