#include "pg/placing/row_writer.hpp"

#include "pg/connect/answered_number.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace dbbackup::pg {

namespace {

/// The server refused the rows, not the statement: data exceptions, violated constraints, and what
/// triggers raise.
bool is_about_rows(const ServerError& error) {
    const std::string& state = error.sqlstate();
    return state.starts_with("22") || state.starts_with("23") || state.starts_with("P0") ||
           state.starts_with("44");
}

/// A foreign key, a unique or an exclusion constraint: other rows may be missing or in the way.
bool depends_on_others(const ServerError& error) {
    const std::string& state = error.sqlstate();
    return state == "23503" || state == "23505" || state == "23P01";
}

/// "INSERT 0 5" → 5
std::uint64_t count_of(const std::string& tag) {
    const std::size_t space = tag.rfind(' ');
    return answered_number(space == std::string::npos ? tag : tag.substr(space + 1));
}

} // namespace

bool is_set_later(const TablePlacing& table, std::size_t place) {
    return !table.columns[place].column.is_not_null &&
           std::ranges::any_of(table.checks, [place](const CheckedReference& reference) {
               return reference.is_set_later && std::ranges::count(reference.columns, place) > 0;
           });
}

void RowWriter::run() {
    if (write("true")) {
        order_.find();
        halve(1, order_.last());
    }
}

bool RowWriter::retry() {
    std::vector<std::uint64_t> waiting;
    for (const auto& [place, refusal] : refused_) {
        if (refusal.may_pass) {
            waiting.push_back(place);
        }
    }
    if (waiting.empty()) {
        return false;
    }
    if (!write(order_.among(waiting))) { // each other's parents
        std::erase_if(refused_, [](const auto& one) { return one.second.may_pass; });
        return true;
    }
    const std::size_t before = refused_.size();
    for (const std::uint64_t place : waiting) {
        if (auto refusal = write(order_.between(place, place))) {
            refused_.at(place) = std::move(*refusal);
        } else {
            refused_.erase(place);
        }
    }
    return refused_.size() < before;
}

RefusedRows RowWriter::refused() {
    std::vector<std::uint64_t> places;
    for (const auto& [place, refusal] : refused_) {
        if (!is_certain() || !refusal.may_pass) {
            places.push_back(place);
        }
    }
    RefusedRows all;
    if (!places.empty()) {
        for (const auto& [place, rows] : order_.rows_at(places)) {
            all.merge(find_culprits(rows, refused_.at(place).reason));
        }
    }
    return all;
}

bool RowWriter::is_certain() const {
    return std::ranges::any_of(refused_, [](const auto& one) { return !one.second.may_pass; });
}

std::string RowWriter::chosen() const {
    switch (writing_) {
    case Writing::insert:
        return fmt::format("s.dbbackup_fate operator(pg_catalog.=) {}", fate::k_insert);
    case Writing::update:
        return fmt::format("s.dbbackup_fate operator(pg_catalog.=) {}", fate::k_update);
    case Writing::set_references:
        break;
    }
    return "s.dbbackup_fate in ('i', 'u')";
}

std::string RowWriter::statement(const std::string& which) const {
    const std::string rows = fmt::format("{} and {}", chosen(), which);
    std::vector<std::string> columns;
    std::vector<std::string> values;
    const bool inserts = writing_ == Writing::insert;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
        const PlacedColumn& column = table_.columns[i];
        const bool stays =
            writing_ == Writing::set_references
                ? !is_set_later(table_, i)
                : !inserts && (column.only_inserted || column.origin == ValueOrigin::fill ||
                               std::ranges::count(table_.key, i) > 0);
        if (stays) {
            continue;
        }
        const bool waits = writing_ != Writing::set_references && is_set_later(table_, i);
        const std::string value = waits ? "null" : fmt::format("s.f{}", i);
        const std::string name = quote_identifier(column.column.name);
        columns.push_back(inserts ? name : fmt::format("{} = {}", name, value));
        values.push_back(value);
    }
    if (!inserts) {
        return fmt::format("update {} t set {} from {} s where {} and {}", target_of(table_),
                           fmt::join(columns, ", "), rows_of(number_), rows, same_key(table_));
    }
    return fmt::format("insert into {}.{} ({}) overriding system value select {} from {} s "
                       "where {} order by s.dbbackup_row",
                       quote_identifier(table_.target.table.schema),
                       quote_identifier(table_.target.table.name), fmt::join(columns, ", "),
                       fmt::join(values, ", "), rows_of(number_), rows);
}

/// Returns why the server refused one of these rows; nothing if it took them all.
std::optional<RowWriter::Refusal> RowWriter::write(const std::string& which) {
    work_.session.execute("savepoint dbbackup_rows");
    try {
        const auto expected =
            work_.session.query(fmt::format("select pg_catalog.count(*) from {} s where {} and {}",
                                            rows_of(number_), chosen(), which));
        const std::uint64_t count = answered_number(expected.at(0).at(0));
        const std::uint64_t done =
            count == 0 ? 0 : count_of(work_.session.execute(statement(which)));
        if (done == count) {
            work_.session.execute("release savepoint dbbackup_rows");
            written_ += count;
            return std::nullopt;
        }
        work_.session.execute("rollback to savepoint dbbackup_rows");
        work_.session.execute("release savepoint dbbackup_rows");
        return Refusal{"a trigger of the database left the row out", false};
    } catch (const ServerError& error) {
        if (!is_about_rows(error)) {
            throw;
        }
        work_.session.execute("rollback to savepoint dbbackup_rows");
        work_.session.execute("release savepoint dbbackup_rows");
        return Refusal{error.server_message(), depends_on_others(error)};
    }
}

/// The places whose rows the server refuses even alone.
void RowWriter::halve(std::uint64_t first, std::uint64_t last) {
    const std::uint64_t middle = first + (last - first) / 2;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> halves{{first, middle},
                                                                {middle + 1, last}};
    for (const auto& [from, to] : halves) {
        if (from > to) {
            continue;
        }
        auto refusal = write(order_.between(from, to));
        if (refusal && from == to) {
            refused_.emplace(from, std::move(*refusal));
        } else if (refusal) {
            halve(from, to);
        }
    }
}

/// Of rows that need each other, those that are refused for themselves; if there are none, all.
RefusedRows RowWriter::find_culprits(const std::vector<std::uint64_t>& rows,
                                     const std::string& reason) {
    RefusedRows all;
    RefusedRows culprits;
    for (const std::uint64_t row : rows) {
        all.emplace(row, reason);
        if (rows.size() > 1) {
            const auto refusal =
                write(fmt::format("s.dbbackup_row operator(pg_catalog.=) {}", row));
            if (refusal && !refusal->may_pass) {
                culprits.emplace(row, refusal->reason);
            }
        }
    }
    return culprits.empty() ? all : culprits;
}

} // namespace dbbackup::pg
