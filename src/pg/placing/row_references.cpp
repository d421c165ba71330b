#include "pg/compare/live_queries.hpp"
#include "pg/placing/placing_references.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

// What rows refer to, in the target.

namespace dbbackup::pg {

namespace {

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

std::string orphans_of(std::size_t number) {
    return fmt::format("pg_temp.dbbackup_orphans_{}", number);
}

/// `condition` is of rows `s`; `reason` an expression of type text.
void note_orphans(PlacingWork& work, std::size_t number, const std::string& condition,
                  const std::string& reason) {
    work.session.execute(
        fmt::format("insert into {} (dbbackup_row, reason) select s.dbbackup_row, {} from {} s "
                    "where {}",
                    orphans_of(number), reason, rows_of(number), condition));
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
    const std::string name = parent.target.table.schema + "." + parent.target.table.name;
    const auto reason = [&](std::string_view has) {
        return fmt::format("pg_catalog.concat({}, pg_catalog.concat_ws(', ', {}))",
                           quote_literal(fmt::format("{}: the source has {} of {} with ",
                                                     reference.name, has, name)),
                           fmt::join(originals, ", "));
    };
    note_orphans(work, number,
                 fmt::format("{} and not exists (select from {} p where {})",
                             all_present(originals), parents, condition),
                 reason("no row"));
    note_orphans(work, number,
                 fmt::format("{} and exists (select from pg_temp.dbbackup_twice p where {})",
                             all_present(originals), condition),
                 reason("several rows"));
    work.session.execute("drop table pg_temp.dbbackup_twice");
    work.session.execute(fmt::format("update {} s set {} from {} p where {}", rows_of(number),
                                     fmt::join(settings, ", "), parents, condition));
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
        const auto found = find_places(parent, reference.found_by);
        const auto target = find_places(parent, reference.parent_columns);
        if (found && target) {
            std::vector<std::string> among_new;
            for (std::size_t j = 0; j < found->size(); ++j) {
                const PlacingType& type = reference.found_by_types[j];
                among_new.push_back(
                    are_equal(type, fmt::format("p.f{}::{}", (*found)[j], type.plain), values[j]));
            }
            work.session.execute(fmt::format(
                "update {} s set f{} = p.f{} from {} p where s.f{} is null and {}", rows_of(number),
                place, target->front(), rows_of(*reference.parent_placing), place,
                fmt::join(among_new, " and ")));
        }
    }
    note_orphans(
        work, number, fmt::format("s.f{} is null and {}", place, all_present(values)),
        fmt::format("pg_catalog.concat({}, pg_catalog.concat_ws(', ', {}))",
                    quote_literal(fmt::format("{}: {} has no row with {} ", reference.name,
                                              reference.parent.schema + "." + reference.parent.name,
                                              fmt::join(reference.found_by, ", "))),
                    fmt::join(values, ", ")));
}

/// Of the references that are in the key, or of the others.
bool has_references(const TablePlacing& table, bool in_key) {
    return std::ranges::count(table.references, in_key, &PlacedReference::is_in_key) > 0;
}

void create_orphans(PlacingWork& work, std::size_t number) {
    work.session.execute(fmt::format("create temporary table dbbackup_orphans_{} (number "
                                     "pg_catalog.int8 generated always as identity, dbbackup_row "
                                     "pg_catalog.int8, reason pg_catalog.text) on commit drop",
                                     number));
}

void translate(PlacingWork& work, const Translation& translation) {
    const auto& [number, index] = translation;
    const PlacedReference& reference = work.table(number).references[index];
    if (reference.found_by.empty()) {
        translate(work, number, reference);
    } else {
        look_up(work, number, index);
    }
}

/// Of those in no key.
template <typename Condition>
void translate(PlacingWork& work, const Condition& is_meant, bool late) {
    for (const Translation& one : work.plan.translations) {
        const PlacedReference& reference = work.table(one.table).references[one.reference];
        if (is_meant(one) && is_known_late(work.plan.tables, one.table, reference) == late) {
            translate(work, one);
        }
    }
}

void remove_noted(PlacingWork& work, std::size_t number) {
    const std::string orphans = orphans_of(number);
    work.session.execute(fmt::format("create index on {} (dbbackup_row)", orphans));
    work.session.execute("analyze " + orphans);
    const std::string mine = fmt::format(
        "from {} o where o.dbbackup_row operator(pg_catalog.=) s.dbbackup_row", orphans);
    (void)remove_conflicts(work, number, fmt::format("exists (select {})", mine),
                           fmt::format("(select o.reason {} order by o.number limit 1)", mine));
    work.session.execute("drop table " + orphans);
}

} // namespace

void translate_key(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    if (!has_references(table, true)) {
        return;
    }
    create_orphans(work, number);
    for (std::size_t i = 0; i < table.references.size(); ++i) {
        if (table.references[i].is_in_key) {
            translate(work, {number, i});
        }
    }
    remove_noted(work, number);
}

void translate_known(PlacingWork& work, std::size_t number) {
    if (has_references(work.table(number), false)) {
        create_orphans(work, number);
        translate(
            work, [number](const Translation& one) { return one.table == number; }, false);
    }
}

void translate_others(PlacingWork& work) {
    translate(
        work, [](const Translation&) { return true; }, true);
}

void remove_orphans(PlacingWork& work, std::size_t number) {
    if (has_references(work.table(number), false)) {
        remove_noted(work, number);
    }
}

void remove_lost_references(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    for (const PlacedReference& reference : table.references) {
        if (!reference.found_by.empty()) {
            continue;
        }
        std::vector<std::string> originals;
        std::vector<std::string> lost;
        for (const std::size_t place : reference.columns) {
            originals.push_back(fmt::format("s.o{}", place));
            lost.push_back(fmt::format("s.f{} is null{}", place,
                                       table.columns[place].only_inserted
                                           ? " and not s.dbbackup_there" // the target keeps its own
                                           : ""));
        }
        (void)remove_conflicts(work, number,
                               fmt::format("{} and {} and ({})", fate::k_written,
                                           all_present(originals), fmt::join(lost, " or ")),
                               quote_literal(fmt::format(
                                   "{}: the row of {}.{} has NULL in ({}) in the database",
                                   reference.name, reference.parent.schema, reference.parent.name,
                                   fmt::join(reference.parent_columns, ", "))));
    }
}

} // namespace dbbackup::pg
