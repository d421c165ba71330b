#include "ops/transfer/export_plan.hpp"

#include "ops/lock_timed_out.hpp"
#include "ops/transfer/export_names.hpp"
#include "ops/transfer/export_references.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/newest_migration.hpp>
#include <dbbackup/pg/sqlstates.hpp>
#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string dotted(const pg::RelationName& name) {
    return base::dotted_name(name.schema, name.name);
}

/// As a clock in this machine's time zone shows it.
pg::DateBound bound_of(base::UtcTime moment) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
    const std::time_t time = seconds.time_since_epoch().count();
    std::tm parts{};
    ::localtime_r(&time, &parts);
    return {moment, fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", parts, (moment - seconds).count())};
}

class ExportPlanner {
public:
    ExportPlanner(pg::Session& session, int version, const ExportRequest& request,
                  const Context& context)
        : session_(session), version_(version), request_(request), context_(context) {}

    ExportPlan plan() {
        const pg::DatabaseIdentity identity = pg::read_database_identity(session_);
        plan_.header.source.timezone = pg::read_time_zone(session_);
        pg::prepare_reading(session_, "UTF8");
        plan_.catalog = pg::read_catalog_tables(session_);
        const ChosenTables chosen = choose_tables(plan_.catalog, request_.tables,
                                                  request_.excluded_tables, context_.listener);
        const pg::LiveState state = begin(chosen.tables);
        for (const pg::CatalogTable& table : chosen.tables) {
            add(table, state);
        }
        fill_header(identity, state);
        plan_.header.excluded_tables = chosen.excluded;
        exclude_columns();
        refer_by_keys(session_, request_.references, state, plan_);
        limit_by_date();
        require_utf8();
        return std::move(plan_);
    }

private:
    /// Locks the tables that are read, and the parents of references, and begins.
    pg::LiveState begin(const std::vector<pg::CatalogTable>& chosen) {
        std::set<pg::RelationName> wanted;
        for (const pg::CatalogTable& table : chosen) {
            wanted.insert(table.table);
        }
        for (const WantedReference& reference : request_.references) {
            wanted.merge(find_tables_of_column(plan_.catalog, reference.parent));
        }
        require_all_rows(wanted);
        const auto migrations = pg::find_migration_tables(session_, plan_.catalog);
        wanted.insert(migrations.begin(), migrations.end());
        try {
            return pg::read_live_state(
                session_, version_,
                [&wanted](const pg::RelationName& name) { return wanted.contains(name); },
                request_.lock_timeout);
        } catch (const pg::ServerError& error) {
            if (error.sqlstate() == pg::k_lock_not_available) {
                throw lock_timed_out(request_.lock_timeout);
            }
            throw;
        }
    }

    /// Silently exporting a part of the rows would be the worst.
    void require_all_rows(const std::set<pg::RelationName>& wanted) const {
        std::vector<std::string> hiding;
        for (const pg::CatalogTable& table : plan_.catalog) {
            if (table.hides_rows && wanted.contains(table.table)) {
                hiding.push_back(dotted(table.table));
            }
        }
        if (!hiding.empty()) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("row-level security hides rows from this role: {}",
                            base::list_some(hiding)),
                "Export as a role that may see all rows (the owner, or one with BYPASSRLS), or "
                "leave these tables out with -T."};
        }
    }

    void add(const pg::CatalogTable& catalog, const pg::LiveState& state) {
        const auto found =
            std::ranges::find(state.tables, catalog.table,
                              [](const pg::LiveTable& table) { return table.state.table; });
        if (found == state.tables.end()) {
            return; // dropped meanwhile
        }
        PlannedTable planned{.catalog = catalog, .rows = {.table = *found, .columns = {}}};
        pg::SourceTable source{.table = catalog.table, .columns = {}, .key = found->state.key};
        if (!catalog.ancestors.empty()) {
            source.partitioned = catalog.ancestors.back();
        }
        for (const pg::StateColumn& column : found->state.columns) {
            if (!column.is_generated) {
                source.columns.push_back({column.name, column.type});
                planned.rows.columns.push_back({column.name});
            }
        }
        plan_.header.source.tables.push_back(std::move(source));
        plan_.tables.push_back(std::move(planned));
    }

    void fill_header(const pg::DatabaseIdentity& identity, const pg::LiveState& state) {
        ExportHeader& header = plan_.header;
        header.tool_version = context_.tool_version;
        header.app_version = request_.app_version;
        header.since = request_.since;
        header.until = request_.until;
        header.root = request_.root;
        header.date_columns.resize(plan_.tables.size());
        header.source.database = request_.connection.database;
        header.source.encoding = "UTF8";
        header.source.identity = identity;
        header.source.taken_at = context_.clock.now();
        header.source.schema_version = pg::newest_migration(state.migrations);
    }

    [[nodiscard]] std::vector<NamedColumn> find(const std::string& text,
                                                const std::string& option) const {
        std::vector<pg::CatalogTable> tables;
        std::vector<pg::StateTable> states;
        for (const PlannedTable& table : plan_.tables) {
            tables.push_back(table.catalog);
            states.push_back(table.rows.table.state);
        }
        return find_column(tables, states, text, option);
    }

    void exclude_columns() {
        for (const std::string& text : request_.excluded_columns) {
            for (const NamedColumn& named : find(text, "--exclude-column")) {
                pg::SourceTable& source = plan_.header.source.tables[named.table];
                std::erase_if(source.columns,
                              [&](const auto& column) { return column.name == named.column; });
                std::erase_if(plan_.tables[named.table].rows.columns,
                              [&](const auto& column) { return column.name == named.column; });
                plan_.header.excluded_columns.push_back({source.table, named.column});
                if (std::ranges::find(source.key, named.column) != source.key.end()) {
                    source.key.clear();
                    context_.listener.on_warning(fmt::format(
                        "{} is exported without its primary key, because '{}' is "
                        "excluded",
                        base::printable(dotted(source.table)), base::printable(named.column)));
                }
            }
        }
    }

    void limit_by_date() {
        if (!request_.since && !request_.until) {
            return;
        }
        for (const std::string& text : request_.date_columns) {
            for (const NamedColumn& named : find(text, "--date-column")) {
                limit(named);
            }
        }
        std::vector<std::string> unlimited;
        for (std::size_t i = 0; i < plan_.tables.size(); ++i) {
            if (plan_.header.date_columns[i].empty()) {
                unlimited.push_back(dotted(plan_.tables[i].catalog.table));
            }
        }
        if (!unlimited.empty()) {
            context_.listener.on_warning(
                fmt::format("not limited by date, for they have no --date-column: {}",
                            base::list_some(unlimited)));
        }
    }

    void limit(const NamedColumn& named) {
        PlannedTable& table = plan_.tables[named.table];
        const std::string name = base::printable(dotted(table.catalog.table));
        const auto& columns = table.rows.table.state.columns;
        const pg::StateColumn& column =
            *std::ranges::find(columns, named.column, &pg::StateColumn::name);
        const auto has_zone = pg::has_time_zone(column.type);
        if (!has_zone) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("column '{}' of {} is of type {}, not a date or a time "
                                          "(--date-column)",
                                          base::printable(column.name), name,
                                          base::printable(column.type))};
        }
        if (table.rows.dates) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("table {} has two --date-column", name)};
        }
        table.rows.dates = pg::DateLimit{.column = column.name,
                                         .has_zone = *has_zone,
                                         .since = std::nullopt,
                                         .until = std::nullopt};
        if (request_.since) {
            table.rows.dates->since = bound_of(*request_.since);
        }
        if (request_.until) {
            table.rows.dates->until = bound_of(*request_.until);
        }
        plan_.header.date_columns[named.table] = column.name;
        const auto nullable = pg::read_nullable_columns(session_, table.catalog.table);
        if (std::ranges::find(nullable, column.name) != nullable.end()) {
            table.undated = pg::count_undated_rows(session_, table.rows);
        }
        if (table.undated > 0) {
            context_.listener.on_warning(
                fmt::format("rows of {} that are left out because '{}' is NULL: {}", name,
                            base::printable(column.name), base::with_thousands(table.undated)));
        }
    }

    /// Names too: JSON can have no other.
    void require_utf8() const {
        for (const pg::SourceTable& table : plan_.header.source.tables) {
            std::string names = table.table.schema + table.table.name;
            for (const pg::SourceColumn& column : table.columns) {
                names += column.name + column.type;
            }
            if (!base::is_valid_utf8(names)) {
                throw base::Error{base::ErrorKind::failed,
                                  fmt::format("{} has a name that is not UTF-8",
                                              base::printable(dotted(table.table))),
                                  "Rename it, or leave it out with -T."};
            }
        }
    }

    pg::Session& session_;
    int version_; ///< of the server
    const ExportRequest& request_;
    const Context& context_;
    ExportPlan plan_;
};

} // namespace

ExportPlan plan_export(pg::Session& session, int server_version_number,
                       const ExportRequest& request, const Context& context) {
    return ExportPlanner{session, server_version_number, request, context}.plan();
}

} // namespace dbbackup::ops
