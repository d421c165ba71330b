#include "pg/connect/answered_number.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>
#include <utility>

// DELETE, UPDATE and INSERT in the target. What the server refuses is found by halving.

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

/// The columns that get NULL at first: their parents come later.
bool is_set_later(const TablePlacing& table, std::size_t place) {
    return !table.columns[place].column.is_not_null &&
           std::ranges::any_of(table.checks, [place](const CheckedReference& reference) {
               return reference.is_set_later && std::ranges::count(reference.columns, place) > 0;
           });
}

enum class Writing { insert, update, set_references };

/// Writes rows of dbbackup_rows_N, in one way.
class Writer {
public:
    Writer(PlacingWork& work, std::size_t number, Writing writing)
        : work_(work), number_(number), table_(work.table(number)), writing_(writing) {}

    void run() {
        const auto range = work_.session.query(
            fmt::format("select pg_catalog.count(*), coalesce(pg_catalog.min(s.dbbackup_row), 1), "
                        "coalesce(pg_catalog.max(s.dbbackup_row), 0) from {} s where {}",
                        rows_of(number_), chosen()));
        if (answered_number(range.at(0).at(0)) == 0) {
            return;
        }
        const std::uint64_t first = answered_number(range.at(0).at(1));
        const std::uint64_t last = answered_number(range.at(0).at(2));
        if (!write(between(first, last))) {
            return;
        }
        work_.session.execute(fmt::format("create index on {} (dbbackup_row)", rows_of(number_)));
        halve(first, last);
    }

    /// Tries those again that may have been refused for lack of another one. Returns whether
    /// there is now one less.
    bool retry() {
        std::string waiting;
        for (const auto& [row, refusal] : refused_) {
            if (refusal.may_pass) {
                waiting += fmt::format("{}{}", waiting.empty() ? "" : ", ", row);
            }
        }
        if (waiting.empty()) {
            return false;
        }
        if (!write(fmt::format("s.dbbackup_row in ({})", waiting))) { // each other's parents
            std::erase_if(refused_, [](const auto& one) { return one.second.may_pass; });
            return true;
        }
        const std::size_t before = refused_.size();
        for (auto one = refused_.begin(); one != refused_.end();) {
            auto refusal = one->second.may_pass ? write(between(one->first, one->first))
                                                : std::optional{one->second};
            if (refusal) {
                one->second = std::move(*refusal);
                ++one;
            } else {
                one = refused_.erase(one);
            }
        }
        return refused_.size() < before;
    }

    [[nodiscard]] std::uint64_t written() const { return written_; }

    /// Those that no other row can help; if there are none, all.
    [[nodiscard]] RefusedRows refused() const {
        RefusedRows all;
        RefusedRows certain;
        for (const auto& [row, refusal] : refused_) {
            all.emplace(row, refusal.reason);
            if (!refusal.may_pass) {
                certain.emplace(row, refusal.reason);
            }
        }
        return certain.empty() ? all : certain;
    }

    [[nodiscard]] bool is_certain() const {
        return std::ranges::any_of(refused_, [](const auto& one) { return !one.second.may_pass; });
    }

private:
    struct Refusal {
        std::string reason;
        bool may_pass = false; ///< once other rows are written
    };

    [[nodiscard]] std::string chosen() const {
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

    static std::string between(std::uint64_t first, std::uint64_t last) {
        return fmt::format("s.dbbackup_row operator(pg_catalog.>=) {} and s.dbbackup_row "
                           "operator(pg_catalog.<=) {}",
                           first, last);
    }

    [[nodiscard]] std::string statement(const std::string& which) const {
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
    [[nodiscard]] std::optional<Refusal> write(const std::string& which) {
        work_.session.execute("savepoint dbbackup_rows");
        try {
            const auto expected = work_.session.query(
                fmt::format("select pg_catalog.count(*) from {} s where {} and {}",
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

    /// The rows that the server refuses one by one.
    void halve(std::uint64_t first, std::uint64_t last) {
        const std::uint64_t middle = first + (last - first) / 2;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> halves{{first, middle},
                                                                    {middle + 1, last}};
        for (const auto& [from, to] : halves) {
            if (from > to) {
                continue;
            }
            auto refusal = write(between(from, to));
            if (refusal && from == to) {
                refused_.emplace(from, std::move(*refusal));
            } else if (refusal) {
                halve(from, to);
            }
        }
    }

    PlacingWork& work_;
    std::size_t number_;
    const TablePlacing& table_;
    Writing writing_;
    std::map<std::uint64_t, Refusal> refused_;
    std::uint64_t written_ = 0;
};

} // namespace

void delete_rows(PlacingWork& work) {
    // Counted before: foreign keys of a circle may delete rows of other tables too.
    for (std::size_t i = 0; i < work.plan.tables.size(); ++i) {
        work.result.tables[i].deleted = answered_number(
            work.session.query("select pg_catalog.count(*) from " + target_of(work.table(i)))
                .at(0)
                .at(0));
    }
    for (const TablePlacing& table : work.plan.tables) { // so that a circle can be cut
        for (const CheckedReference& reference : table.checks) {
            if (!reference.is_set_later) {
                continue;
            }
            for (const std::size_t place : reference.columns) {
                const std::string name = quote_identifier(table.columns[place].column.name);
                if (!table.columns[place].column.is_not_null) {
                    work.session.execute(fmt::format("update {} t set {} = null where t.{} is not "
                                                     "null",
                                                     target_of(table), name, name));
                }
            }
        }
    }
    for (std::size_t i = work.plan.tables.size(); i-- > 0;) {
        work.session.execute("delete from " + target_of(work.table(i)));
    }
}

RefusedRows write_rows(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    Writer updates{work, number, Writing::update};
    Writer inserts{work, number, Writing::insert};
    // A row may move to a new parent in its own table; else it may leave its unique values to a
    // new one.
    const bool refers_to_itself = std::ranges::count(table.checks, std::optional{number},
                                                     &CheckedReference::parent_placing) > 0;
    for (Writer* writer :
         refers_to_itself ? std::array{&inserts, &updates} : std::array{&updates, &inserts}) {
        writer->run();
    }
    bool is_less = true;
    while (is_less) {
        is_less = updates.retry();
        is_less = inserts.retry() || is_less;
    }
    work.result.tables[number].updated = updates.written();
    work.result.tables[number].inserted = inserts.written();
    if (inserts.is_certain() != updates.is_certain()) {
        return (inserts.is_certain() ? inserts : updates).refused();
    }
    RefusedRows refused = updates.refused();
    refused.merge(inserts.refused());
    return refused;
}

RefusedRows set_waiting_references(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    Writer writer{work, number, Writing::set_references};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (is_set_later(table, i)) {
            writer.run();
            break;
        }
    }
    return writer.refused();
}

} // namespace dbbackup::pg
