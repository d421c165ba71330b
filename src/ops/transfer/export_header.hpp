#pragma once

#include <dbbackup/ops/export.hpp>
#include <dbbackup/pg/row_source.hpp>

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

// What is at the beginning of each export: docs/manual/portable-exports.md describes it.

namespace dbbackup::ops {

inline constexpr std::string_view k_export_format = "dbbackup-export";
inline constexpr std::string_view k_export_version = "1.0";
/// Of a directory of CSV files: the header and the end, written last.
inline constexpr const char* k_csv_manifest = "export.json";

struct ExcludedColumn {
    pg::RelationName table;
    std::string column;
};

struct ExportHeader {
    pg::RowSource source; ///< without a name and rows
    std::string tool_version;
    std::string app_version;
    std::optional<base::UtcTime> since;
    std::optional<base::UtcTime> until;
    std::vector<std::string> date_columns; ///< of each table; empty if it has none
    std::vector<pg::RelationName> excluded_tables;
    std::vector<ExcludedColumn> excluded_columns;
    std::optional<WantedRoot> root;
    std::vector<std::string> files; ///< of CSV, one for each table
};

/// The name of a table in `data` and in `end`: schema and name, each in double quotes as in SQL if
/// it has a dot or a double quote.
[[nodiscard]] std::string data_name(const pg::RelationName& table);

/// The members of a document up to `tables`, each as text: `"format":"dbbackup-export"`.
[[nodiscard]] std::vector<std::string> to_members(const ExportHeader& header);

/// The reverse, from the object of these members. Throws base::Error: {failed} if this is no export
/// or one of a later format, {damaged} if it cannot be right.
[[nodiscard]] ExportHeader read_header(const nlohmann::json& json);

} // namespace dbbackup::ops
