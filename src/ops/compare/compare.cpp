#include "ops/client/progress_report.hpp"
#include "ops/compare/compared_rows.hpp"
#include "ops/compare/dump_side.hpp"
#include "ops/compare/live_side.hpp"
#include "ops/compare/row_differences.hpp"
#include "ops/compare/state_comparison.hpp"
#include "ops/read/named_dump.hpp"
#include "ops/server_access.hpp"

#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/compare.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <utility>

namespace dbbackup::ops {

namespace {

class Comparison {
public:
    Comparison(const CompareRequest& request, const Context& context)
        : request_(request), context_(context) {}

    CompareReport run() {
        const auto started = std::chrono::steady_clock::now();
        for (const std::string& pattern : request_.tables) {
            names_.patterns.emplace_back(pattern, "--table");
        }
        open_then();
        open_now();
        report_.now = now_->describe();
        names_.only_of_now = !report_.now.part.empty();
        report_.tables = compare_tables(then_->state(), now_->state(), names_);
        require_tables();
        if (request_.rows_of) { // before all rows are read for nothing
            (void)find_asked_table(*request_.rows_of, report_.tables);
        }
        warn_of_other_database();
        compare_rest(*then_, *now_, names_, report_);
        compare_rows(*then_, *now_, request_.contents, report_.tables);
        if (request_.rows_of) {
            const pg::RelationName asked = find_asked_table(*request_.rows_of, report_.tables);
            report_.row_differences = find_row_differences(
                *then_, *now_, find_common_columns(*then_, *now_, asked), request_.limit);
        }
        report_.made_at = context_.clock.now();
        report_.duration = elapsed_since(started);
        return std::move(report_);
    }

private:
    /// Keys come from the database if there is one.
    [[nodiscard]] Keys keys() const {
        return request_.rows_of && request_.with_dump ? Keys::needed : Keys::not_needed;
    }

    void open_then() {
        auto dump = std::make_unique<DumpSide>(find_dump(request_.dump), keys(), context_);
        row_bytes_ = dump->row_bytes();
        then_ = std::move(dump);
        report_.then = then_->describe();
        names_.only_of_then = !report_.then.part.empty();
        for (const pg::StateTable& table : then_->state().tables) {
            names_then_.insert(table.table);
        }
        for (const pg::SequenceState& sequence : then_->state().sequences) {
            names_then_.insert({sequence.schema, sequence.name});
        }
    }

    void open_now() {
        if (request_.with_dump) {
            now_ = std::make_unique<DumpSide>(find_dump(*request_.with_dump), keys(), context_);
            require_one_encoding();
            return;
        }
        warn_of_url(*request_.connection, context_.listener);
        auto live = std::make_unique<LiveSide>(
            LiveRequest{.connection = *request_.connection,
                        .encoding = then_->state().encoding,
                        .lock_timeout = request_.lock_timeout,
                        .estimated_bytes = row_bytes_,
                        .wanted = [this](const pg::RelationName& name) { return is_wanted(name); }},
            context_);
        live_ = live.get();
        now_ = std::move(live);
    }

    void require_one_encoding() const {
        const std::string& then = then_->state().encoding;
        const std::string& now = now_->state().encoding;
        if (then != now && !then.empty() && !now.empty()) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the dumps are in different encodings ({} and {})",
                                          base::printable(then), base::printable(now)),
                              "Their names and rows cannot be compared. Compare each with the "
                              "database, or take both in one encoding."};
        }
    }

    /// What of the database counts: its role need not be able to read the rest.
    [[nodiscard]] bool is_wanted(const pg::RelationName& name) const {
        return names_.has(name) && (!names_.only_of_then || names_then_.contains(name));
    }

    [[nodiscard]] store::FoundDump find_dump(const std::string& reference) const {
        return find_named_dump(
            {.directory = request_.directory,
             .reference = reference,
             .latest = request_.latest,
             .only_parts = store::OnlyParts::newest,
             .command_line = request_.command_line,
             .other_meaning = advice_on_table(reference, {"-t", reference}, request_.command_line)},
            context_);
    }

    /// A pattern that fits nothing is a mistake, and "the same" would hide it.
    void require_tables() const {
        for (std::size_t i = 0; i < names_.patterns.size(); ++i) {
            const bool fits = std::ranges::any_of(report_.tables, [&](const ComparedTable& table) {
                return names_.patterns[i].fits(table.table.schema, table.table.name);
            });
            if (!fits) {
                require_no_partitioned_table(i);
                throw base::Error{
                    base::ErrorKind::usage,
                    fmt::format("no table fits '{}', neither in the dump nor in {}",
                                base::printable(request_.tables[i]),
                                request_.with_dump ? "the other dump" : "the database"),
                    fmt::format("{}Tables of the dump: {}.",
                                pg::advice_on_list(request_.tables[i], "-t"), list_of_tables())};
            }
        }
    }

    /// A dump has the rows of a partitioned table in its partitions.
    void require_no_partitioned_table(std::size_t pattern) const {
        if (live_ == nullptr) {
            return;
        }
        for (const pg::StateTable& table : live_->state().tables) {
            const bool fits = table.is_elsewhere &&
                              names_.patterns[pattern].fits(table.table.schema, table.table.name);
            const auto partitions =
                fits ? live_->partitions_of(table.table) : std::vector<pg::RelationName>{};
            if (!partitions.empty()) {
                throw base::Error{
                    base::ErrorKind::usage,
                    fmt::format(
                        "{} is partitioned: its rows are compared with those of its "
                        "partitions",
                        base::printable(base::dotted_name(table.table.schema, table.table.name))),
                    fmt::format("Name the partitions: {}",
                                command_for_partitions(table.table, partitions))};
            }
        }
    }

    [[nodiscard]] std::string
    command_for_partitions(const pg::RelationName& table,
                           const std::vector<pg::RelationName>& partitions) const {
        std::vector<std::string> words{"compare", request_.dump};
        // Most often their names begin with the table's.
        const std::string common =
            pg::as_pattern(table.schema) + "." + pg::as_pattern(table.name) + "*";
        const pg::NamePattern pattern{common, "-t"};
        if (std::ranges::all_of(partitions, [&pattern](const pg::RelationName& one) {
                return pattern.fits(one.schema, one.name);
            })) {
            words.insert(words.end(), {"-t", common});
            return request_.command_line.another(words);
        }
        for (const pg::RelationName& one : partitions) {
            words.insert(words.end(),
                         {"-t", pg::as_pattern(one.schema) + "." + pg::as_pattern(one.name)});
        }
        return request_.command_line.another(words);
    }

    [[nodiscard]] std::string list_of_tables() const {
        std::vector<std::string> names;
        for (const pg::StateTable& table : then_->state().tables) {
            names.push_back(base::dotted_name(table.table.schema, table.table.name));
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

    const CompareRequest& request_;
    const Context& context_;
    ComparedNames names_;
    std::unique_ptr<ComparedSide> then_;
    std::unique_ptr<ComparedSide> now_;
    LiveSide* live_ = nullptr;              ///< `now_`, if it is the database
    std::uint64_t row_bytes_ = 0;           ///< of the dump
    std::set<pg::RelationName> names_then_; ///< its tables and sequences
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
