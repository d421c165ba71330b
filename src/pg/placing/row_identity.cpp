#include "pg/compare/live_queries.hpp"
#include "pg/connect/answered_number.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

// Which row of the target each row is, and what becomes of it.

namespace dbbackup::pg {

namespace {

/// Columns of rows that are there, compared to tell whether their content is the same.
std::vector<std::size_t> compared_columns(const TablePlacing& table) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const PlacedColumn& column = table.columns[i];
        const bool counts = !column.only_inserted && column.origin != ValueOrigin::fill &&
                            std::ranges::count(table.key, i) == 0;
        if (counts) {
            places.push_back(i);
        }
    }
    return places;
}

/// By their binary images, whatever the types; and if these differ, by their text: the same value
/// may have several images.
std::string same_content(const TablePlacing& table) {
    std::vector<std::string> mine;
    std::vector<std::string> theirs;
    for (const std::size_t place : compared_columns(table)) {
        mine.push_back(fmt::format("s.f{}", place));
        theirs.push_back("t." + quote_identifier(table.columns[place].column.name));
    }
    if (mine.empty()) {
        return "true";
    }
    const std::string left = fmt::format("row({})::pg_catalog.record", fmt::join(mine, ", "));
    const std::string right = fmt::format("row({})::pg_catalog.record", fmt::join(theirs, ", "));
    return fmt::format("({0} operator(pg_catalog.*=) {1} or ({0})::pg_catalog.text "
                       "operator(pg_catalog.=) ({1})::pg_catalog.text)",
                       left, right);
}

/// The condition that the source's row is newer.
std::string is_newer(const PlacingOptions& options, const TablePlacing& table) {
    if (table.newer_by) {
        const PlacedColumn& column = table.columns[*table.newer_by];
        return fmt::format("coalesce(s.f{}::{} {} t.{}::{}, false)", *table.newer_by,
                           column.column.type.plain, column.column.type.greater,
                           quote_identifier(column.column.name), column.column.type.plain);
    }
    return options.prefer_source ? "true" : "false";
}

bool is_looked_for(const PlacingPlan& plan, const TablePlacing& table) {
    return !table.key.empty() && plan.options.mode != PlacingMode::replace;
}

} // namespace

bool is_found_at_once(const PlacingPlan& plan, const TablePlacing& table) {
    return is_looked_for(plan, table) && table.is_key_unique && table.references.empty() &&
           std::ranges::none_of(table.columns, [](const PlacedColumn& column) {
               return column.only_inserted || column.origin == ValueOrigin::sequence;
           });
}

std::string fate_if_there(const PlacingOptions& options, const TablePlacing& table) {
    return fmt::format("case when {} then {} when {} then {} else {} end", same_content(table),
                       fate::k_same, is_newer(options, table), fate::k_update, fate::k_keep);
}

void find_rows(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    if (!is_looked_for(work.plan, table) || is_found_at_once(work.plan, table)) {
        return;
    }
    std::string settings = "dbbackup_there = true";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].only_inserted) { // the target keeps its own
            settings +=
                fmt::format(", f{} = t.{}", i, quote_identifier(table.columns[i].column.name));
        }
    }
    work.session.execute(fmt::format("update {} s set {} from {} t where {}", rows_of(number),
                                     settings, target_of(table), same_key(table)));
}

void number_rows(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const PlacedColumn& column = table.columns[i];
        if (column.origin != ValueOrigin::sequence) {
            continue;
        }
        std::string next =
            fmt::format("pg_catalog.nextval({})", quote_literal(column.column.sequence));
        if (work.run.is_dry) { // a number that is taken stays so, even if all is rolled back
            const auto state = work.session.query(
                fmt::format("select case when v.is_called then v.last_value operator(pg_catalog.+) "
                            "q.seqincrement else v.last_value end, q.seqincrement from {} v, "
                            "pg_catalog.pg_sequence q where q.seqrelid operator(pg_catalog.=) "
                            "{}::pg_catalog.regclass",
                            column.column.sequence, quote_literal(column.column.sequence)));
            next = fmt::format("{}::pg_catalog.int8 + {}::pg_catalog.int8 * "
                               "(pg_catalog.row_number() over () - 1)",
                               state.at(0).at(0), state.at(0).at(1));
        }
        work.session.execute(fmt::format(
            "update {0} s set f{1} = n.next from (select s.dbbackup_row, {2} as next from (select "
            "x.dbbackup_row from {0} x where not x.dbbackup_there order by 1) s) n "
            "where n.dbbackup_row = s.dbbackup_row",
            rows_of(number), i, next));
    }
}

void decide_fates(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    if (!is_looked_for(work.plan, table) || is_found_at_once(work.plan, table)) {
        return;
    }
    work.session.execute(
        fmt::format("update {} s set dbbackup_fate = {} from {} t where s.dbbackup_there and {}",
                    rows_of(number), fate_if_there(work.plan.options, table), target_of(table),
                    same_key(table)));
    work.session.execute("analyze " + rows_of(number));
}

void count_fates(PlacingWork& work, std::size_t number) {
    PlacingCounts& counts = work.result.tables[number];
    for (const Session::Row& row : work.session.query(
             fmt::format("select s.dbbackup_fate, pg_catalog.count(*) from {} s group by 1",
                         rows_of(number)))) {
        const std::uint64_t rows = answered_number(row[1]);
        if (row[0] == "s") {
            counts.unchanged += rows; // some may have been left out
        } else if (row[0] == "k") {
            counts.kept = rows;
        }
    }
}

} // namespace dbbackup::pg
