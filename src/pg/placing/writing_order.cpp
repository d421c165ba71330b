#include "pg/placing/writing_order.hpp"

#include "pg/connect/answered_number.hpp"
#include "pg/placing/row_order.hpp"

#include <dbbackup/base/bytes.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::pg {

namespace {

std::string order_of(std::size_t number) {
    return fmt::format("pg_temp.dbbackup_order_{}", number);
}

/// Reads lines "row TAB after", or "row TAB \N".
class LinkReader : public stream::Observer {
public:
    void observe(base::Bytes bytes) override {
        const std::string_view line = base::as_text(bytes);
        const std::size_t tab = line.find('\t');
        const std::uint64_t row = answered_number(line.substr(0, tab));
        if (line.substr(tab + 1).starts_with('\\')) {
            rows.push_back(row);
        } else {
            links.push_back({row, answered_number(line.substr(tab + 1))});
        }
    }

    std::vector<std::uint64_t> rows;
    std::vector<RowLink> links;
};

void send(Session& session, const std::string& table, const std::vector<RowPlace>& places) {
    constexpr std::size_t k_buffer = 256U << 10U;
    session.begin_rows(fmt::format("copy {} (place, dbbackup_row) from stdin", table));
    std::string buffer;
    for (const RowPlace& row : places) {
        fmt::format_to(std::back_inserter(buffer), "{}\t{}\n", row.place, row.row);
        if (buffer.size() >= k_buffer) {
            session.send_rows(base::as_bytes(buffer));
            buffer.clear();
        }
    }
    session.send_rows(base::as_bytes(buffer));
    (void)session.end_rows();
}

} // namespace

void WritingOrder::find() {
    if (is_found_) {
        return;
    }
    const std::string order = order_of(number_);
    work_.session.execute(fmt::format("create temporary table dbbackup_order_{} (place "
                                      "pg_catalog.int8, dbbackup_row pg_catalog.int8) on commit "
                                      "drop",
                                      number_));
    if (const auto links = find_links(); !links.empty()) {
        order_by_links(links);
    } else {
        work_.session.execute(fmt::format("insert into {} select pg_catalog.row_number() over "
                                          "(order by s.dbbackup_row), s.dbbackup_row from {} s "
                                          "where {}",
                                          order, rows_of(number_), fate::k_written));
    }
    work_.session.execute(fmt::format("create index on {} (place)", order));
    work_.session.execute(fmt::format("create index on {} (dbbackup_row)", rows_of(number_)));
    work_.session.execute("analyze " + order);
    last_ = answered_number(
        work_.session.query("select coalesce(pg_catalog.max(o.place), 0) from " + order + " o")
            .at(0)
            .at(0));
    is_found_ = true;
}

void WritingOrder::drop() {
    if (is_found_) {
        work_.session.execute("drop table " + order_of(number_));
        is_found_ = false;
    }
}

/// FROM and WHERE of the rows `s` that can only be written after `o`.
std::vector<std::string> WritingOrder::find_links() const {
    const TablePlacing& table = work_.table(number_);
    const std::string rows = rows_of(number_);
    std::vector<std::string> links;
    for (const CheckedReference& reference : table.checks) {
        const auto same = reference.parent_placing == number_
                              ? same_parent(table, table, reference, "o")
                              : std::nullopt;
        if (same) {
            links.push_back(fmt::format("from {0} s, {0} o where {1}", rows, *same));
        }
    }
    if (!table.updates || work_.plan.options.mode == PlacingMode::replace) {
        return links;
    }
    for (const PlacingUnique& unique : table.target.uniques) {
        const auto places = find_places(table, unique.columns);
        if (places && !places->empty() && !std::ranges::is_permutation(*places, table.key)) {
            links.push_back(
                fmt::format("from {0} s, {1} t, {0} o where {2} and {3} and o.dbbackup_fate "
                            "operator(pg_catalog.=) {4}",
                            rows, target_of(table), same_values(table, *places),
                            same_key(table, "o"), fate::k_update));
        }
    }
    return links;
}

void WritingOrder::order_by_links(const std::vector<std::string>& links) {
    LinkReader reader;
    std::string query = fmt::format("select s.dbbackup_row, null::pg_catalog.int8 from {} s where "
                                    "{}",
                                    rows_of(number_), fate::k_written);
    for (const std::string& link : links) {
        query += fmt::format(" union all select s.dbbackup_row, o.dbbackup_row {} and {}", link,
                             fate::k_written);
    }
    (void)work_.session.read_rows("copy (" + query + ") to stdout", reader);
    std::ranges::sort(reader.rows);
    send(work_.session, order_of(number_), order_rows(reader.rows, reader.links));
}

std::string WritingOrder::between(std::uint64_t first, std::uint64_t last) const {
    return fmt::format("s.dbbackup_row operator(pg_catalog.=) any (select o.dbbackup_row from {} o "
                       "where o.place operator(pg_catalog.>=) {} and o.place "
                       "operator(pg_catalog.<=) {})",
                       order_of(number_), first, last);
}

std::string WritingOrder::among(const std::vector<std::uint64_t>& places) const {
    return fmt::format("s.dbbackup_row operator(pg_catalog.=) any (select o.dbbackup_row from {} o "
                       "where o.place operator(pg_catalog.=) any ('{{{}}}'::pg_catalog.int8[]))",
                       order_of(number_), fmt::join(places, ","));
}

std::map<std::uint64_t, std::vector<std::uint64_t>>
WritingOrder::rows_at(const std::vector<std::uint64_t>& places) const {
    std::map<std::uint64_t, std::vector<std::uint64_t>> rows;
    for (const Session::Row& row : work_.session.query(
             fmt::format("select o.place, o.dbbackup_row from {} o where o.place "
                         "operator(pg_catalog.=) any ('{{{}}}'::pg_catalog.int8[]) order by 1, 2",
                         order_of(number_), fmt::join(places, ",")))) {
        rows[answered_number(row[0])].push_back(answered_number(row[1]));
    }
    return rows;
}

} // namespace dbbackup::pg
