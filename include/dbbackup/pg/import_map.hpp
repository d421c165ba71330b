#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// What a map file says of one table of the source. Columns are the source's, unless it says
/// otherwise; all names are unquoted.
struct TableMap {
    std::string rename; ///< the target's table, as "schema.name" or "name"; empty: the same name
    bool is_ignored = false; ///< leave its rows out
    std::set<std::string> ignored_columns;
    std::map<std::string, std::string> columns; ///< to the target's
    std::vector<std::string> key;               ///< the target's columns
    /// Values for the target's columns, as text; nothing for NULL.
    std::map<std::string, std::optional<std::string>> fill;
    /// By column: a value, as text, to the one in its place.
    std::map<std::string, std::map<std::string, std::optional<std::string>>> values;
    /// By the target's column: "table.column" that it refers to, or nothing if it refers to none.
    std::map<std::string, std::optional<std::string>> references;
    std::set<std::string> rounded; ///< may be cut or rounded by the target's type
    std::string timezone;          ///< of times without a zone

    bool operator==(const TableMap&) const = default;
};

/// By the source's tables, as "schema.name" or "name".
using ImportMap = std::map<std::string, TableMap>;

} // namespace dbbackup::pg
