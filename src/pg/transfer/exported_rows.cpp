#include "pg/compare/live_queries.hpp"
#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/pg/copied_fields.hpp>
#include <dbbackup/pg/exported_rows.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>

namespace dbbackup::pg {

namespace {

constexpr unsigned k_item_bits = 16;

/// "(12,3)", as a tid is written.
RowId read_row_id(std::string_view text) {
    const std::size_t comma = text.find(',');
    return answered_number(std::string{text.substr(1, comma - 1)}) << k_item_bits |
           answered_number(std::string{text.substr(comma + 1, text.size() - comma - 2)});
}

/// As an array in SQL.
std::string tids(std::span<const RowId> ids) {
    std::string array = "'{";
    for (const RowId id : ids) {
        fmt::format_to(std::back_inserter(array), "{}\"({},{})\"", array.size() > 2 ? "," : "",
                       id >> k_item_bits, id & ((RowId{1} << k_item_bits) - 1));
    }
    return array + "}'::pg_catalog.tid[]";
}

std::string only(bool is_partitioned, const RelationName& table) {
    return (is_partitioned ? "" : "only ") + quoted(table);
}

/// The alias of the parent of the column at `i`.
std::string parent_alias(std::size_t i) {
    return fmt::format("p{}", i);
}

/// A single column as it is, several as a JSON array of their texts: format() writes a value as
/// its type's output does, a cast would not (character(n)).
std::string key_expression(const KeyLookup& lookup, const std::string& alias) {
    std::vector<std::string> parts;
    for (const std::string& column : lookup.key) {
        const std::string value = fmt::format("{}.{}", alias, quote_identifier(column));
        if (lookup.key.size() == 1) {
            return value;
        }
        parts.push_back(fmt::format("pg_catalog.format('%s', {})", value));
    }
    return fmt::format("case when {}.{} is not null then pg_catalog.json_build_array({}) end",
                       alias, quote_identifier(lookup.parent_column), fmt::join(parts, ", "));
}

std::string join_of(const KeyLookup& lookup, const std::string& alias, const std::string& column) {
    return fmt::format(" left join {} {} on {}.{} {} t.{}",
                       only(lookup.parent_is_partitioned, lookup.parent), alias, alias,
                       quote_identifier(lookup.parent_column), lookup.equality,
                       quote_identifier(column));
}

/// The table with its rows as `t`. An extension's condition knows no alias.
std::string source_of(const LiveTable& table) {
    const std::string relation = "only " + quoted(table.state.table);
    return table.condition.empty()
               ? relation + " t"
               : fmt::format("(select *, ctid from {} {}) t", relation, table.condition);
}

std::string bound_of(const DateLimit& dates, const DateBound& bound) {
    return dates.has_zone
               ? fmt::format("'{}'::pg_catalog.timestamptz", base::format_utc(bound.moment))
               : fmt::format("'{}'::pg_catalog.timestamp", bound.wall_clock);
}

std::vector<std::string> conditions_of(const ExportedRows& rows) {
    std::vector<std::string> conditions;
    if (rows.dates) {
        const std::string column = "t." + quote_identifier(rows.dates->column);
        if (rows.dates->since) {
            conditions.push_back(
                fmt::format("{} >= {}", column, bound_of(*rows.dates, *rows.dates->since)));
        }
        if (rows.dates->until) {
            conditions.push_back(
                fmt::format("{} < {}", column, bound_of(*rows.dates, *rows.dates->until)));
        }
    }
    return conditions;
}

std::string where(const std::vector<std::string>& conditions) {
    return conditions.empty() ? "" : fmt::format(" where {}", fmt::join(conditions, " and "));
}

std::string select_rows(const ExportedRows& rows, const std::vector<std::string>& conditions) {
    std::vector<std::string> columns;
    std::string joins;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const ExportedColumn& column = rows.columns[i];
        if (column.lookup) {
            columns.push_back(key_expression(*column.lookup, parent_alias(i)));
            joins += join_of(*column.lookup, parent_alias(i), column.name);
        } else {
            columns.push_back("t." + quote_identifier(column.name));
        }
    }
    return fmt::format("select {} from {}{}{}", fmt::join(columns, ", "), source_of(rows.table),
                       joins, where(conditions));
}

std::uint64_t counted(Session& session, const ExportedRows& rows,
                      const std::vector<std::string>& conditions) {
    return answered_number(session
                               .query(fmt::format("select pg_catalog.count(*) from {}{}",
                                                  source_of(rows.table), where(conditions)))
                               .at(0)
                               .at(0));
}

std::vector<std::string> with_ids(std::vector<std::string> conditions, std::span<const RowId> ids) {
    conditions.push_back(fmt::format("t.ctid = any ({})", tids(ids)));
    return conditions;
}

/// Rows of an OID and a tid.
class FoundRows : public stream::Observer {
public:
    explicit FoundRows(const std::function<void(std::uint32_t, RowId)>& visit) : visit_(visit) {}

    void observe(base::Bytes bytes) override { // one row
        std::string_view row = base::as_text(bytes);
        row.remove_suffix(row.ends_with('\n') ? 1 : 0);
        const auto fields = split_copied_row(row);
        visit_(static_cast<std::uint32_t>(answered_number(std::string{fields.at(0)})),
               read_row_id(fields.at(1)));
    }

private:
    const std::function<void(std::uint32_t, RowId)>& visit_;
};

} // namespace

std::optional<bool> has_time_zone(const std::string& type) {
    if (type.starts_with("timestamp")) {
        return type.ends_with(" with time zone");
    }
    return type == "date" ? std::optional{false} : std::nullopt;
}

std::string copy_statement(const ExportedRows& rows) {
    const bool is_plain = !rows.dates && !rows.columns.empty() &&
                          std::ranges::none_of(rows.columns, [](const ExportedColumn& column) {
                              return column.lookup.has_value();
                          });
    if (is_plain) { // which the server does faster
        std::vector<std::string> names;
        for (const ExportedColumn& column : rows.columns) {
            names.push_back(column.name);
        }
        return copy_statement(rows.table, names);
    }
    return fmt::format("copy ({}) to stdout", select_rows(rows, conditions_of(rows)));
}

std::string copy_statement(const ExportedRows& rows, std::span<const RowId> ids) {
    return fmt::format("copy ({}) to stdout",
                       select_rows(rows, with_ids(conditions_of(rows), ids)));
}

std::uint64_t count_rows(Session& session, const ExportedRows& rows) {
    return counted(session, rows, conditions_of(rows));
}

std::uint64_t count_rows(Session& session, const ExportedRows& rows, std::span<const RowId> ids) {
    return counted(session, rows, with_ids(conditions_of(rows), ids));
}

std::uint64_t count_undated_rows(Session& session, const ExportedRows& rows) {
    return counted(session, rows,
                   {fmt::format("t.{} is null", quote_identifier(rows.dates->column))});
}

KeyProblems find_key_problems(Session& session, const ExportedRows& rows, const KeyLookup& lookup,
                              const std::string& column) {
    std::vector<std::string> nulls;
    for (const std::string& one : lookup.key) {
        nulls.push_back(fmt::format("p.{} is null", quote_identifier(one)));
    }
    std::vector<std::string> conditions = conditions_of(rows);
    conditions.push_back(fmt::format("t.{} is not null", quote_identifier(column)));
    const std::string parent_column = "p." + quote_identifier(lookup.parent_column);
    const Session::Row row =
        session
            .query(fmt::format("select pg_catalog.count(*) filter (where {} is null), "
                               "pg_catalog.count(*) filter (where {} is not null and ({})) "
                               "from {}{}{}",
                               parent_column, parent_column, fmt::join(nulls, " or "),
                               source_of(rows.table), join_of(lookup, "p", column),
                               where(conditions)))
            .at(0);
    return {.without_parent = answered_number(row[0]), .null_keys = answered_number(row[1])};
}

std::uint64_t count_repeated_keys(Session& session, const KeyLookup& lookup) {
    std::vector<std::string> columns;
    std::vector<std::string> not_null;
    for (const std::string& column : lookup.key) {
        columns.push_back(quote_identifier(column));
        not_null.push_back(quote_identifier(column) + " is not null");
    }
    const std::string list = fmt::format("{}", fmt::join(columns, ", "));
    return answered_number(
        session
            .query(fmt::format("select pg_catalog.count(*) from (select from {} where {} "
                               "group by {} having pg_catalog.count(*) > 1) k",
                               only(lookup.parent_is_partitioned, lookup.parent),
                               fmt::join(not_null, " and "), list))
            .at(0)
            .at(0));
}

std::vector<std::pair<std::uint32_t, RowId>> find_rows(Session& session, const CatalogTable& table,
                                                       const std::string& column,
                                                       const std::string& value, std::size_t most) {
    std::vector<std::pair<std::uint32_t, RowId>> rows;
    for (const Session::Row& row : session.query(
             fmt::format("select t.tableoid, t.ctid from {} t where t.{} = $1 limit {}",
                         only(table.is_partitioned, table.table), quote_identifier(column), most),
             {value})) {
        rows.emplace_back(static_cast<std::uint32_t>(answered_number(row[0])), read_row_id(row[1]));
    }
    return rows;
}

void find_children(Session& session, const LiveForeignKey& key, const RelationName& parent,
                   std::span<const RowId> parents,
                   const std::function<void(std::uint32_t, RowId)>& visit) {
    std::vector<std::string> pairs;
    for (const LiveForeignKey::Pair& pair : key.columns) {
        pairs.push_back(fmt::format("p.{} {} c.{}", quote_identifier(pair.parent_column),
                                    pair.equality, quote_identifier(pair.child_column)));
    }
    FoundRows found{visit};
    (void)session.read_rows(
        fmt::format("copy (select c.tableoid::pg_catalog.oid, c.ctid from {} c join only {} p on "
                    "{} where p.ctid = any ({})) to stdout",
                    only(key.child_is_partitioned, key.child), quoted(parent),
                    fmt::join(pairs, " and "), tids(parents)),
        found);
}

} // namespace dbbackup::pg
