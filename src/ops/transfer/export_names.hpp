#pragma once

#include <dbbackup/ops/listener.hpp>
#include <dbbackup/pg/export_catalog.hpp>
#include <dbbackup/pg/live_state.hpp>

#include <set>
#include <string>
#include <vector>

// What the names mean that people give to `export`.

namespace dbbackup::ops {

struct ChosenTables {
    std::vector<pg::CatalogTable> tables; ///< that have rows themselves
    std::vector<pg::RelationName> excluded;
};

/// The tables that these patterns choose (none: all), without those of `excluded`. A pattern that
/// fits a partitioned table fits its partitions. Foreign tables are left out, with a notice. Throws
/// base::Error{usage} if a pattern fits no table, or if no table is left.
[[nodiscard]] ChosenTables choose_tables(const std::vector<pg::CatalogTable>& catalog,
                                         const std::vector<std::string>& wanted,
                                         const std::vector<std::string>& excluded,
                                         Listener& listener);

/// The one table that `text` names: "table" or "schema.table". Throws base::Error{usage}.
[[nodiscard]] const pg::CatalogTable& find_table(const std::vector<pg::CatalogTable>& catalog,
                                                 const std::string& text,
                                                 const std::string& option);

/// The tables that "table.column" or "schema.table.column" could mean.
[[nodiscard]] std::set<pg::RelationName>
find_tables_of_column(const std::vector<pg::CatalogTable>& catalog, const std::string& text);

/// A column of one of the tables, by its index.
struct NamedColumn {
    std::size_t table = 0;
    std::string column;
};

/// The column that `text` names in `tables`, with the same order as `states`: several if the table
/// is partitioned. Throws base::Error{usage} if it is none, or columns of several tables.
[[nodiscard]] std::vector<NamedColumn> find_column(const std::vector<pg::CatalogTable>& tables,
                                                   const std::vector<pg::StateTable>& states,
                                                   const std::string& text,
                                                   const std::string& option);

} // namespace dbbackup::ops
