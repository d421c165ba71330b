#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/error.hpp>

#include <fmt/format.h>

// Numbers that the source brought must not be given again.

namespace dbbackup::pg {

std::optional<NumbersAhead> find_numbers_ahead(PlacingWork& work, const PlacingColumn& column,
                                               std::size_t place, const std::string& rows) {
    const auto behind = work.session.query(fmt::format(
        "select case when up then r.most else r.least end, case when v.is_called then "
        "'only numbers up to ' || v.last_value else 'no number yet' end from {0} v, (select "
        "pg_catalog.max(s.f{1}::pg_catalog.numeric) as most, pg_catalog.min(s.f{1}::"
        "pg_catalog.numeric) as least from {2} s) r, (select q.seqincrement "
        "operator(pg_catalog.>) 0 as up from pg_catalog.pg_sequence q where q.seqrelid "
        "operator(pg_catalog.=) {3}::pg_catalog.regclass) q where r.most is not null and "
        "(not v.is_called or case when up then r.most operator(pg_catalog.>) v.last_value "
        "else r.least operator(pg_catalog.<) v.last_value end)",
        column.sequence, place, rows, quote_literal(column.sequence)));
    if (behind.empty()) {
        return std::nullopt;
    }
    return NumbersAhead{behind.at(0).at(0), behind.at(0).at(1)};
}

void raise_sequences(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const PlacedColumn& column = table.columns[i];
        if (!column.column.is_numbered() || column.origin == ValueOrigin::sequence) {
            continue;
        }
        // The number that comes next, if the sequence is behind the rows that were inserted.
        const auto next = work.session.query(fmt::format(
            "select case when q.seqincrement operator(pg_catalog.>) 0 then "
            "(r.most operator(pg_catalog.+) q.seqincrement)::pg_catalog.int8 else "
            "(r.least operator(pg_catalog.+) q.seqincrement)::pg_catalog.int8 end from {} v, "
            "(select pg_catalog.max(s.f{}::pg_catalog.numeric) as most, "
            "pg_catalog.min(s.f{}::pg_catalog.numeric) as least from {} s "
            "where s.dbbackup_fate operator(pg_catalog.=) {}) r, pg_catalog.pg_sequence q "
            "where q.seqrelid operator(pg_catalog.=) {}::pg_catalog.regclass "
            "and case when q.seqincrement operator(pg_catalog.>) 0 then "
            "(r.most operator(pg_catalog.>) v.last_value or (r.most operator(pg_catalog.=) "
            "v.last_value and not v.is_called)) "
            "and r.most operator(pg_catalog.+) q.seqincrement operator(pg_catalog.<=) q.seqmax "
            "else (r.least operator(pg_catalog.<) v.last_value or (r.least "
            "operator(pg_catalog.=) v.last_value and not v.is_called)) "
            "and r.least operator(pg_catalog.+) q.seqincrement operator(pg_catalog.>=) q.seqmin "
            "end",
            column.column.sequence, i, i, rows_of(number), fate::k_insert,
            quote_literal(column.column.sequence)));
        if (!next.empty()) {
            work.session.execute(fmt::format("alter sequence {} restart with {}",
                                             column.column.sequence, next.at(0).at(0)));
        }
    }
}

void protect_sequences(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    for (const PlacingColumn& column : table.target.columns) {
        if (find_placed(table, column.name) != nullptr) {
            continue;
        }
        for (const std::string& sequence : column.default_sequences) {
            const auto next = work.session.query(fmt::format(
                "select case when v.is_called and v.last_value operator(pg_catalog.+) "
                "q.seqincrement between q.seqmin and q.seqmax then v.last_value "
                "operator(pg_catalog.+) q.seqincrement else v.last_value end from {} v, "
                "pg_catalog.pg_sequence q where q.seqrelid operator(pg_catalog.=) "
                "{}::pg_catalog.regclass",
                sequence, quote_literal(sequence)));
            work.session.execute(
                fmt::format("alter sequence {} restart with {}", sequence, next.at(0).at(0)));
        }
    }
}

} // namespace dbbackup::pg
