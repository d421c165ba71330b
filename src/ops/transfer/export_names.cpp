#include "ops/transfer/export_names.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/name_pattern.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string dotted(const pg::RelationName& name) {
    return base::dotted_name(name.schema, name.name);
}

/// Its own name and those of the tables whose partition it is.
std::vector<pg::RelationName> names_of(const pg::CatalogTable& table) {
    std::vector<pg::RelationName> names{table.table};
    names.insert(names.end(), table.ancestors.begin(), table.ancestors.end());
    return names;
}

bool fits(const pg::NamePattern& pattern, const pg::CatalogTable& table) {
    return std::ranges::any_of(names_of(table), [&pattern](const pg::RelationName& name) {
        return pattern.fits(name.schema, name.name);
    });
}

std::string list_of(const std::vector<pg::CatalogTable>& tables) {
    std::vector<std::string> names;
    for (const pg::CatalogTable& table : tables) {
        if (table.ancestors.empty()) {
            names.push_back(dotted(table.table));
        }
    }
    return names.empty() ? "none" : base::list_some(names);
}

std::vector<pg::NamePattern> read_patterns(const std::vector<pg::CatalogTable>& catalog,
                                           const std::vector<std::string>& texts,
                                           const std::string& option) {
    std::vector<pg::NamePattern> patterns;
    for (const std::string& text : texts) {
        const pg::NamePattern& pattern = patterns.emplace_back(text, option);
        if (std::ranges::none_of(catalog,
                                 [&](const auto& table) { return fits(pattern, table); })) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("no table fits '{}' ({})", base::printable(text), option),
                              fmt::format("{}Tables of the database: {}.",
                                          pg::advice_on_list(text, option), list_of(catalog))};
        }
    }
    return patterns;
}

bool any_fits(const std::vector<pg::NamePattern>& patterns, const pg::CatalogTable& table) {
    return std::ranges::any_of(patterns, [&table](const auto& one) { return fits(one, table); });
}

void tell_of_foreign(const std::vector<std::string>& names, Listener& listener) {
    if (!names.empty()) {
        listener.on_warning(fmt::format("not exported, because the rows are on another server: {}",
                                        base::list_some(names)));
    }
}

/// The spellings of a table's name, each with a dot at its end.
std::vector<std::string> prefixes_of(const pg::RelationName& name) {
    return {name.name + ".", dotted(name) + "."};
}

/// A place where a table's name ends and a column's begins.
struct ColumnSpelling {
    pg::RelationName table;
    std::string column;
};

std::vector<ColumnSpelling> spellings_of(const pg::CatalogTable& table, const std::string& text) {
    std::vector<ColumnSpelling> spellings;
    for (const pg::RelationName& name : names_of(table)) {
        for (const std::string& prefix : prefixes_of(name)) {
            if (text.starts_with(prefix)) {
                spellings.push_back({name, text.substr(prefix.size())});
            }
        }
    }
    return spellings;
}

[[noreturn]] void throw_no_column(const std::vector<pg::CatalogTable>& tables,
                                  const std::vector<pg::StateTable>& states,
                                  const std::string& text, const std::string& option) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        for (const ColumnSpelling& spelling : spellings_of(tables[i], text)) {
            std::vector<std::string> columns;
            for (const pg::StateColumn& column : states[i].columns) {
                columns.push_back(column.name);
            }
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("table {} has no column '{}' ({})",
                                          base::printable(dotted(spelling.table)),
                                          base::printable(spelling.column), option),
                              fmt::format("It has: {}.", base::list_some(columns, 30))};
        }
    }
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("'{}' is no column of an exported table ({})", base::printable(text), option),
        fmt::format("Write TABLE.COLUMN or SCHEMA.TABLE.COLUMN, without quotes. Exported tables: "
                    "{}.",
                    list_of(tables))};
}

} // namespace

ChosenTables choose_tables(const std::vector<pg::CatalogTable>& catalog,
                           const std::vector<std::string>& wanted,
                           const std::vector<std::string>& excluded, Listener& listener) {
    const auto wanted_patterns = read_patterns(catalog, wanted, "--table");
    const auto excluded_patterns = read_patterns(catalog, excluded, "--exclude-table");
    ChosenTables chosen;
    std::vector<std::string> foreign;
    for (const pg::CatalogTable& table : catalog) {
        if (any_fits(excluded_patterns, table)) {
            if (!table.is_partitioned) {
                chosen.excluded.push_back(table.table);
            }
        } else if (wanted_patterns.empty() || any_fits(wanted_patterns, table)) {
            if (table.is_foreign) {
                foreign.push_back(dotted(table.table));
            } else if (!table.is_partitioned) {
                chosen.tables.push_back(table);
            }
        }
    }
    if (chosen.tables.empty()) {
        throw base::Error{base::ErrorKind::usage, "there is no table to export",
                          fmt::format("Tables of the database: {}.", list_of(catalog))};
    }
    tell_of_foreign(foreign, listener);
    return chosen;
}

const pg::CatalogTable& find_table(const std::vector<pg::CatalogTable>& catalog,
                                   const std::string& text, const std::string& option) {
    std::vector<const pg::CatalogTable*> found;
    std::vector<std::string> names;
    for (const pg::CatalogTable& table : catalog) {
        if (table.table.name == text || dotted(table.table) == text) {
            found.push_back(&table);
            names.push_back(dotted(table.table));
        }
    }
    if (found.size() == 1) {
        return *found.front();
    }
    if (found.empty()) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("there is no table '{}' ({})", base::printable(text), option),
                          fmt::format("Tables of the database: {}.", list_of(catalog))};
    }
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("several tables are called '{}' ({})", base::printable(text), option),
        fmt::format("Name its schema, too: {}.", base::list_some(names))};
}

std::set<pg::RelationName> find_tables_of_column(const std::vector<pg::CatalogTable>& catalog,
                                                 const std::string& text) {
    std::set<pg::RelationName> tables;
    for (const pg::CatalogTable& table : catalog) {
        for (const std::string& prefix : prefixes_of(table.table)) {
            if (text.starts_with(prefix)) {
                tables.insert(table.table);
            }
        }
    }
    return tables;
}

std::vector<NamedColumn> find_column(const std::vector<pg::CatalogTable>& tables,
                                     const std::vector<pg::StateTable>& states,
                                     const std::string& text, const std::string& option) {
    std::vector<NamedColumn> columns;
    std::set<std::string> meanings;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        for (const ColumnSpelling& spelling : spellings_of(tables[i], text)) {
            const auto& all = states[i].columns;
            if (std::ranges::find(all, spelling.column, &pg::StateColumn::name) != all.end()) {
                columns.push_back({i, spelling.column});
                meanings.insert(dotted(spelling.table) + "." + spelling.column);
            }
        }
    }
    if (columns.empty()) {
        throw_no_column(tables, states, text, option);
    }
    if (meanings.size() > 1) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'{}' can mean several columns ({})", base::printable(text), option),
            fmt::format("Name the schema, too: {}.",
                        base::list_some({meanings.begin(), meanings.end()}))};
    }
    return columns;
}

} // namespace dbbackup::ops
