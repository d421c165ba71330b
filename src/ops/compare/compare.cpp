#include "ops/compare/dump_side.hpp"
#include "ops/compare/live_side.hpp"
#include "ops/compare/row_differences.hpp"
#include "ops/compare/state_comparison.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/compare.hpp>
#include <dbbackup/pg/state_differences.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace dbbackup::ops {

namespace {

constexpr const char* k_in_other_encodings = "the two dumps are in different encodings";
constexpr const char* k_only_counted = "only counted";

std::string shown(const pg::RelationName& name) {
    return base::printable(name.schema.empty() ? name.name : name.schema + "." + name.name);
}

const pg::StateTable& find_table(const ComparedSide& side, const pg::RelationName& name) {
    return *std::ranges::find(side.state().tables, name, &pg::StateTable::table);
}

class Comparison {
public:
    Comparison(const CompareRequest& request, const Context& context)
        : request_(request), context_(context) {}

    CompareReport run() {
        const auto started = std::chrono::steady_clock::now();
        for (const std::string& pattern : request_.tables) {
            names_.patterns.emplace_back(pattern, "--table");
        }
        open_both();
        report_.then = then_->describe();
        report_.now = now_->describe();
        names_.only_of_then = !report_.then.part.empty();
        names_.only_of_now = !report_.now.part.empty();
        report_.tables = compare_tables(then_->state(), now_->state(), names_);
        require_tables();
        warn_of_other_database();
        compare_rest(*then_, *now_, names_, report_);
        compare_rows();
        if (request_.rows_of) {
            report_.row_differences =
                find_row_differences(*then_, *now_, columns_of(table_of_rows()), request_.limit);
        }
        report_.duration = elapsed_since(started);
        return std::move(report_);
    }

private:
    void open_both() {
        // Keys come from the database if there is one.
        const Keys keys = request_.rows_of && request_.with_dump ? Keys::needed : Keys::not_needed;
        auto dump = std::make_unique<DumpSide>(find_dump(request_.dump), keys, context_);
        const std::string encoding = dump->state().encoding;
        const std::uint64_t bytes = dump->row_bytes();
        then_ = std::move(dump);
        if (request_.with_dump) {
            now_ = std::make_unique<DumpSide>(find_dump(*request_.with_dump), keys, context_);
        } else {
            warn_of_url(*request_.connection, context_.listener);
            now_ = std::make_unique<LiveSide>(LiveRequest{.connection = *request_.connection,
                                                          .encoding = encoding,
                                                          .lock_timeout = request_.lock_timeout,
                                                          .estimated_bytes = bytes},
                                              context_);
        }
    }

    [[nodiscard]] store::FoundDump find_dump(const std::string& reference) const {
        return find_named_dump({.directory = request_.directory,
                                .reference = reference,
                                .latest = request_.latest,
                                .only_parts = store::OnlyParts::newest,
                                .command_line = request_.command_line},
                               context_);
    }

    /// A pattern that fits nothing is a mistake, and "the same" would hide it.
    void require_tables() const {
        for (std::size_t i = 0; i < names_.patterns.size(); ++i) {
            const bool fits = std::ranges::any_of(report_.tables, [&](const ComparedTable& table) {
                return names_.patterns[i].fits(table.table.schema, table.table.name);
            });
            if (!fits) {
                throw base::Error{
                    base::ErrorKind::usage,
                    fmt::format("no table fits '{}', neither in the dump nor in {}",
                                base::printable(request_.tables[i]),
                                request_.with_dump ? "the other dump" : "the database"),
                    fmt::format("Tables of the dump: {}.", list_of_tables())};
            }
        }
    }

    [[nodiscard]] std::string list_of_tables() const {
        std::vector<std::string> names;
        for (const pg::StateTable& table : then_->state().tables) {
            names.push_back(table.table.schema + "." + table.table.name);
        }
        return names.empty() ? "none" : base::list_some(names);
    }

    void warn_of_other_database() const {
        const std::string& then = report_.then.database;
        const std::string& now = report_.now.database;
        if (!then.empty() && !now.empty() && then != now) {
            context_.listener.on_warning(
                fmt::format("the dump is of the database '{}', compared with '{}'",
                            base::printable(then), base::printable(now)));
        }
        if (request_.with_dump && report_.now.at < report_.then.at) {
            context_.listener.on_warning(
                fmt::format("'{}' is older than '{}': what is listed as new was there before",
                            base::printable(report_.now.name), base::printable(report_.then.name)));
        }
    }

    [[nodiscard]] TableColumns columns_of(const pg::RelationName& table) const {
        return {table, pg::common_columns(find_table(*then_, table), find_table(*now_, table))};
    }

    [[nodiscard]] bool have_one_encoding() const {
        const std::string& then = then_->state().encoding;
        const std::string& now = now_->state().encoding;
        return then == now || then.empty() || now.empty();
    }

    void compare_rows() {
        std::vector<std::size_t> both;
        for (std::size_t i = 0; i < report_.tables.size(); ++i) {
            ComparedTable& table = report_.tables[i];
            for (const ComparedSide* side : {then_.get(), now_.get()}) {
                const bool has = side == then_.get() ? table.was_there : table.is_there;
                if (std::string unknown = has ? side->rows_unknown(table.table) : "";
                    !unknown.empty()) {
                    table.rows = RowsMatch::not_compared;
                    table.not_compared = std::move(unknown);
                }
            }
            if (table.was_there && table.is_there && table.rows != RowsMatch::not_compared) {
                both.push_back(i);
            }
        }
        count_one_sided(*then_, &ComparedTable::was_there, &ComparedTable::rows_then);
        count_one_sided(*now_, &ComparedTable::is_there, &ComparedTable::rows_now);
        if (request_.contents == CompareContents::count_only) {
            count_rows_of(both);
        } else {
            read_rows_of(both);
        }
    }

    /// Tables that only `side` has: their rows are new or gone.
    void count_one_sided(ComparedSide& side, bool ComparedTable::*is_in_side,
                         std::optional<std::uint64_t> ComparedTable::*rows) {
        std::vector<ComparedTable*> tables;
        std::vector<pg::RelationName> names;
        for (ComparedTable& table : report_.tables) {
            const bool is_in_both = table.was_there && table.is_there;
            if (table.*is_in_side && !is_in_both && table.rows != RowsMatch::not_compared) {
                tables.push_back(&table);
                names.push_back(table.table);
            }
        }
        const auto counts = side.count_rows(names);
        for (std::size_t i = 0; i < tables.size(); ++i) {
            tables[i]->*rows = counts[i];
            tables[i]->rows = RowsMatch::differ;
        }
    }

    void count_rows_of(const std::vector<std::size_t>& both) {
        std::vector<pg::RelationName> names;
        for (const std::size_t i : both) {
            names.push_back(report_.tables[i].table);
        }
        const auto before = then_->count_rows(names);
        const auto after = now_->count_rows(names);
        for (std::size_t i = 0; i < both.size(); ++i) {
            ComparedTable& table = report_.tables[both[i]];
            table.rows_then = before[i];
            table.rows_now = after[i];
            table.rows = before[i] == after[i] ? RowsMatch::not_compared : RowsMatch::differ;
            table.not_compared = before[i] == after[i] ? k_only_counted : "";
        }
    }

    void read_rows_of(const std::vector<std::size_t>& both) {
        std::vector<TableColumns> tables;
        for (const std::size_t i : both) {
            tables.push_back(columns_of(report_.tables[i].table));
        }
        const auto before = then_->digests(tables);
        const auto after = now_->digests(tables);
        for (std::size_t i = 0; i < both.size(); ++i) {
            ComparedTable& table = report_.tables[both[i]];
            table.rows_then = before[i].rows;
            table.rows_now = after[i].rows;
            if (before[i] == after[i]) {
                table.rows = RowsMatch::equal;
            } else if (before[i].rows == after[i].rows && !have_one_encoding()) {
                table.rows = RowsMatch::not_compared;
                table.not_compared = k_in_other_encodings;
            } else {
                table.rows = RowsMatch::differ;
            }
        }
    }

    /// The table whose rows are asked for, which both sides must have.
    [[nodiscard]] pg::RelationName table_of_rows() const {
        const pg::NamePattern pattern{*request_.rows_of, "--rows"};
        std::vector<const ComparedTable*> fitting;
        for (const ComparedTable& table : report_.tables) {
            if (pattern.fits(table.table.schema, table.table.name)) {
                fitting.push_back(&table);
            }
        }
        const std::string named = base::printable(*request_.rows_of);
        if (fitting.empty()) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("--rows: no table '{}' was compared", named),
                              fmt::format("Tables of the dump: {}.", list_of_tables())};
        }
        if (fitting.size() > 1) {
            std::vector<std::string> names;
            for (const ComparedTable* table : fitting) {
                names.push_back(table->table.schema + "." + table->table.name);
            }
            throw base::Error{
                base::ErrorKind::usage,
                fmt::format("--rows: '{}' fits several tables: {}", named, base::list_some(names)),
                "Name one of them, with its schema."};
        }
        const ComparedTable& table = *fitting.front();
        if (!table.was_there || !table.is_there) {
            throw base::Error{
                base::ErrorKind::failed,
                fmt::format("--rows: only one of the two has the table {}", shown(table.table)),
                "All of its rows are new or gone: see the list without --rows."};
        }
        if (table.rows == RowsMatch::not_compared && table.not_compared != k_only_counted) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("--rows: the rows of {} cannot be compared: {}",
                                          shown(table.table), table.not_compared)};
        }
        return table.table;
    }

    const CompareRequest& request_;
    const Context& context_;
    ComparedNames names_;
    std::unique_ptr<ComparedSide> then_;
    std::unique_ptr<ComparedSide> now_;
    CompareReport report_;
};

} // namespace

bool CompareReport::differs() const noexcept {
    return std::ranges::any_of(tables, &ComparedTable::differs) || !sequences.empty() ||
           !invalid_indexes.empty() || !newly_not_validated.empty() || !validated_since.empty() ||
           !migrations.empty();
}

CompareReport compare(const CompareRequest& request, const Context& context) {
    return Comparison{request, context}.run();
}

} // namespace dbbackup::ops
