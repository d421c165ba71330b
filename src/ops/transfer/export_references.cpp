#include "ops/transfer/export_references.hpp"

#include "ops/transfer/export_names.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::ops {

namespace {

constexpr const char* k_option = "--ref";

std::string shown(const pg::RelationName& name) {
    return base::printable(base::dotted_name(name.schema, name.name));
}

/// One --ref.
class Reference {
public:
    Reference(pg::Session& session, const WantedReference& wanted, const pg::LiveState& state,
              const std::vector<pg::LiveForeignKey>& keys, ExportPlan& plan)
        : session_(session), wanted_(wanted), keys_(keys), plan_(plan) {
        std::vector<pg::CatalogTable> tables;
        std::vector<pg::StateTable> states;
        for (const PlannedTable& table : plan.tables) {
            tables.push_back(table.catalog);
            states.push_back(table.rows.table.state);
        }
        columns_ = find_column(tables, states, wanted.column, k_option);
        find_parent(state);
    }

    void apply() {
        for (const NamedColumn& named : columns_) {
            PlannedTable& table = plan_.tables[named.table];
            pg::SourceTable& source = plan_.header.source.tables[named.table];
            const auto column =
                std::ranges::find(table.rows.columns, named.column, &pg::ExportedColumn::name);
            if (column == table.rows.columns.end()) {
                throw base::Error{base::ErrorKind::usage,
                                  fmt::format("'{}' is not exported, so nothing can stand in its "
                                              "place (--ref)",
                                              base::printable(wanted_.column))};
            }
            if (column->lookup) {
                throw base::Error{
                    base::ErrorKind::usage,
                    fmt::format("there are two --ref for '{}'", base::printable(wanted_.column))};
            }
            pg::KeyLookup lookup{.parent = parent_.table,
                                 .parent_is_partitioned = parent_is_partitioned_,
                                 .parent_column = {},
                                 .equality = {},
                                 .key = key_};
            choose_parent_column(table.catalog, named.column, lookup);
            require_no_problem(table, lookup, named.column);
            column->lookup = std::move(lookup);
            std::ranges::find(source.columns, named.column, &pg::SourceColumn::name)->reference =
                pg::SourceReference{.table = parent_.table, .columns = key_};
        }
        require_unique();
    }

private:
    void find_parent(const pg::LiveState& state) {
        std::vector<pg::CatalogTable> tables;
        std::vector<pg::StateTable> states;
        const std::set<pg::RelationName> candidates =
            find_tables_of_column(plan_.catalog, wanted_.parent);
        for (const pg::LiveTable& table : state.tables) {
            const auto catalog =
                std::ranges::find(plan_.catalog, table.state.table, &pg::CatalogTable::table);
            if (catalog != plan_.catalog.end() && candidates.contains(catalog->table)) {
                tables.push_back(*catalog);
                tables.back().ancestors.clear(); // only what is named itself is meant
                states.push_back(table.state);
            }
        }
        const NamedColumn named = find_column(tables, states, wanted_.parent, k_option).front();
        parent_ = states[named.table];
        parent_is_partitioned_ = tables[named.table].is_partitioned;
        key_ = {named.column};
        for (const std::string& column : wanted_.more_columns) {
            if (std::ranges::find(parent_.columns, column, &pg::StateColumn::name) ==
                parent_.columns.end()) {
                throw base::Error{base::ErrorKind::usage,
                                  fmt::format("table {} has no column '{}' (--ref)",
                                              shown(parent_.table), base::printable(column))};
            }
            if (std::ranges::find(key_, column) != key_.end()) {
                throw base::Error{base::ErrorKind::usage, fmt::format("'{}' is named twice (--ref)",
                                                                      base::printable(column))};
            }
            key_.push_back(column);
        }
    }

    /// By the column's foreign key or, if it has none, by the parent's primary key.
    void choose_parent_column(const pg::CatalogTable& child, const std::string& column,
                              pg::KeyLookup& lookup) const {
        std::vector<std::string> others;
        for (const pg::LiveForeignKey& key : keys_) {
            const bool is_of_child =
                key.child == child.table ||
                std::ranges::find(child.ancestors, key.child) != child.ancestors.end();
            if (!is_of_child || key.columns.size() != 1 ||
                key.columns.front().child_column != column) {
                continue;
            }
            if (key.parent == parent_.table) {
                lookup.parent_column = key.columns.front().parent_column;
                lookup.equality = key.columns.front().equality;
                return;
            }
            others.push_back(base::dotted_name(key.parent.schema, key.parent.name));
        }
        if (!others.empty()) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("'{}' refers to {}, not to {} (--ref)",
                                          base::printable(wanted_.column), base::list_some(others),
                                          shown(parent_.table))};
        }
        if (parent_.key.size() != 1) {
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("'{}' has no foreign key to {} (--ref)",
                            base::printable(wanted_.column), shown(parent_.table)),
                "Without one, the column must hold the parent's primary key, of one column."};
        }
        lookup.parent_column = parent_.key.front();
        lookup.equality = "operator(pg_catalog.=)";
    }

    void require_no_problem(const PlannedTable& table, const pg::KeyLookup& lookup,
                            const std::string& column) {
        const pg::KeyProblems problems =
            pg::find_key_problems(session_, table.rows, lookup, column);
        if (problems.without_parent > 0) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("rows of {} whose '{}' is of no row in {}: {}",
                            shown(table.catalog.table), base::printable(column),
                            shown(parent_.table), base::with_thousands(problems.without_parent)),
                "They would lose what they refer to. Correct them, or leave out this --ref."};
        }
        if (problems.null_keys > 0) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("rows of {} that refer to a row of {} whose {} is NULL: {}",
                            shown(table.catalog.table), shown(parent_.table), shown_key(),
                            base::with_thousands(problems.null_keys)),
                "Choose columns that are never NULL, or leave out this --ref."};
        }
    }

    void require_unique() {
        const auto indexes = pg::read_unique_columns(session_, parent_.table);
        const bool is_unique =
            std::ranges::any_of(indexes, [this](const std::vector<std::string>& index) {
                return std::ranges::all_of(index, [this](const std::string& column) {
                    return std::ranges::find(key_, column) != key_.end();
                });
            });
        const pg::KeyLookup lookup{.parent = parent_.table,
                                   .parent_is_partitioned = parent_is_partitioned_,
                                   .parent_column = {},
                                   .equality = {},
                                   .key = key_};
        const std::uint64_t repeated = is_unique ? 0 : pg::count_repeated_keys(session_, lookup);
        if (repeated > 0) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("{} does not tell the rows of {} apart: {} of its values are in "
                            "several rows",
                            shown_key(), shown(parent_.table), base::with_thousands(repeated)),
                "Choose columns that are unique together: --ref TABLE.COL=PARENT.COL,COL2"};
        }
    }

    [[nodiscard]] std::string shown_key() const {
        return base::printable(fmt::format("{}", fmt::join(key_, ", ")));
    }

    pg::Session& session_;
    const WantedReference& wanted_;
    const std::vector<pg::LiveForeignKey>& keys_;
    ExportPlan& plan_;
    std::vector<NamedColumn> columns_;
    pg::StateTable parent_;
    bool parent_is_partitioned_ = false;
    std::vector<std::string> key_;
};

} // namespace

void refer_by_keys(pg::Session& session, const std::vector<WantedReference>& references,
                   const pg::LiveState& state, ExportPlan& plan) {
    if (references.empty()) {
        return;
    }
    const auto keys = pg::read_foreign_keys(session);
    for (const WantedReference& reference : references) {
        Reference{session, reference, state, keys, plan}.apply();
    }
}

} // namespace dbbackup::ops
