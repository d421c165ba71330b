#include "pg/compare/live_queries.hpp"
#include "pg/connect/answered_number.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/place_rows.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

// The rows that an import inserted, and how they go again.

namespace dbbackup::pg {

namespace {

/// Of the row `t`, whatever its columns are.
constexpr const char* k_digest = "pg_catalog.md5((t.*)::pg_catalog.text)";

std::string undo_table(std::size_t number) {
    return fmt::format("pg_temp.dbbackup_undo_{}", number);
}

/// The condition that no row refers to the row `t`.
std::string is_unused(const PlacingTarget& target, const PlacingTable& table) {
    std::string condition = "true";
    for (const auto& [name, child] : target.tables) {
        for (const PlacingReference& reference : child.references) {
            if (reference.parent != table.table) {
                continue;
            }
            std::vector<std::string> same;
            for (std::size_t i = 0; i < reference.columns.size(); ++i) {
                const PlacingType& type = table.find(reference.parent_columns[i])->type;
                same.push_back(are_equal(
                    type,
                    fmt::format("c.{}::{}", quote_identifier(reference.columns[i]), type.plain),
                    fmt::format("t.{}::{}", quote_identifier(reference.parent_columns[i]),
                                type.plain)));
            }
            condition += fmt::format(" and not exists (select from {} c where {})", quoted(name),
                                     fmt::join(same, " and "));
        }
    }
    return condition;
}

/// The condition that the row `u` of the file is the row `t`.
std::string same_row(const PlacingTable& table, const InsertedKey& inserted) {
    std::vector<std::string> same;
    for (std::size_t i = 0; i < inserted.key.size(); ++i) {
        const PlacingType& type = table.find(inserted.key[i])->type;
        same.push_back(
            are_equal(type, fmt::format("t.{}::{}", quote_identifier(inserted.key[i]), type.plain),
                      fmt::format("u.k{}::{}", i, type.plain)));
    }
    return fmt::format("{}", fmt::join(same, " and "));
}

const PlacingTable& require_table(const PlacingTarget& target, const InsertedKey& inserted) {
    const auto found = target.tables.find(inserted.table);
    const bool has_all = found != target.tables.end() &&
                         (found->second.kind == 'r' || found->second.kind == 'p') &&
                         std::ranges::all_of(inserted.key, [&found](const std::string& column) {
                             return found->second.find(column) != nullptr;
                         });
    if (!has_all) {
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("table {} is not there any more with the columns of its key",
                                      base::printable(base::dotted_name(inserted.table.schema,
                                                                        inserted.table.name))),
                          "Nothing was changed. The rows can be found by the keys in the file."};
    }
    return found->second;
}

void require_no_triggers(const PlacingTable& table) {
    for (const PlacingTrigger& trigger : table.triggers) {
        if (trigger.on_delete) {
            throw base::Error{
                base::ErrorKind::refused,
                fmt::format(
                    "trigger {} of {} would fire for each row that is deleted",
                    base::printable(trigger.name),
                    base::printable(base::dotted_name(table.table.schema, table.table.name))),
                "Nothing was changed. Choose with --triggers skip (it is off for these rows) or "
                "--triggers fire."};
        }
    }
}

std::uint64_t count(Session& session, const std::string& sql) {
    return answered_number(session.query(sql).at(0).at(0));
}

} // namespace

std::uint64_t read_inserted_keys(Session& session, const PlacingPlan& plan, std::size_t table,
                                 stream::Observer& observer) {
    const TablePlacing& placing = plan.tables[table];
    std::vector<std::string> keys;
    for (const std::size_t place : placing.key) {
        keys.push_back("t." + quote_identifier(placing.columns[place].column.name));
    }
    return session.read_rows(
        fmt::format("copy (select {}, {} from {} t join {} s on {} where s.dbbackup_fate "
                    "operator(pg_catalog.=) {}) to stdout",
                    k_digest, fmt::join(keys, ", "), target_of(placing), rows_of(table),
                    same_key(placing), fate::k_insert),
        observer);
}

InsertedRows::InsertedRows(Session& session, std::vector<InsertedKey> tables)
    : session_(session), tables_(std::move(tables)), counts_(tables_.size(), 0) {
    prepare_placing(session_);
    for (std::size_t number = 0; number < tables_.size(); ++number) {
        std::string columns;
        for (std::size_t i = 0; i < tables_[number].key.size(); ++i) {
            columns += fmt::format(", k{} pg_catalog.text", i);
        }
        session_.execute(fmt::format("create temporary table dbbackup_undo_{} (digest "
                                     "pg_catalog.text{}) on commit drop",
                                     number, columns));
    }
}

void InsertedRows::take(std::size_t table, std::string_view row) {
    constexpr std::size_t k_buffer = 256U << 10U;
    if (current_ != table) {
        finish();
        session_.begin_rows(fmt::format("copy {} from stdin", undo_table(table)));
        current_ = table;
    }
    buffer_ += row;
    buffer_ += '\n';
    ++counts_[table];
    if (buffer_.size() >= k_buffer) {
        session_.send_rows(base::as_bytes(buffer_));
        buffer_.clear();
    }
}

void InsertedRows::finish() {
    if (current_) {
        session_.send_rows(base::as_bytes(buffer_));
        buffer_.clear();
        (void)session_.end_rows();
        current_.reset();
    }
}

RemovedRows InsertedRows::remove_from(const PlacingTarget& target, std::size_t number) {
    const PlacingTable& table = target.tables.at(tables_[number].table);
    const std::string same = same_row(table, tables_[number]);
    const std::string undo = undo_table(number);
    const std::string same_digest = fmt::format("{} operator(pg_catalog.=) u.digest", k_digest);
    RemovedRows removed;
    std::uint64_t deleted = 1;
    while (deleted > 0) { // a row may refer to another one of its table
        const std::string tag = session_.execute(
            fmt::format("delete from {} t using {} u where {} and {} and {}", target_of(table),
                        undo, same, same_digest, is_unused(target, table)));
        deleted = answered_number(tag.substr(tag.rfind(' ') + 1));
        removed.deleted += deleted;
    }
    const std::string left = fmt::format("select pg_catalog.count(*) from {} t, {} u where {} and ",
                                         target_of(table), undo, same);
    removed.in_use = count(session_, left + same_digest);
    removed.changed = count(session_, left + "not (" + same_digest + ")");
    removed.gone = counts_[number] -
                   std::min(counts_[number], removed.deleted + removed.in_use + removed.changed);
    return removed;
}

/// Whoever writes a row that refers to one of ours must wait, or else we see it: a cascade would
/// delete it unseen.
void InsertedRows::lock_children(const PlacingTarget& target) {
    for (const auto& [name, child] : target.tables) {
        const bool refers =
            std::ranges::any_of(child.references, [this](const PlacingReference& reference) {
                return std::ranges::count(tables_, reference.parent, &InsertedKey::table) > 0;
            });
        if (refers) {
            session_.execute(
                fmt::format("lock table {} in share row exclusive mode", target_of(child)));
        }
    }
}

std::vector<RemovedRows> InsertedRows::remove(const PlacingTarget& target, PlacingTriggers triggers,
                                              std::chrono::milliseconds lock_timeout) {
    std::vector<RemovedRows> removed(tables_.size());
    (void)session_.query("select pg_catalog.set_config('lock_timeout', $1, true)",
                         {std::to_string(lock_timeout.count())});
    for (std::size_t number = 0; number < tables_.size(); ++number) {
        const PlacingTable& table = require_table(target, tables_[number]);
        if (triggers == PlacingTriggers::refuse) {
            require_no_triggers(table);
        }
        session_.execute(
            fmt::format("lock table {} in share row exclusive mode", target_of(table)));
        session_.execute("analyze " + undo_table(number));
    }
    lock_children(target);
    if (read_placing_target(session_, {}).tables != target.tables) {
        throw base::Error{base::ErrorKind::refused,
                          "tables of the database were altered since the command began",
                          "Nothing was changed. Try again once the migration is done."};
    }
    for (std::size_t number = tables_.size(); number-- > 0;) {
        const PlacingTable& table = target.tables.at(tables_[number].table);
        if (triggers == PlacingTriggers::skip) {
            switch_triggers(session_, table, false);
        }
        removed[number] = remove_from(target, number);
        if (triggers == PlacingTriggers::skip) {
            switch_triggers(session_, table, true);
        }
    }
    session_.execute("set constraints all immediate");
    return removed;
}

} // namespace dbbackup::pg
