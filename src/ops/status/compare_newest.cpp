#include "ops/status/compare_newest.hpp"

#include "ops/loss/likeness.hpp"

#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>

namespace dbbackup::ops {

namespace {

using store::Manifest;

/// A table with fewer rows may be emptied routinely: a queue, for example.
constexpr std::uint64_t k_many_rows = 1000;

const store::DumpEntry* find_before(const Dumps& dumps,
                                    bool (*is_like)(const Manifest&, const Manifest&)) {
    const auto found = std::find_if(dumps.begin() + 1, dumps.end(), [&](const auto* dump) {
        return is_like(*dumps.front()->manifest, *dump->manifest);
    });
    return found == dumps.end() ? nullptr : *found;
}

/// What to do about a dump that differs much from the previous one, `before`.
std::string advice(const store::DumpEntry& before) {
    return fmt::format("If this was not intended, keep the previous dump: dbbackup pin {}",
                       base::printable(before.name));
}

using TableName = std::pair<std::string_view, std::string_view>;

std::map<TableName, const Manifest::Table*> tables_of(const store::DumpEntry& dump) {
    std::map<TableName, const Manifest::Table*> tables;
    for (const Manifest::Table& table : dump.manifest->contents.tables) {
        tables.emplace(TableName{table.schema, table.name}, &table);
    }
    return tables;
}

std::string shown(const Manifest::Table& table) {
    return base::printable(table.schema + "." + table.name);
}

void compare_tables(const store::DumpEntry& before, NewestComparison& comparison) {
    const auto tables = tables_of(comparison.newest.dump);
    std::vector<std::string> gone;
    std::vector<const Manifest::Table*> emptied;
    for (const auto& [name, table] : tables_of(before)) {
        const auto found = tables.find(name);
        if (found == tables.end()) {
            gone.push_back(shown(*table));
        } else if (table->rows > 0 && found->second->rows == 0 && found->second->has_data) {
            emptied.push_back(table);
        }
    }
    if (!gone.empty()) {
        comparison.warnings.push_back(
            {.kind = WarningKind::tables_gone,
             .gravity = Gravity::unhealthy,
             .message =
                 fmt::format("{} of the previous dump {} not in the newest: {}",
                             gone.size() == 1 ? "1 table" : fmt::format("{} tables", gone.size()),
                             gone.size() == 1 ? "is" : "are", base::list_some(gone, k_most_shown)),
             .hint = advice(before)});
    }
    if (emptied.empty()) {
        return;
    }
    std::ranges::stable_sort(emptied, std::ranges::greater{}, &Manifest::Table::rows);
    std::vector<std::string> texts;
    texts.reserve(emptied.size());
    for (const Manifest::Table* table : emptied) {
        texts.push_back(fmt::format("{} ({})", shown(*table), base::with_thousands(table->rows)));
    }
    comparison.warnings.push_back(
        {.kind = WarningKind::tables_emptied,
         .gravity = emptied.front()->rows >= k_many_rows ? Gravity::unhealthy : Gravity::told,
         .message = fmt::format("{} lost all rows since the previous dump: {}",
                                emptied.size() == 1 ? "1 table has"
                                                    : fmt::format("{} tables have", emptied.size()),
                                base::list_some(texts, k_most_shown)),
         .hint = advice(before)});
}

void compare_rows(const store::DumpEntry& before, unsigned limit, NewestComparison& comparison) {
    const std::uint64_t was = before.manifest->contents.total_rows();
    const std::uint64_t is = comparison.newest.dump.manifest->contents.total_rows();
    comparison.newest.rows_before = was;
    if (fell_by_more(was, is, limit)) {
        comparison.warnings.push_back(
            {.kind = WarningKind::rows_lost,
             .gravity = Gravity::unhealthy,
             .message = "its newest dump has " + describe_row_loss(was, is, limit),
             .hint = advice(before)});
    }
}

void compare_size(const store::DumpEntry& before, unsigned limit, NewestComparison& comparison) {
    const std::uint64_t is = comparison.newest.dump.size;
    comparison.newest.size_before = before.size;
    if (fell_by_more(before.size, is, limit)) {
        comparison.warnings.push_back(
            {.kind = WarningKind::shrunk,
             .gravity = Gravity::unhealthy,
             .message = "its newest dump takes " + describe_shrinking(before.size, is, limit),
             .hint = advice(before)});
    }
}

} // namespace

NewestComparison compare_newest(const Dumps& good_dumps, const StatusLimits& limits) {
    NewestComparison comparison{.newest = {.dump = *good_dumps.front(),
                                           .size_before = std::nullopt,
                                           .rows_before = std::nullopt},
                                .warnings = {}};
    if (const auto* before = find_before(good_dumps, is_written_alike)) {
        compare_size(*before, limits.max_shrink, comparison);
    }
    const bool knows_rows = good_dumps.front()->manifest->knows_contents();
    const auto* before = knows_rows ? find_before(good_dumps, holds_the_same) : nullptr;
    if (before != nullptr && before->manifest->knows_contents()) {
        compare_rows(*before, limits.max_row_loss, comparison);
        compare_tables(*before, comparison);
    }
    return comparison;
}

} // namespace dbbackup::ops
