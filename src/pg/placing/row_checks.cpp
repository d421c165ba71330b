#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

// Rows that cannot be placed, found before the server refuses them.

namespace dbbackup::pg {

namespace {

using fate::k_written;

std::string field(const std::string& alias, std::size_t place) {
    return fmt::format("{}.f{}", alias, place);
}

/// `left` and `right` are rows of dbbackup_rows_N with the same values in these columns.
std::string same_fields(const TablePlacing& table, const std::vector<std::size_t>& places) {
    std::vector<std::string> conditions;
    for (const std::size_t place : places) {
        const PlacingType& type = table.columns[place].column.type;
        conditions.push_back(are_equal(type, fmt::format("s.f{}::{}", place, type.plain),
                                       fmt::format("o.f{}::{}", place, type.plain)));
    }
    return fmt::format("{}", fmt::join(conditions, " and "));
}

/// Both rows of a pair are conflicts: nobody can tell which is right.
void check_pairs(PlacingWork& work, std::size_t number, const std::vector<std::size_t>& places,
                 const std::string& of, const std::string& what) {
    const TablePlacing& table = work.table(number);
    const std::string others = rows_of(number);
    const std::string rows_where = of.empty() ? "" : of + " and ";
    const std::string others_where = of.empty() ? "" : "o." + of.substr(2) + " and ";
    (void)remove_conflicts(
        work, number,
        fmt::format("{}exists (select from {} o where {}o.dbbackup_row operator(pg_catalog.<>) "
                    "s.dbbackup_row and {})",
                    rows_where, others, others_where, same_fields(table, places)),
        fmt::format("(select pg_catalog.concat({}, pg_catalog.min(o.dbbackup_row), ' and this one, "
                    "row ', s.dbbackup_row) from {} o where {}o.dbbackup_row "
                    "operator(pg_catalog.<>) s.dbbackup_row and {})",
                    quote_literal(what + ": row "), others, others_where,
                    same_fields(table, places)));
}

void check_key(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    std::vector<std::string> nulls;
    std::vector<std::string> names;
    for (const std::size_t place : table.key) {
        nulls.push_back(fmt::format("{} is null", field("s", place)));
        names.push_back(table.columns[place].column.name);
    }
    (void)remove_conflicts(
        work, number, fmt::format("{}", fmt::join(nulls, " or ")),
        quote_literal(fmt::format("the key ({}) is NULL", fmt::join(names, ", "))));
    check_pairs(work, number, table.key, {}, "the key is there twice in the source");
    if (table.is_key_unique || work.plan.options.mode == PlacingMode::replace) {
        return;
    }
    std::vector<std::string> columns;
    for (const std::size_t place : table.key) {
        columns.push_back("x." + quote_identifier(table.columns[place].column.name));
    }
    (void)remove_conflicts(work, number,
                           fmt::format("exists (select from {} t where {} offset 1)",
                                       target_of(table), same_key(table)),
                           "'the key is there twice in the database'");
}

/// A row of the target, by its primary key or its key.
std::string name_row_of_target(const TablePlacing& table) {
    std::vector<std::string> parts;
    const auto primary = std::ranges::find_if(table.target.uniques, &PlacingUnique::is_primary);
    std::vector<std::string> names;
    if (primary != table.target.uniques.end()) {
        names = primary->columns;
    } else {
        for (const std::size_t place : table.key) {
            names.push_back(table.columns[place].column.name);
        }
    }
    for (const std::string& name : names) {
        parts.push_back(fmt::format("{} || t.{}::pg_catalog.text", quote_literal(name + "="),
                                    quote_identifier(name)));
    }
    return parts.empty() ? "'?'"
                         : fmt::format("pg_catalog.concat_ws(', ', {})", fmt::join(parts, ", "));
}

void check_unique(PlacingWork& work, std::size_t number, const PlacingUnique& unique) {
    const TablePlacing& table = work.table(number);
    const auto places = find_places(table, unique.columns);
    if (!places || unique.columns.empty()) {
        return; // the server checks it
    }
    const std::set<std::size_t> key(table.key.begin(), table.key.end());
    if (std::set<std::size_t>(places->begin(), places->end()) == key) {
        return;
    }
    if (work.plan.options.mode != PlacingMode::replace) {
        std::string found =
            fmt::format("from {} t where {}", target_of(table), same_values(table, *places));
        if (table.updates) { // a row that changes may leave its values to another one
            found += fmt::format(
                " and not (s.dbbackup_there and {}) and not exists (select from {} o where "
                "o.dbbackup_fate operator(pg_catalog.=) {} and {})",
                same_key(table), rows_of(number), fate::k_update, same_key(table, "o"));
        }
        (void)remove_conflicts(
            work, number, fmt::format("{} and exists (select {})", k_written, found),
            fmt::format("(select pg_catalog.concat({}, {}) {} limit 1)",
                        quote_literal(unique.name + ": the database has another row with the same "
                                                    "values: "),
                        name_row_of_target(table), found));
    }
    check_pairs(work, number, *places, k_written,
                fmt::format("{}: several rows of the source have the same values", unique.name));
}

/// Rows whose parent is neither in the target nor comes into it.
std::uint64_t check_reference(PlacingWork& work, std::size_t number,
                              const CheckedReference& reference) {
    const TablePlacing& table = work.table(number);
    std::vector<std::string> present;
    std::vector<std::string> in_target;
    std::vector<std::string> values;
    const TablePlacing* parent =
        reference.parent_placing ? &work.table(*reference.parent_placing) : nullptr;
    for (std::size_t i = 0; i < reference.columns.size(); ++i) {
        const std::string value = field("s", reference.columns[i]);
        const PlacingColumn& column = table.columns[reference.columns[i]].column;
        present.push_back(value + " is not null");
        values.push_back(value);
        in_target.push_back(
            are_equal(column.type,
                      fmt::format("p.{}::{}", quote_identifier(reference.parent_columns[i]),
                                  column.type.plain),
                      fmt::format("{}::{}", value, column.type.plain)));
    }
    std::string condition = fmt::format("{} and {}", k_written, fmt::join(present, " and "));
    const bool target_stays = parent == nullptr || work.plan.options.mode != PlacingMode::replace;
    if (target_stays) {
        condition +=
            fmt::format(" and not exists (select from {}.{} p where {})",
                        quote_identifier(reference.parent.schema),
                        quote_identifier(reference.parent.name), fmt::join(in_target, " and "));
    }
    if (parent != nullptr) {
        const auto among_rows = same_parent(table, *parent, reference, "p");
        if (!among_rows) {
            return 0; // the server checks it
        }
        const std::string without =
            fmt::format("{} and not exists (select from {} p where p.dbbackup_fate in ('i', 'u') "
                        "and {})",
                        condition, rows_of(*reference.parent_placing), *among_rows);
        condition = reference.parent_placing == number
                        ? with_descendants(work, number, without, condition + " and " + *among_rows)
                        : without;
    }
    const std::uint64_t removed = remove_conflicts(
        work, number, condition,
        fmt::format(
            "pg_catalog.concat({}, pg_catalog.concat_ws(', ', {}), {})",
            quote_literal(fmt::format("{}: there is no row of {}.{} with ({}) = (", reference.name,
                                      reference.parent.schema, reference.parent.name,
                                      fmt::join(reference.parent_columns, ", "))),
            fmt::join(values, ", "), quote_literal(")")));
    if (reference.parent_placing == number) {
        work.session.execute("drop table pg_temp.dbbackup_lost");
    }
    return removed;
}

} // namespace

void check_rows(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    std::vector<std::string> nulls;
    std::string reason = "case";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const PlacedColumn& column = table.columns[i];
        const bool has_value =
            column.origin == ValueOrigin::source || column.origin == ValueOrigin::fill;
        if (column.column.is_not_null && has_value && !column.is_looked_up &&
            std::ranges::count(table.key, i) == 0) {
            nulls.push_back(field("s", i) + " is null");
            reason += fmt::format(
                " when {} then {}", nulls.back(),
                quote_literal(column.column.name + " is NULL, which the database does not allow"));
        }
    }
    if (!nulls.empty()) {
        (void)remove_conflicts(work, number, fmt::format("{}", fmt::join(nulls, " or ")),
                               reason + " end");
    }
    if (!table.key.empty()) {
        check_key(work, number);
    }
}

void check_uniques(PlacingWork& work, std::size_t number) {
    for (const PlacingUnique& unique : work.table(number).target.uniques) {
        check_unique(work, number, unique);
    }
}

void check_references(PlacingWork& work) {
    std::uint64_t found = 1;
    while (found > 0) { // without its parent, a row's own children have none
        found = 0;
        for (std::size_t number = 0; number < work.plan.tables.size(); ++number) {
            for (const CheckedReference& reference : work.table(number).checks) {
                found += check_reference(work, number, reference);
            }
        }
    }
}

} // namespace dbbackup::pg
