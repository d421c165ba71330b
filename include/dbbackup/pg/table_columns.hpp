#pragma once

#include <string>
#include <vector>

// Columns of a dump's tables, and how they differ from those of a database.

namespace dbbackup::pg {

struct TableColumn {
    std::string name; ///< unquoted
    /// As format_type() writes it; empty if a dump may spell it differently.
    std::string type;
};

/// A table whose CREATE TABLE names all of its columns.
struct DumpedColumns {
    std::string schema;
    std::string name;
    std::vector<TableColumn> columns;
};

struct ColumnType {
    std::string name;
    std::string now;   ///< type in the database
    std::string after; ///< type in the dump
};

/// How a table's columns change if the dump's table replaces it. Their order, defaults and
/// constraints do not count.
struct ColumnChanges {
    std::vector<std::string> added; ///< in the order of the dump
    std::vector<std::string> gone;  ///< in the order of the database
    std::vector<ColumnType> changed;

    [[nodiscard]] bool any() const noexcept {
        return !added.empty() || !gone.empty() || !changed.empty();
    }
};

} // namespace dbbackup::pg
