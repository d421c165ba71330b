#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/pg/place_rows.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace dbbackup::pg {

namespace {

constexpr std::size_t k_buffer = 256U << 10U;

void set(Session& session, const std::string& setting, const std::string& value) {
    (void)session.query("select pg_catalog.set_config($1, $2, true)", {setting, value});
}

std::string create_stage(std::size_t number, const TablePlacing& table) {
    std::string columns;
    for (std::size_t i = 0; i < table.staged.size(); ++i) {
        columns += fmt::format(", c{} pg_catalog.text", i);
    }
    return fmt::format("create temporary table dbbackup_stage_{} (dbbackup_row pg_catalog.int8 "
                       "generated always as identity{}) on commit drop",
                       number, columns);
}

std::string copy_into(std::size_t number, const TablePlacing& table, const SourceTable& source) {
    std::vector<std::string> columns;
    for (const SourceColumn& column : source.columns) {
        const auto place = std::ranges::find(table.staged, column.name) - table.staged.begin();
        columns.push_back(fmt::format("c{}", place));
    }
    return fmt::format("copy {} ({}) from stdin", stage_of(number), fmt::join(columns, ", "));
}

/// Those from which its rows may get numbers, or which may rise for them.
std::set<std::string> sequences_of(const TablePlacing& table) {
    std::set<std::string> sequences;
    for (const PlacingColumn& column : table.target.columns) {
        if (find_placed(table, column.name) == nullptr) {
            sequences.insert(column.default_sequences.begin(), column.default_sequences.end());
        } else if (column.is_numbered()) {
            sequences.insert(column.sequence);
        }
    }
    return sequences;
}

/// From here on the transaction has a copy of it (the cache stays what it is), so a rollback gives
/// back what was taken. Only its owner can do that; for others, numbers are lost, as usual.
void make_numbers_revocable(Session& session, const std::string& sequence) {
    for (const Session::Row& row : session.query(fmt::format(
             "select q.seqcache from pg_catalog.pg_sequence q, pg_catalog.pg_class c where "
             "c.oid operator(pg_catalog.=) q.seqrelid and q.seqrelid operator(pg_catalog.=) "
             "{}::pg_catalog.regclass and pg_catalog.pg_has_role(c.relowner, 'USAGE')",
             quote_literal(sequence)))) {
        session.execute(fmt::format("alter sequence {} cache {}", sequence, row.at(0)));
    }
}

} // namespace

void prepare_placing(Session& session) {
    set(session, "client_encoding", "UTF8");
    set(session, "standard_conforming_strings", "on");
    set(session, "datestyle", "ISO");
    set(session, "intervalstyle", "postgres");
    set(session, "timezone", "UTC");
    set(session, "extra_float_digits", "3");
    set(session, "bytea_output", "hex");
    set(session, "xmloption", "content");
    set(session, "statement_timeout", "0");
    set(session, "idle_in_transaction_session_timeout", "0");
    set(session, "array_nulls", "on");
    // Only a superuser may set it, and only few have it otherwise.
    (void)session.query("select pg_catalog.set_config(s.name, 'origin', true) from "
                        "pg_catalog.pg_settings s where s.name = 'session_replication_role' and "
                        "s.setting <> 'origin'");
    set(session, "row_security", "off");
    set(session, "check_function_bodies", "off");
    set(session, "search_path", "");
    // The joins of rows with tables are hash joins: with less memory they write to disk.
    (void)session.query("select pg_catalog.set_config('work_mem', $1, true) where "
                        "pg_catalog.pg_size_bytes(pg_catalog.current_setting('work_mem')) < "
                        "pg_catalog.pg_size_bytes($1)",
                        {"64MB"});
}

StagedRows::StagedRows(Session& session, const PlacingPlan& plan, const RowSource& source)
    : session_(session), encoding_(source.encoding.empty() ? "UTF8" : source.encoding),
      counts_(plan.tables.size(), 0) {
    prepare_placing(session);
    for (std::size_t number = 0; number < plan.tables.size(); ++number) {
        session.execute(create_stage(number, plan.tables[number]));
        for (const std::size_t index : plan.tables[number].sources) {
            placing_of_[index] = number;
            if (!source.tables[index].columns.empty()) {
                copies_[index] = copy_into(number, plan.tables[number], source.tables[index]);
            }
        }
    }
    set(session, "client_encoding", encoding_);
}

std::vector<std::size_t> StagedRows::wanted() const {
    std::vector<std::size_t> tables;
    for (const auto& [table, copy] : copies_) {
        tables.push_back(table);
    }
    return tables;
}

void StagedRows::take(std::size_t table, std::string_view row) {
    if (!is_copying_ || current_ != table) {
        end_table();
        session_.begin_rows(copies_.at(table));
        current_ = table;
        is_copying_ = true;
    }
    buffer_ += row;
    buffer_ += '\n';
    ++counts_[placing_of_.at(table)];
    if (buffer_.size() >= k_buffer) {
        session_.send_rows(base::as_bytes(buffer_));
        buffer_.clear();
    }
}

void StagedRows::end_table() {
    if (is_copying_) {
        session_.send_rows(base::as_bytes(buffer_));
        buffer_.clear();
        (void)session_.end_rows();
        is_copying_ = false;
    }
}

void StagedRows::finish() {
    end_table();
    set(session_, "client_encoding", "UTF8");
}

void lock_placed_tables(Session& session, const PlacingPlan& plan,
                        std::chrono::milliseconds lock_timeout) {
    set(session, "lock_timeout", std::to_string(lock_timeout.count()));
    // Before the tables: whoever has taken a number waits for its table next.
    for (const TablePlacing& table : plan.tables) {
        for (const std::string& sequence : sequences_of(table)) {
            make_numbers_revocable(session, sequence);
        }
    }
    for (const TablePlacing& table : plan.tables) {
        session.execute(fmt::format("lock table {} in share row exclusive mode", target_of(table)));
    }
}

} // namespace dbbackup::pg
