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

std::string parent_condition(const PlacedReference& reference, const TablePlacing& parent) {
    std::vector<std::string> conditions;
    for (std::size_t i = 0; i < reference.columns.size(); ++i) {
        const auto place = find_places(parent, {reference.parent_columns[i]})->front();
        const PlacingType& type = parent.columns[place].column.type;
        conditions.push_back(are_equal(type, fmt::format("p.o{}::{}", place, type.plain),
                                       fmt::format("s.o{}::{}", reference.columns[i], type.plain)));
    }
    return fmt::format("{}", fmt::join(conditions, " and "));
}

std::string all_present(const std::vector<std::string>& values) {
    return fmt::format("{} is not null", fmt::join(values, " is not null and "));
}

/// The parent's rows of the source say what the reference is in the target.
void translate(PlacingWork& work, std::size_t number, const PlacedReference& reference) {
    const TablePlacing& child = work.table(number);
    const TablePlacing& parent = work.table(*reference.parent_placing);
    std::vector<std::string> settings;
    std::vector<std::string> originals;
    std::vector<std::string> of_parents;
    for (std::size_t i = 0; i < reference.columns.size(); ++i) {
        const std::size_t own = reference.columns[i];
        const auto place = find_places(parent, {reference.parent_columns[i]})->front();
        settings.push_back(
            child.columns[own].only_inserted // the target keeps its own
                ? fmt::format("f{0} = case when s.dbbackup_there then s.f{0} else p.f{1} end", own,
                              place)
                : fmt::format("f{} = p.f{}", own, place));
        originals.push_back(fmt::format("s.o{}", own));
        of_parents.push_back(fmt::format("p.o{}", place));
    }
    const std::string condition = parent_condition(reference, parent);
    const std::string parents = rows_of(*reference.parent_placing);
    work.session.execute(fmt::format(
        "create temporary table dbbackup_twice on commit drop as select {} from {} p where {} "
        "group by {} having pg_catalog.count(*) operator(pg_catalog.>) 1",
        fmt::join(of_parents, ", "), parents, all_present(of_parents),
        fmt::join(of_parents, ", ")));
    // A row without its parent would keep the number that it had in the source; one with several
    // would get any of theirs.
    work.session.execute(fmt::format(
        "create temporary table dbbackup_orphans on commit drop as "
        "select s.dbbackup_row, false as has_several from {0} s where {1} and not exists (select "
        "from {2} p where {3}) union all select s.dbbackup_row, true from {0} s where {1} and "
        "exists (select from pg_temp.dbbackup_twice p where {3})",
        rows_of(number), all_present(originals), parents, condition));
    work.session.execute(fmt::format("update {} s set {} from {} p where {}", rows_of(number),
                                     fmt::join(settings, ", "), parents, condition));
    const std::string name = parent.target.table.schema + "." + parent.target.table.name;
    for (const bool has_several : {false, true}) {
        (void)remove_conflicts(
            work, number,
            fmt::format("s.dbbackup_row in (select o.dbbackup_row from pg_temp.dbbackup_orphans o "
                        "where {}o.has_several)",
                        has_several ? "" : "not "),
            fmt::format(
                "pg_catalog.concat({}, pg_catalog.concat_ws(', ', {}))",
                quote_literal(fmt::format("{}: the source has {} of {} with ", reference.name,
                                          has_several ? "several rows" : "no row", name)),
                fmt::join(originals, ", ")));
    }
    work.session.execute("drop table pg_temp.dbbackup_orphans, pg_temp.dbbackup_twice");
}

/// The row that has this natural key: in the target, or among those that come into it.
void look_up(PlacingWork& work, std::size_t number, std::size_t index) {
    const TablePlacing& child = work.table(number);
    const PlacedReference& reference = child.references[index];
    std::vector<std::string> values;
    std::vector<std::string> in_target;
    for (std::size_t j = 0; j < reference.found_by.size(); ++j) {
        const PlacingType& type = reference.found_by_types[j];
        values.push_back(fmt::format("s.l{}_{}", index, j));
        in_target.push_back(are_equal(
            type, fmt::format("p.{}::{}", quote_identifier(reference.found_by[j]), type.plain),
            values.back()));
    }
    const std::size_t place = reference.columns.front();
    const std::string name = quoted(reference.parent);
    if (work.plan.options.mode != PlacingMode::replace || !reference.parent_placing) {
        work.session.execute(fmt::format("update {} s set f{} = p.{} from {} p where {}",
                                         rows_of(number), place,
                                         quote_identifier(reference.parent_columns.front()), name,
                                         fmt::join(in_target, " and ")));
    }
    if (reference.parent_placing) {
        const TablePlacing& parent = work.table(*reference.parent_placing);
        std::vector<std::string> among_new;
        for (std::size_t j = 0; j < reference.found_by.size(); ++j) {
            const auto found = find_places(parent, {reference.found_by[j]});
            if (!found) {
                return;
            }
            const PlacingType& type = reference.found_by_types[j];
            among_new.push_back(
                are_equal(type, fmt::format("p.f{}::{}", found->front(), type.plain), values[j]));
        }
        const auto target = find_places(parent, reference.parent_columns);
        if (target) {
            work.session.execute(fmt::format(
                "update {} s set f{} = p.f{} from {} p where s.f{} is null and {}", rows_of(number),
                place, target->front(), rows_of(*reference.parent_placing), place,
                fmt::join(among_new, " and ")));
        }
    }
    (void)remove_conflicts(
        work, number, fmt::format("s.f{} is null and {}", place, all_present(values)),
        fmt::format("pg_catalog.concat({}, pg_catalog.concat_ws(', ', {}))",
                    quote_literal(fmt::format("{}: {} has no row with {} ", reference.name,
                                              reference.parent.schema + "." + reference.parent.name,
                                              fmt::join(reference.found_by, ", "))),
                    fmt::join(values, ", ")));
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

void translate_references(PlacingWork& work, std::size_t number, bool in_key) {
    const TablePlacing& table = work.table(number);
    for (std::size_t i = 0; i < table.references.size(); ++i) {
        const PlacedReference& reference = table.references[i];
        if (reference.is_in_key != in_key) {
            continue;
        }
        if (reference.found_by.empty()) {
            translate(work, number, reference);
        } else {
            look_up(work, number, i);
        }
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
