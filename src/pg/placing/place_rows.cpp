#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/place_rows.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace dbbackup::pg {

namespace {

/// Numbers of this very database can be trusted only if its sequences did not start anew.
void require_sequences(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    for (const std::size_t place : table.trusted) {
        const PlacingColumn& column = table.columns[place].column;
        if (const auto ahead = find_numbers_ahead(work, column, place, rows_of(number))) {
            const std::string name =
                base::dotted_name(table.target.table.schema, table.target.table.name);
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format("{}: the source has {} up to {}, and the database has given {}: the "
                            "table seems to have been created again",
                            base::printable(name), base::printable(column.name), ahead->furthest,
                            ahead->given),
                fmt::format("Nothing was changed. The same number may mean another row now. Name "
                            "columns that identify a row: --key {}=COLUMN,… If the numbers mean "
                            "the same: --trust-ids.",
                            base::printable(name))};
        }
    }
}

/// A signal between two tables ends the work.
void tell(const PlacingWork& work, std::size_t number) {
    if (work.run.on_table) {
        const RelationName& table = work.table(number).target.table;
        work.run.on_table(base::dotted_name(table.schema, table.name));
    }
}

void for_each_table(PlacingWork& work, void (*step)(PlacingWork&, std::size_t)) {
    for (std::size_t number = 0; number < work.plan.tables.size(); ++number) {
        tell(work, number);
        step(work, number);
    }
}

void prepare_table(PlacingWork& work, std::size_t number) {
    convert_rows(work, number);
    translate_key(work, number);
    check_rows(work, number);
    if (!work.plan.options.trusts_numbers) {
        require_sequences(work, number);
    }
    find_rows(work, number);
    number_rows(work, number);
    translate_known(work, number);
}

void decide_table(PlacingWork& work, std::size_t number) {
    remove_orphans(work, number);
    decide_fates(work, number);
    remove_lost_references(work, number);
}

void switch_triggers(PlacingWork& work, bool on) {
    if (work.plan.options.triggers == PlacingTriggers::skip) {
        for (const TablePlacing& table : work.plan.tables) {
            switch_triggers(work.session, table.target, on);
        }
    }
}

void defer(PlacingWork& work) {
    work.session.execute("set constraints all immediate");
    for (const TablePlacing& table : work.plan.tables) {
        for (const CheckedReference& reference : table.checks) {
            if (reference.is_deferred) {
                work.session.execute(fmt::format("set constraints {}.{} deferred",
                                                 quote_identifier(table.target.table.schema),
                                                 quote_identifier(reference.name)));
            }
        }
    }
}

bool must_stop(const PlacingWork& work) {
    return !work.result.conflicts.empty() && !work.run.skips_conflicts;
}

/// Writes them until a table refuses some; returns its number and these.
std::pair<std::size_t, RefusedRows> try_to_write(PlacingWork& work) {
    for (const auto step : {write_rows, set_waiting_references}) {
        for (std::size_t number = 0; number < work.plan.tables.size(); ++number) {
            tell(work, number);
            if (RefusedRows refused = step(work, number); !refused.empty()) {
                return {number, std::move(refused)};
            }
        }
    }
    return {};
}

/// Writes all rows but those that the server refuses, and those that refer to them: these may be
/// written already, so it begins again without them.
void write_tables(PlacingWork& work) {
    while (true) {
        work.session.execute("savepoint dbbackup_writing");
        const auto [number, refused] = try_to_write(work);
        if (refused.empty()) {
            work.session.execute("release savepoint dbbackup_writing");
            return;
        }
        work.session.execute("rollback to savepoint dbbackup_writing");
        work.session.execute(fmt::format("create index on {} (dbbackup_row)", rows_of(number)));
        for (const auto& [row, reason] : refused) {
            (void)remove_conflicts(work, number,
                                   fmt::format("s.dbbackup_row operator(pg_catalog.=) {}", row),
                                   quote_literal(reason));
        }
        check_uniques(work, number); // what they would have left to others
        check_references(work);
    }
}

/// Statements run as in an application's session: what fires may rely on its search_path.
void write(PlacingWork& work) {
    work.session.execute("set local search_path to default");
    switch_triggers(work, false);
    defer(work);
    if (work.plan.options.mode == PlacingMode::replace) {
        delete_rows(work);
    }
    write_tables(work);
    work.session.execute("set constraints all immediate");
    switch_triggers(work, true);
    for_each_table(work, raise_sequences);
    (void)work.session.query("select pg_catalog.set_config('search_path', '', true)");
}

} // namespace

void switch_triggers(Session& session, const PlacingTable& table, bool on) {
    for (const PlacingTrigger& trigger : table.triggers) {
        session.execute(fmt::format("alter table only {}.{} {} trigger {}",
                                    quote_identifier(trigger.table.schema),
                                    quote_identifier(trigger.table.name),
                                    on ? (trigger.always ? "enable always" : "enable") : "disable",
                                    quote_identifier(trigger.name)));
    }
}

PlacingResult place_rows(Session& session, const PlacingPlan& plan, const StagedRows& staged,
                         const PlacingRun& run) {
    PlacingWork work{session, plan, run, {}};
    work.result.tables.resize(plan.tables.size());
    for (std::size_t number = 0; number < plan.tables.size(); ++number) {
        work.result.tables[number].source = staged.counts()[number];
    }
    if (run.is_dry) {
        for_each_table(work, protect_sequences);
    }
    for_each_table(work, prepare_table);
    translate_others(work);
    for_each_table(work, decide_table);
    for_each_table(work, check_uniques);
    check_references(work);
    for_each_table(work, count_fates);
    if (!must_stop(work)) {
        if (run.before_writing) {
            run.before_writing();
        }
        write(work);
    }
    return std::move(work.result);
}

} // namespace dbbackup::pg
