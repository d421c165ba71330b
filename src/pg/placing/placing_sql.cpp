#include "pg/compare/live_queries.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::pg {

namespace {

/// What is kept of conflicts; the rest is only counted.
constexpr std::size_t k_most_conflicts = 100'000;

} // namespace

std::string target_of(const PlacingTable& table) {
    return (table.kind == 'p' ? "" : "only ") + quoted(table.table);
}

std::string target_of(const TablePlacing& table) {
    return target_of(table.target);
}

std::string stage_of(std::size_t number) {
    return fmt::format("pg_temp.dbbackup_stage_{}", number);
}

std::string rows_of(std::size_t number) {
    return fmt::format("pg_temp.dbbackup_rows_{}", number);
}

std::string are_equal(const PlacingType& type, const std::string& left, const std::string& right) {
    return type.equals.empty()
               ? fmt::format("({})::pg_catalog.text operator(pg_catalog.=) ({})::pg_catalog.text",
                             left, right)
               : fmt::format("({}) {} ({})", left, type.equals, right);
}

std::string same_key(const TablePlacing& table, const std::string& alias) {
    std::vector<std::string> conditions;
    for (const std::size_t place : table.key) {
        const PlacingColumn& column = table.columns[place].column;
        const std::string mine = fmt::format("{}.f{}::{}", alias, place, column.type.plain);
        const std::string theirs =
            fmt::format("t.{}::{}", quote_identifier(column.name), column.type.plain);
        conditions.push_back(are_equal(
            column.type, column.type.is_restricted() ? mine : fmt::format("{}.f{}", alias, place),
            column.type.is_restricted() ? theirs : "t." + quote_identifier(column.name)));
    }
    return fmt::format("{}", fmt::join(conditions, " and "));
}

std::string same_values(const TablePlacing& table, const std::vector<std::size_t>& places) {
    std::vector<std::string> conditions;
    for (const std::size_t place : places) {
        const PlacingColumn& column = table.columns[place].column;
        conditions.push_back(
            are_equal(column.type, fmt::format("s.f{}::{}", place, column.type.plain),
                      fmt::format("t.{}::{}", quote_identifier(column.name), column.type.plain)));
    }
    return fmt::format("{}", fmt::join(conditions, " and "));
}

std::optional<std::string> same_parent(const TablePlacing& table, const TablePlacing& parent,
                                       const CheckedReference& reference,
                                       const std::string& alias) {
    const auto places = find_places(parent, reference.parent_columns);
    if (!places) {
        return std::nullopt;
    }
    std::vector<std::string> conditions;
    for (std::size_t i = 0; i < places->size(); ++i) {
        const PlacingType& type = table.columns[reference.columns[i]].column.type;
        conditions.push_back(are_equal(type,
                                       fmt::format("{}.f{}::{}", alias, (*places)[i], type.plain),
                                       fmt::format("s.f{}::{}", reference.columns[i], type.plain)));
    }
    return fmt::format("{}", fmt::join(conditions, " and "));
}

std::string key_text(const TablePlacing& table, const std::string& alias) {
    if (table.key.empty()) {
        return fmt::format("pg_catalog.concat('row ', {}.dbbackup_row)", alias);
    }
    std::vector<std::string> parts;
    for (const std::size_t place : table.key) {
        const PlacedColumn& column = table.columns[place];
        const std::string value = column.keeps_original ? fmt::format("{}.o{}", alias, place)
                                                        : fmt::format("{}.f{}", alias, place);
        parts.push_back(fmt::format("{} || coalesce({}::pg_catalog.text, 'NULL')",
                                    quote_literal(column.column.name + "="), value));
    }
    return fmt::format("pg_catalog.concat_ws(', ', {})", fmt::join(parts, ", "));
}

void note_conflict(PlacingWork& work, std::size_t number, std::string key, std::string reason) {
    ++work.result.tables[number].conflicts;
    if (work.result.conflicts.size() < k_most_conflicts) {
        work.result.conflicts.push_back(
            {work.table(number).target.table, std::move(key), std::move(reason)});
    }
}

std::uint64_t remove_conflicts(PlacingWork& work, std::size_t number, const std::string& condition,
                               const std::string& reason) {
    const auto removed = work.session.query(fmt::format(
        "with found as (delete from {} s where {} returning s.dbbackup_row as number, {} as key, "
        "{} as reason) select key, reason from found order by number",
        rows_of(number), condition, key_text(work.table(number), "s"), reason));
    for (const Session::Row& row : removed) {
        note_conflict(work, number, row[0], row[1]);
    }
    return removed.size();
}

} // namespace dbbackup::pg
